/** The client, and a gateway that is killed and started again: it knows nobody any more [RES4]. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { ClientState, MatrixClient } from "../../src/client/index.ts";
import { attach } from "../../src/node/attach.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import { createProxy } from "./proxy.ts";
import { connect, hear, listen, reach } from "./real.ts";

function turns(count: number): Promise<void> {
	return new Promise((resolve) =>
		setImmediate(() => resolve(count > 0 ? turns(count - 1) : undefined)),
	);
}

/** What the client says the moment it is online again. */
function returned(client: MatrixClient): Promise<ClientState> {
	return reach(client, "online");
}

async function restart(
	beforeKill: number,
	turnsBeforeKill: number,
	notYetKnown: number,
): Promise<void> {
	const first = await listen();
	const proxy = await createProxy(first);
	const firstGateway = createGateway();
	attach(first, firstGateway, { authenticate: () => ({}) });
	const options = { backoff: { min: 1, max: 5 } };
	const dropped: unknown[] = [];
	const witness = connect(proxy.server as never, {
		...{ ...options, agentId: "witness", token: "witness" },
	});
	await reach(witness, "online");
	const timmy = connect(proxy.server as never, {
		...{ ...options, agentId: "timmy", token: "timmy" },
		onDropped(message, reason) {
			expect(reason).toBe("unconfirmed");
			dropped.push(Object(message).number);
		},
	});
	await reach(timmy, "online");
	const heard: unknown[] = [];
	witness.on("say", ({ number }) => heard.push(number));
	let said = 0;
	const say = (count: number) => {
		for (let index = 0; index < count; index++)
			timmy.send({ type: "say", number: said++ });
	};

	say(beforeKill);
	await turns(turnsBeforeKill);
	const second = await listen();
	const secondGateway = createGateway();
	const witnessIsBack = returned(witness);
	// Timmy speaks only once the witness can hear him.
	attach(second, secondGateway, {
		authenticate: async (token) => {
			if (token === "timmy") await witnessIsBack;
			return {};
		},
	});
	const isOffline = reach(timmy, "offline");
	proxy.redirect(second);
	say(notYetKnown);
	await isOffline;
	const isOver = hear(witness, "end");
	const isBack = returned(timmy);
	const neverSent = said;
	say(5);
	timmy.send({ type: "end" });

	expect(await isBack).toMatchObject({ resumed: false });
	expect(await witnessIsBack).toMatchObject({ resumed: false });
	await isOver;
	const numbers = Array.from({ length: said }, (_, number) => number);
	expect(heard).toEqual(
		[...new Set(heard)].sort((a, b) => Number(a) - Number(b)),
	);
	expect(
		numbers.filter((n) => !heard.includes(n) && !dropped.includes(n)),
	).toEqual([]);
	expect(heard).toEqual(expect.arrayContaining(numbers.slice(neverSent)));
	expect(dropped.filter((number) => Number(number) >= neverSent)).toEqual([]);
	for (const client of [timmy, witness])
		expect([...client.agents.keys()].sort()).toEqual(["timmy", "witness"]);
	const { agents } = secondGateway.status();
	expect(agents.map(({ state }) => state)).toEqual(["online", "online"]);

	for (const client of [timmy, witness]) client.dispose();
	proxy.close();
	await Promise.all([firstGateway.close(), secondGateway.close()]);
}

it("is told that it starts over, loses nothing silently and repeats nothing [RES4]", async () => {
	const small = fc.integer({ min: 0, max: 30 });
	await fc.assert(fc.asyncProperty(small, small, small, restart), {
		numRuns: 20,
		endOnFailure: true,
	});
}, 60_000);
