/**
 * The client and the gateway itself, on connections that are cut at any byte: what is
 * sent arrives exactly once and in order, both ways, and nobody sees anyone leave [RES].
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import type {
	ClientState,
	MatrixClient,
	MatrixClientOptions,
} from "../../src/client/index.ts";
import { attach } from "../../src/node/attach.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import { type Cut, createProxy } from "./proxy.ts";
import { connect, hear, listen, reach } from "./real.ts";

/** One who talks and listens, and what there was to hear. */
interface Party {
	readonly agentId: string;
	readonly client: MatrixClient;
	/** By who said it: numbers, with a mark where they were said to this party alone. */
	readonly heard: Map<unknown, string[]>;
	readonly states: ClientState[];
	/** Who was seen to come or go. */
	readonly presence: unknown[];
	readonly dropped: unknown[];
}

type Server = Awaited<ReturnType<typeof listen>>;

const FAST = { backoff: { min: 1, max: 5 }, connectTimeout: 2_000 };

async function join(
	server: Server,
	agentId: string,
	options: Partial<MatrixClientOptions> = {},
): Promise<Party> {
	const dropped: unknown[] = [];
	const client = connect(server, {
		agentId,
		...FAST,
		onDropped: (message, reason) => dropped.push({ ...message, reason }),
		...options,
	});
	const heard = new Map<unknown, string[]>();
	client.on("say", ({ agentId: who, number, target_id }) => {
		const list = heard.get(who) ?? [];
		heard.set(who, list);
		list.push(`${number}${target_id ? "!" : ""}`);
	});
	client.on("ask", (message) => {
		client.reply(message, { type: "answer", number: message.number });
	});
	await reach(client, "online");
	return { agentId, client, heard, states: [], presence: [], dropped };
}

/** From here on nobody should see a change. */
function watch({ client, states, presence }: Party): void {
	client.onState((state) => states.push(state));
	client.on("agent_joined", (message) => presence.push(message));
	client.on("agent_left", (message) => presence.push(message));
	client.onAgents(() => presence.push("a new roster"));
}

function turn(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}

const COUNT = 100;
const NUMBERS = Array.from({ length: COUNT }, (_, number) => `${number}`);
const PATIENCE = { timeout: 0 };

/** Speaks to all and to one, asks and delivers, some of it in each turn. */
async function talk({ client, agentId }: Party, to: string): Promise<void> {
	const answers: Promise<unknown>[] = [];
	for (let number = 0; number < COUNT; number++) {
		client.send({ type: "say", agentId, number });
		client.sendTo(to, { type: "say", agentId, number });
		if (number % 20 === 0) {
			const answer = client.request(to, { type: "ask", number }, PATIENCE);
			answers.push(answer.then((message) => message.number));
			answers.push(client.deliver(to, { type: "news" }, PATIENCE));
		}
		if (number % 5 === 0) await turn();
	}
	expect(await Promise.all(answers)).toEqual(
		[0, 20, 40, 60, 80].flatMap((number) => [number, "delivered"]),
	);
	client.send({ type: `end of ${agentId}` });
}

const RUNS = Number(process.env.SURVIVING_RUNS ?? 15);

const CUT: fc.Arbitrary<Cut> = fc.record({
	toward: fc.constantFrom("client", "server"),
	after: fc.integer({ min: 1, max: 4_000 }),
	// An end that is not told finds out by the heartbeat, which takes its time: two seconds.
	told: fc.oneof(
		{ weight: 40, arbitrary: fc.constantFrom("both", "client") },
		{ weight: 1, arbitrary: fc.constant("server") },
	),
});

const CUTS = fc.array(CUT, { minLength: 5, maxLength: 20, size: "max" });

async function survive(cutsOfTimmy: Cut[], cutsOfPerplexity: Cut[]) {
	const server = await listen();
	const gateway = createGateway({ heartbeatInterval: 100 });
	attach(server, gateway);
	const proxies = [
		await createProxy(server),
		await createProxy(server),
	] as const;
	const timmy = await join(proxies[0].server as Server, "timmy");
	const perplexity = await join(proxies[1].server as Server, "perplexity");
	const witness = await join(server, "witness");
	const met = [timmy, perplexity].map(({ client }) => hear(client, "hello"));
	witness.client.send({ type: "hello" });
	await Promise.all(met);
	const all = [timmy, perplexity, witness];
	for (const party of all) watch(party);
	proxies[0].cut(cutsOfTimmy);
	proxies[1].cut(cutsOfPerplexity);
	await Promise.all([
		hear(witness.client, "end of timmy"),
		hear(witness.client, "end of perplexity"),
		hear(timmy.client, "end of perplexity"),
		hear(perplexity.client, "end of timmy"),
		talk(timmy, "perplexity"),
		talk(perplexity, "timmy"),
	]);
	const both = NUMBERS.flatMap((number) => [number, `${number}!`]);
	expect(timmy.heard.get("perplexity")).toEqual(both);
	expect(perplexity.heard.get("timmy")).toEqual(both);
	expect(witness.heard.get("timmy")).toEqual(NUMBERS);
	expect(witness.heard.get("perplexity")).toEqual(NUMBERS);
	for (const { presence, dropped, states } of all) {
		expect([presence, dropped]).toEqual([[], []]);
		for (const state of states)
			if (state.status === "online") expect(state.resumed).toBe(true);
	}
	for (const { client } of all) client.dispose();
	for (const proxy of proxies) proxy.close();
	await gateway.close();
	expect(gateway.status().agents).toEqual([]);
	return proxies[0].made + proxies[1].made;
}

it("loses, repeats and reorders nothing where connections are cut at any byte [RES3]", async () => {
	let made = 0;
	const property = fc.asyncProperty(CUTS, CUTS, async (first, second) => {
		made += await survive(first, second);
	});
	await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
	expect(made, "enough was cut to mean something").toBeGreaterThan(50);
}, 120_000);
