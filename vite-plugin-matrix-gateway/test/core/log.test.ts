import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import type { GatewayOptions } from "../../src/core/protocol/options.ts";
import { KEPT_OVERHEAD } from "../../src/core/world/broadcast-log.ts";
import type { Client } from "./support/client.ts";
import { frameSize } from "./support/frame.ts";
import { createWorld } from "./support/world.ts";

const TEXT = '{"type":"bark","text":"a message of some length"}';
const frame = frameSize(TEXT) + KEPT_OVERHEAD;

/** Bytes of all buffers that anyone still holds, once the collector has come to rest. */
async function heldBytes(): Promise<number> {
	setFlagsFromString("--expose-gc");
	const collect = runInNewContext("gc") as () => void;
	let bytes = Number.NaN;
	for (let same = 0; same < 5; ) {
		collect();
		await new Promise(setImmediate);
		const now = process.memoryUsage().arrayBuffers;
		same = now === bytes ? same + 1 : 0;
		bytes = now;
	}
	return bytes;
}

/** An agent that says 100 kB at a time, and a newcomer for whom it is kept. */
async function arrangeBarks(options?: GatewayOptions) {
	const { agent, connect, host } = createWorld(options);
	const timmy = agent("timmy");
	const newcomer = connect();
	// What is written is not to count as held.
	for (const { socket } of [timmy, newcomer]) socket.writeFrames = () => 0;
	const before = await heldBytes();
	const bark = (times: number) => {
		for (let i = 0; i < times; i++)
			timmy.send({ type: "bark", text: "x".repeat(100_000) });
		host.turn();
	};
	const held = async () => (await heldBytes()) - before;
	return { newcomer, host, bark, held };
}

describe("what the log keeps for new connections", () => {
	test("LOG2 up to its bound a viewer misses nothing", () => {
		const { agent, connect, host } = createWorld({ maxLogBytes: 3 * frame });
		const timmy = agent("timmy");
		const viewer = connect();
		for (let i = 0; i < 3; i++) timmy.send(TEXT);
		host.advance(250);
		expect(viewer.texts().slice(1)).toEqual([TEXT, TEXT, TEXT]);
	});

	test("LOG2 a viewer that fell out of it gets a fresh cut without a hole", () => {
		const { agent, connect, host } = createWorld({ maxLogBytes: 3 * frame });
		const timmy = agent("timmy");
		const viewer = connect();
		agent("perplexity");
		for (let i = 0; i < 4; i++) timmy.send(TEXT);
		host.advance(250);
		timmy.send({ type: "after" });
		expect(viewer.messages()).toMatchObject([
			{
				type: "gateway_hello",
				agents: [{ agentId: "timmy" }, { agentId: "perplexity" }],
			},
			{ type: "after" },
		]);
	});

	test("LOG2 presence that was lost with it is in the fresh roster", () => {
		const { agent, connect, host } = createWorld({ maxLogBytes: frame });
		const timmy = agent("timmy", "bridge");
		const viewer = connect();
		timmy.close();
		const other = agent("perplexity", "bot");
		other.send(TEXT);
		host.advance(250);
		other.unregister("perplexity");
		expect(viewer.messages()).toMatchObject([
			{ agents: [{ agentId: "perplexity", role: "bot" }] },
			{ type: "agent_left", agentId: "perplexity", role: "bot" },
		]);
	});

	test("LOG2 one that opened later may still be within it", () => {
		const { agent, connect, host } = createWorld({ maxLogBytes: 3 * frame });
		const timmy = agent("timmy");
		const early = connect();
		timmy.send(TEXT);
		timmy.send(TEXT);
		const late = connect();
		timmy.send(TEXT);
		timmy.send(TEXT);
		host.advance(250);
		expect(early.texts().slice(1)).toEqual([]);
		expect(late.texts().slice(1)).toEqual([TEXT, TEXT]);
	});

	test("LOG2 a frame that is larger than the log leaves it empty", () => {
		const { agent, connect, host } = createWorld({ maxLogBytes: frame - 1 });
		const timmy = agent("timmy");
		const viewer = connect();
		timmy.send(TEXT);
		host.advance(250);
		expect(viewer.texts().slice(1)).toEqual([]);
		const next = connect();
		timmy.send('{"type":"a"}');
		host.advance(250);
		expect(next.texts().slice(1)).toEqual(['{"type":"a"}']);
	});

	test("LOG2 with 0 a viewer starts where it becomes one", () => {
		const { agent, connect, host } = createWorld({ maxLogBytes: 0 });
		const timmy = agent("timmy");
		const viewer = connect();
		timmy.send(TEXT);
		host.advance(250);
		timmy.send(TEXT);
		expect(viewer.texts().slice(1)).toEqual([TEXT]);
	});

	test("LOG2 directed messages take no room in it", () => {
		const { agent, connect, host } = createWorld({ maxLogBytes: frame });
		const timmy = agent("timmy");
		const viewer = connect();
		timmy.send(TEXT);
		for (let i = 0; i < 10; i++)
			timmy.send({ type: "note", target_id: "timmy" });
		host.advance(250);
		expect(viewer.texts().slice(1)).toEqual([TEXT]);
	});

	test("LOG2 room that one no longer needs is there for the next", () => {
		const { agent, connect, host } = createWorld({ maxLogBytes: 3 * frame });
		const timmy = agent("timmy");
		for (let round = 0; round < 5; round++) {
			const viewer = connect();
			for (let i = 0; i < 3; i++) timmy.send(TEXT);
			host.advance(250);
			expect(viewer.texts().slice(1)).toEqual([TEXT, TEXT, TEXT]);
		}
	});

	test("LOG2 room is made while others still wait", () => {
		const { agent, connect, host } = createWorld({ maxLogBytes: 3 * frame });
		const timmy = agent("timmy");
		const first = connect();
		timmy.send(TEXT);
		timmy.send(TEXT);
		const second = connect();
		first.close();
		for (let i = 0; i < 3; i++) timmy.send(TEXT);
		host.advance(250);
		expect(second.texts().slice(1)).toEqual([TEXT, TEXT, TEXT]);
	});

	test.each([
		["has registered", (client: Client) => client.register("late")],
		["has become a viewer", (client: Client) => client.send("{")],
		["has gone", (client: Client) => client.close()],
	])(
		"LOG2 what is kept is let go once the last that may need it %s",
		async (_, settle) => {
			const { newcomer, host, bark, held } = await arrangeBarks();
			bark(100);
			expect(await held()).toBeGreaterThan(9_000_000);
			settle(newcomer);
			host.turn();
			expect(await held()).toBeLessThan(1_000_000);
		},
	);

	test("LOG2 what fell out of it is let go at once", async () => {
		const maxLogBytes = 10_000_000;
		const { bark, held } = await arrangeBarks({ maxLogBytes });
		bark(190);
		expect(await held()).toBeLessThan(maxLogBytes);
	});

	test("LOG1 new connections that end in any order leave the others' cut whole", () => {
		const { agent, connect, host } = createWorld();
		const timmy = agent("timmy");
		const clients = [0, 1, 2, 3].map((i) => {
			const client = connect();
			timmy.send({ type: `${i}` });
			return client;
		});
		clients[2]?.register("perplexity");
		clients[0]?.close();
		timmy.send({ type: "4" });
		host.advance(250);
		expect(clients[1]?.types()).toEqual([
			"gateway_hello",
			"1",
			"2",
			"3",
			"agent_joined",
			"4",
		]);
		expect(clients[3]?.types()).toEqual([
			"gateway_hello",
			"3",
			"agent_joined",
			"4",
		]);
	});
});
