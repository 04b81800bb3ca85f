/** How much one connection may send, and who is named for what others were closed for. */
import { describe, expect, test } from "vitest";
import type { GatewayEvent } from "../../src/core/edge/events.ts";
import { createIntake } from "../../src/core/edge/intake.ts";
import { resolveOptions } from "../../src/core/protocol/options.ts";
import { createFakeHost } from "./support/host.ts";
import { createWorld, isImmediate, MARKER } from "./support/world.ts";

const NONE = {
	...{ maxMessagesPerSecond: 0, maxBytesPerSecond: 0 },
	heartbeatInterval: 0,
};
const TEN = { ...NONE, maxMessagesPerSecond: 10, messageBurst: 20 };
const NOTE = { type: "note" };

/** The answer to what is too much. */
function limited(retryAfter: number, rest: object = {}): object {
	const message = expect.any(String);
	const type = "gateway_error";
	return { ...{ type, code: "rate_limited", message, retryAfter }, ...rest };
}

describe("messages a second", () => {
	test("ERR5 a burst passes, one more is refused with the time it takes, and passes after it", () => {
		const { viewer, host, gateway } = createWorld(TEN);
		const watcher = viewer();
		const sender = viewer();
		for (let n = 0; n < 21; n++) sender.send(NOTE);
		expect(watcher.messages()).toHaveLength(20);
		expect(sender.messages()).toEqual([limited(0.1)]);
		host.advance(99);
		sender.send(NOTE);
		expect(sender.messages()).toEqual([limited(0.001)]);
		host.advance(1);
		sender.send(NOTE);
		expect(sender.messages()).toEqual([]);
		expect(watcher.messages()).toEqual([NOTE]);
		expect(gateway.status().totals).toMatchObject({ limited: 2, errors: 2 });
	});

	test("ERR5 who keeps to the rate is never refused, and silence gives the burst back, once", () => {
		const { viewer, host } = createWorld(TEN);
		const sender = viewer();
		for (let n = 0; n < 300; n++) {
			sender.send(NOTE);
			host.advance(100);
		}
		expect(sender.messages()).toEqual([]);
		host.advance(60_000);
		for (let n = 0; n < 22; n++) sender.send(NOTE);
		expect(sender.messages()).toEqual([limited(0.1), limited(0.1)]);
	});

	test("ERR5 ERR2 who goes on all the same is closed with 4202, and nobody else", () => {
		const { viewer } = createWorld(TEN);
		const watcher = viewer();
		const sender = viewer();
		for (let n = 0; n < 20 + 499; n++) sender.send(NOTE);
		expect(sender.socket.closing).toBeUndefined();
		// So many of them as of other errors are answered [ERR2].
		expect(sender.messages()).toHaveLength(50);
		for (let n = 0; n < 10; n++) sender.send(NOTE);
		sender.messages();
		expect(sender.socket.closing).toMatchObject({ code: 4202 });
		expect(watcher.messages()).toHaveLength(20);
		watcher.send(NOTE);
		expect(watcher.socket.closing).toBeUndefined();
	});

	test.each([
		["a ping", { type: "ping" }, {}],
		[
			"what is directed, with its receipt",
			{ ...NOTE, target_id: "x", receipt: "r" },
			{ receipt: "r" },
		],
		[
			"a registration, with its name",
			{ type: "agent_register", agentId: "timmy" },
			{ agentId: "timmy" },
		],
		["one whose name is none", { type: "agent_register", agentId: "" }, {}],
	])("ERR5 %s is refused as well", (_, message, rest) => {
		const { viewer } = createWorld({ ...TEN, messageBurst: 1 });
		const sender = viewer();
		sender.send(NOTE);
		sender.send(message);
		expect(sender.messages()).toEqual([limited(0.1, rest)]);
	});

	test("ERR5 what is malformed or binary counts, and is told what is wrong with it", () => {
		const { viewer } = createWorld({ ...TEN, messageBurst: 2 });
		const sender = viewer();
		sender.send("{");
		sender.sendBytes(new Uint8Array(3), true);
		sender.send("{");
		sender.send(NOTE);
		const codes = sender.messages().map(({ code }) => code);
		expect(codes).toEqual([
			"bad_message",
			"not_text",
			"bad_message",
			"rate_limited",
		]);
	});

	test("RES2 ERR5 a session counts what is refused", () => {
		const { connect, host } = createWorld({ ...TEN, messageBurst: 3 });
		const timmy = connect();
		timmy.send({ type: "agent_register", agentId: "timmy", resume: true });
		for (let n = 0; n < 4; n++) timmy.send(NOTE);
		host.advance(1_000);
		timmy.send({ type: "ping" });
		const [pong] = timmy.messages().filter(({ type }) => type === "pong");
		expect(pong).toEqual({ type: "pong", received: 4 });
	});
});

describe("bytes a second", () => {
	const bytes = { ...NONE, maxPayload: 1_000, maxBytesPerSecond: 1_000 };
	const hundred = `{"type":"t","x":"${"*".repeat(100 - 19)}"}`;

	test("ERR5 are limited in the same way", () => {
		const { viewer, host } = createWorld({ ...bytes, byteBurst: 2_000 });
		const sender = viewer();
		for (let n = 0; n < 20; n++) sender.send(hundred);
		sender.send(hundred);
		expect(sender.messages()).toEqual([limited(0.1)]);
		host.advance(100);
		sender.send(hundred);
		expect(sender.messages()).toEqual([]);
	});

	test("ERR5 the largest message has room in any case", () => {
		const { viewer, host } = createWorld({ ...bytes, byteBurst: 1 });
		const sender = viewer();
		for (let n = 0; n < 10; n++) sender.send(hundred);
		sender.send(MARKER);
		expect(sender.messages()).toEqual([limited(0.017)]);
		host.advance(1_000);
		for (let n = 0; n < 10; n++) sender.send(hundred);
		expect(sender.messages()).toEqual([]);
	});
});

describe("the defaults", () => {
	/** What is refused of so many messages in each of so many milliseconds. */
	function refused(options: object, bytes: number, counts: number[]): number {
		const intake = createIntake(resolveOptions(options));
		const account = { messageDebt: 0, byteDebt: 0, lastMessageAt: 0 };
		let count = 0;
		for (const [now, messages] of counts.entries())
			for (let n = 0; n < messages; n++)
				if (intake(account, bytes, now) > 0) count++;
		return count;
	}

	test.each([
		["the fastest sender of the benchmarks, 123,000 a second", 206, 123],
		["large messages, 500 of 250 kB a second", 250_000, 0.5],
	])("ERR5 let %s through, for as long as it likes", (_, bytes, each) => {
		const counts = Array.from(
			{ length: 6_000 },
			(_, now) => Math.floor((now + 1) * each) - Math.floor(now * each),
		);
		expect(refused({}, bytes, counts)).toBe(0);
	});

	test("ERR5 and a burst of 500,000, or of 256 MiB, and no more", () => {
		expect(refused({}, 100, [500_002])).toBe(2);
		expect(refused({}, 262_144, [1_026])).toBe(2);
	});

	test("ERR5 0 a second is no limit", () => {
		expect(refused(NONE, 262_144, [1_000_000])).toBe(0);
	});
});

test.each([
	["maxMessagesPerSecond", -1],
	["messageBurst", 0],
	["maxBytesPerSecond", Number.NaN],
	["byteBurst", 0],
	["maxAgentsPerConnection", 0],
])("ERR5 %s is no %d", (name, value) => {
	expect(() => createWorld({ [name]: value })).toThrow(RangeError);
});

test("REG7 a registration that comes too often is told when to come again", () => {
	const { viewer, host } = createWorld();
	const client = viewer();
	const register = () => client.send({ type: "agent_register", agentId: "a" });
	for (let n = 0; n < 128; n++) register();
	client.messages();
	register();
	expect(client.messages()).toEqual([limited(0.1, { agentId: "a" })]);
	host.advance(100);
	register();
	expect(client.types()).toEqual(["agent_registered"]);
});

test("REG1 as many agents as the host says", () => {
	const { agent } = createWorld({ maxAgentsPerConnection: 2 });
	const client = agent("a");
	client.send({ type: "agent_register", agentId: "b" });
	client.messages();
	client.send({ type: "agent_register", agentId: "c" });
	client.send({ type: "agent_register", agentId: "b" });
	expect(client.messages()).toMatchObject([
		{
			code: "too_many_agents",
			agentId: "c",
			message: "a connection has at most 2 agents",
		},
		{ type: "agent_registered", agentId: "b" },
	]);
});

describe.skipIf(!isImmediate)("who is named where others are too slow", () => {
	function watched() {
		const host = createFakeHost();
		const events: GatewayEvent[] = [];
		Object.assign(host, {
			onEvent: (event: GatewayEvent) => events.push(event),
		});
		const world = createWorld({ maxBufferedBytes: 1_000 }, host);
		const loudest = () =>
			events.flatMap((event) =>
				event.event === "closing" ? [event.loudest] : [],
			);
		return { ...world, loudest };
	}

	test("HTTP5 the one that has sent the most lately, and its part of it", () => {
		const { agent, viewer, host, loudest, gateway } = watched();
		const loud = agent("loud");
		const soft = agent("soft");
		const slow = viewer();
		soft.send({ type: "t", x: "*".repeat(40) });
		loud.send({ type: "t", x: "*".repeat(4_000) });
		host.turn();
		slow.socket.bufferedBytes = 2_000;
		soft.send(NOTE);
		host.turn();
		expect(loudest()).toEqual([
			{ connectionId: loud.id, agentId: "loud", share: 0.97 },
		]);
		const [first] = gateway.status().agents;
		expect(first?.receivedBytes).toBeGreaterThan(4_000);
	});

	test("HTTP5 what is long ago is forgotten", () => {
		const { agent, viewer, host, loudest } = watched();
		const loud = agent("loud");
		const soft = agent("soft");
		loud.send({ type: "t", x: "*".repeat(4_000) });
		host.advance(10_000);
		const slow = viewer();
		soft.send({ type: "t", x: "*".repeat(4_000) });
		host.turn();
		slow.socket.bufferedBytes = 2_000;
		soft.send(NOTE);
		host.turn();
		expect(loudest()).toEqual([
			{ connectionId: soft.id, agentId: "soft", share: 1 },
		]);
	});

	test("HTTP5 a connection that has no agent, by its id alone", () => {
		const { viewer, host, loudest } = watched();
		const [loud, slow] = [viewer(), viewer()];
		loud.send({ type: "t", x: "*".repeat(4_000) });
		host.turn();
		slow.socket.bufferedBytes = 2_000;
		loud.send(NOTE);
		host.turn();
		expect(loudest()).toEqual([{ connectionId: loud.id, share: 1 }]);
	});
});
