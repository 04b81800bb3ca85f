import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Client, Message } from "./support/client.ts";
import { createModel, type Model } from "./support/model.ts";
import { inWords, replayPresence } from "./support/words.ts";
import { createWorld, type World } from "./support/world.ts";

const CONNECTIONS = 6;

const step = <Do extends string>(what: Do) =>
	fc.record({
		do: fc.constant(what),
		who: fc.nat(CONNECTIONS - 1),
		name: fc.constantFrom("a", "b", "c", "__proto__"),
		role: fc.constantFrom("agent", "agent", "browser"),
	});

const anyStep = fc.oneof(
	{ weight: 3, arbitrary: step("open") },
	{ weight: 5, arbitrary: step("register") },
	{ weight: 2, arbitrary: step("unregister") },
	{ weight: 6, arbitrary: step("broadcast") },
	{ weight: 4, arbitrary: step("direct") },
	{ weight: 2, arbitrary: step("close") },
	{ weight: 2, arbitrary: step("turn") },
	{ weight: 1, arbitrary: step("deadline") },
);

type Step = ReturnType<typeof anyStep.generate>["value"];

interface Run {
	readonly world: World;
	readonly model: Model;
	readonly clients: Client[];
	/** All that each client has been sent. */
	readonly streams: Message[][];
}

/** Does the same things to the gateway and to the model. */
function play(steps: readonly Step[]): Run {
	const world = createWorld({ heartbeatInterval: 0 });
	const run: Run = { world, model: createModel(), clients: [], streams: [] };
	steps.forEach((step, index) => {
		playStep(run, step, `message-${index}`);
	});
	collect(run);
	return run;
}

function playStep(run: Run, { do: what, who, name, role }: Step, type: string) {
	const { model, world, clients, streams } = run;
	const client = clients[who];
	if (what === "open" && clients.length < CONNECTIONS) {
		clients.push(world.connect(undefined, clients.length % 2 === 1));
		streams.push([]);
		model.open();
	}
	if (what === "turn") collect(run);
	if (what === "deadline") {
		world.host.advance(250);
		model.deadline();
	}
	if (!client) return;
	if (what === "register") {
		client.register(name, role);
		model.register(who, name, role);
	}
	if (what === "unregister") {
		client.unregister(name);
		model.unregister(who, name);
	}
	if (what === "broadcast") {
		client.send({ type });
		model.broadcast(who, type);
	}
	if (what === "direct") {
		client.send({ type, target_id: name });
		model.direct(who, type, name);
	}
	if (what === "close") {
		// The model knows at once whom the gateway has closed before.
		client.settle();
		client.close();
		model.close(who);
	}
}

/** Ends the turn; every client that is open, or that the gateway closed, has got all of its own. */
function collect({ model, clients, streams }: Run): void {
	clients.forEach((client, index) => {
		const stream = streams[index];
		stream?.push(...client.messages());
		const connection = model.connections[index];
		const words = stream?.map(inWords);
		// What waited for a client that went by itself is dropped.
		const went = connection?.state === "closed" && !connection.code;
		const expected = connection?.inbox;
		expect(words).toEqual(went ? expected?.slice(0, words?.length) : expected);
		expect(client.socket.closing?.code).toBe(connection?.code);
	});
}

const steps = fc.array(anyStep, { maxLength: 80, size: "max" });
const runs = { numRuns: Number(process.env.MODEL_RUNS ?? 200) };

describe("any interleaving", () => {
	test("RT1 RT2 RT3 RT5 REG2-6 every observer's stream is the model's: its order, exactly once, its sender left out", () => {
		fc.assert(
			fc.property(steps, (steps) => {
				const { world, model } = play(steps);
				const { agents } = world.gateway.status();
				const names = agents.map(({ agentId, role }) => `${agentId}:${role}`);
				expect(names.sort()).toEqual(model.roster());
				world.end();
			}),
			runs,
		);
	});

	test("PR1 PR2 REG6 joined and left alternate for every observer, and lead from its roster to the registry", () => {
		fc.assert(
			fc.property(steps, (steps) => {
				const { world, model, streams } = play(steps);
				streams.forEach((stream, index) => {
					const present = replayPresence(stream);
					if (model.connections[index]?.state === "live")
						expect(present).toEqual(model.roster());
				});
				world.end();
			}),
			runs,
		);
	});
});
