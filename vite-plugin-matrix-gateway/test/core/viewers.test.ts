import { describe, expect, test } from "vitest";
import { createFakeHost } from "./support/host.ts";
import { stepTurns } from "./support/turns.ts";
import { createWorld, MARKER } from "./support/world.ts";

describe("viewers", () => {
	test("REG4 250 ms of silence make a new connection a viewer", () => {
		const { agent, connect, host } = createWorld();
		agent("timmy", "bridge");
		const viewer = connect();
		host.advance(249);
		expect(viewer.messages()).toEqual([]);
		host.advance(1);
		expect(viewer.messages()).toEqual([
			{
				type: "gateway_hello",
				protocol: 1,
				connectionId: viewer.id,
				heartbeat: 30,
				maxPayload: 262_144,
				agents: [{ agentId: "timmy", role: "bridge" }],
			},
		]);
	});

	test("REG4 the silence is an option", () => {
		const { connect, host } = createWorld({ registerTimeout: 10 });
		const viewer = connect();
		host.advance(10);
		expect(viewer.types()).toEqual(["gateway_hello"]);
	});

	test("REG4 any other first message makes it a viewer at once, and is done", () => {
		const { connect, viewer } = createWorld();
		const watcher = viewer();
		const visitor = connect();
		visitor.send(MARKER);
		expect(visitor.types()).toEqual(["gateway_hello"]);
		expect(watcher.messages()).toEqual([MARKER]);
	});

	test.each([
		["a ping", '{"type":"ping"}', "pong"],
		["no JSON", "hello", "gateway_error"],
		["a reserved type", '{"type":"gateway_x"}', "gateway_error"],
		["an unregister", '{"type":"agent_unregister"}', "gateway_error"],
		["a refused register", '{"type":"agent_register"}', "gateway_error"],
	])(
		"REG4 %s as a first message is answered after the greeting",
		(_, text, answer) => {
			const { connect, host } = createWorld();
			const viewer = connect();
			viewer.send(text);
			expect(viewer.types()).toEqual(["gateway_hello", answer]);
			host.advance(1_000);
			expect(viewer.types()).toEqual([]);
		},
	);

	test("REG4 binary as a first message is answered after the greeting", () => {
		const { connect } = createWorld();
		const viewer = connect();
		viewer.sendBytes(new Uint8Array([1, 2, 3]), true);
		expect(viewer.types()).toEqual(["gateway_hello", "gateway_error"]);
	});

	test("REG4 everything ordered since it opened follows the greeting, once", () => {
		const { agent, connect, host } = createWorld();
		const timmy = agent("timmy");
		timmy.send({ type: "before" });
		const viewer = connect();
		timmy.send({ type: "one" });
		host.turn();
		agent("perplexity");
		timmy.send({ type: "two" });
		host.advance(250);
		timmy.send({ type: "three" });
		const messages = viewer.messages();
		expect(messages.map(({ type }) => type)).toEqual([
			"gateway_hello",
			"one",
			"agent_joined",
			"two",
			"three",
		]);
		expect(messages[0]).toMatchObject({
			agents: [{ agentId: "timmy", role: "agent" }],
		});
	});

	test("REG4 what is directed to others is not among it", () => {
		const { agent, connect, host } = createWorld();
		const timmy = agent("timmy");
		agent("perplexity");
		const viewer = connect();
		timmy.send({ type: "secret", target_id: "perplexity" });
		host.advance(250);
		timmy.send(MARKER);
		expect(viewer.types()).toEqual(["gateway_hello", "marker"]);
	});

	test("REG4 a viewer receives broadcasts and may send both ways", () => {
		const { agent, viewer, forget } = createWorld();
		const timmy = agent("timmy");
		const watcher = viewer();
		forget();
		timmy.send({ type: "bark" });
		watcher.send({ type: "visitor_message", text: "Hi" });
		watcher.send({ type: "agent_message", target_id: "timmy" });
		expect(watcher.types()).toEqual(["bark"]);
		expect(timmy.types()).toEqual(["visitor_message", "agent_message"]);
	});

	test("REG4 a viewer has no presence and is counted", () => {
		const { agent, viewer, gateway } = createWorld();
		const timmy = agent("timmy");
		const watcher = viewer();
		expect(gateway.status()).toMatchObject({ viewers: 1, connections: 2 });
		watcher.close();
		watcher.close();
		agent("perplexity");
		expect(timmy.types()).toEqual(["agent_joined"]);
		expect(gateway.status().viewers).toBe(0);
	});

	test("REG4 a viewer may still register", () => {
		const { agent, viewer } = createWorld();
		const timmy = agent("timmy");
		const late = viewer();
		late.register("perplexity");
		timmy.send({ ...MARKER, target_id: "perplexity" });
		expect(late.types()).toEqual([
			"agent_registered",
			"agent_joined",
			"marker",
		]);
		expect(timmy.types()).toEqual(["agent_joined"]);
	});
});

describe("one cut", () => {
	test("REG6 a viewer's roster and what follows are cut where it opened", () => {
		const { agent, connect, host } = createWorld();
		const timmy = agent("timmy");
		const viewer = connect();
		timmy.close();
		agent("timmy", "bridge");
		agent("perplexity");
		host.advance(250);
		expect(viewer.messages()).toMatchObject([
			{ agents: [{ agentId: "timmy", role: "agent" }] },
			{ type: "agent_left", agentId: "timmy", role: "agent" },
			{ type: "agent_joined", agentId: "timmy", role: "bridge" },
			{ type: "agent_joined", agentId: "perplexity" },
		]);
	});

	test("REG6 an agent's are cut where it registered", () => {
		const { agent, connect } = createWorld();
		const timmy = agent("timmy");
		const newcomer = connect();
		timmy.close();
		agent("perplexity");
		newcomer.register("late");
		agent("later");
		expect(newcomer.messages()).toMatchObject([
			{ agents: [{ agentId: "perplexity" }] },
			{ type: "agent_joined", agentId: "late" },
			{ type: "agent_joined", agentId: "later" },
		]);
	});
});

describe("requireRegistration", () => {
	const strict = { requireRegistration: true };

	test("REG4 the deadline of 2 s closes with 4008 instead of making a viewer", () => {
		const { connect, host } = createWorld(strict);
		const silent = connect();
		host.advance(1_999);
		expect(silent.socket.closing).toBeUndefined();
		host.advance(1);
		expect(silent.socket.closing).toMatchObject({ code: 4008 });
		expect(silent.messages()).toEqual([]);
	});

	test("REG4 whoever registers in time stays", () => {
		const { connect, host } = createWorld(strict);
		const timmy = connect();
		host.advance(1_999);
		timmy.register("timmy");
		host.advance(10_000);
		expect(timmy.socket.closing).toBeUndefined();
		expect(timmy.types()).toEqual(["agent_registered", "agent_joined"]);
	});

	test("REG4 nothing is routed for or to whoever has not registered", () => {
		const { agent, connect } = createWorld(strict);
		const timmy = agent("timmy");
		const stranger = connect();
		stranger.send({ type: "bark" });
		stranger.send({ type: "bark", target_id: "timmy" });
		timmy.send({ type: "secret" });
		expect(stranger.messages()).toMatchObject([
			{ type: "gateway_error", code: "forbidden" },
			{ type: "gateway_error", code: "forbidden" },
		]);
		stranger.register("late");
		expect(timmy.types()).toEqual(["agent_joined"]);
		expect(stranger.types()).toEqual(["agent_registered", "agent_joined"]);
	});

	test("REG4 a refused register does not put off the deadline", () => {
		const { connect, host } = createWorld(strict);
		const stranger = connect();
		host.advance(1_000);
		stranger.register("");
		stranger.send({ type: "ping" });
		expect(stranger.types()).toEqual(["gateway_error", "pong"]);
		host.advance(1_000);
		expect(stranger.socket.closing).toMatchObject({ code: 4008 });
	});

	test("REG4 who has taken off its last agent has the deadline again", () => {
		const { agent, host } = createWorld(strict);
		const timmy = agent("timmy");
		const back = agent("back");
		timmy.unregister("timmy");
		back.unregister("back");
		host.advance(1_999);
		back.register("back");
		host.advance(1);
		expect(timmy.socket.closing).toMatchObject({ code: 4008 });
		host.advance(10_000);
		expect(back.socket.closing).toBeUndefined();
	});

	test("REG4 a deadline of its own may be set", () => {
		const { connect, host } = createWorld({ ...strict, registerTimeout: 20 });
		const silent = connect();
		host.advance(20);
		expect(silent.socket.closing?.code).toBe(4008);
	});

	describe("REG4 many whose silence is over at once, and who have missed much", () => {
		/** Each turn by itself, and who has been greeted by then. */
		function arrange(count: number) {
			const host = createFakeHost();
			const world = createWorld({ heartbeatInterval: 0 }, host);
			const timmy = world.agent("timmy");
			const newcomers = Array.from({ length: count }, () => world.connect());
			for (let n = 0; n < 6; n++)
				timmy.send({ type: `missed-${n}`, text: "x".repeat(100_000) });
			const greeted = () =>
				newcomers.filter(({ socket }) => socket.writes.length > 0).length;
			return { ...world, newcomers, greeted, ...stepTurns(host) };
		}

		const EXPECTED = [
			"gateway_hello",
			...Array.from({ length: 6 }, (_, n) => `missed-${n}`),
		];

		test("are greeted a few in a turn, and miss nothing", () => {
			const { host, newcomers, greeted, turn, end } = arrange(5);
			host.advance(250);
			const counts = Array.from({ length: 4 }, () => {
				turn();
				return greeted();
			});
			expect(counts[0]).toBeLessThanOrEqual(2);
			expect(counts).toEqual(counts.toSorted((one, other) => one - other));
			expect(counts[3]).toBeLessThan(5);
			end();
			for (const newcomer of newcomers)
				expect(newcomer.types()).toEqual(EXPECTED);
		});

		test("may register, or go, before it is their turn", () => {
			const { host, newcomers, end, gateway } = arrange(5);
			const [, , , registering, leaving] = newcomers;
			host.advance(250);
			registering?.register("late");
			leaving?.socket.terminate();
			end();
			const types = registering?.types() ?? [];
			expect(types).toContain("agent_registered");
			expect(types).not.toContain("gateway_hello");
			expect(leaving?.types()).toEqual([]);
			expect(gateway.status().viewers).toBe(3);
		});
	});
});
