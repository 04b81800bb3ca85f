import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Client, Message } from "./support/client.ts";
import { createWorld, MARKER, type World } from "./support/world.ts";

/** Registers with a session, and takes the ack and its own joined. */
function startSession(world: World, agentId: string) {
	const client = world.connect();
	client.send({ type: "agent_register", agentId, resume: true });
	const [ack] = client.messages();
	return { client, session: String(ack?.session), ack };
}

function comeBack(
	world: World,
	agentId: string,
	session: string,
	received: number,
	more = {},
): Client {
	const client = world.connect();
	const resume = { session, received, ...more };
	client.send({ type: "agent_register", agentId, resume });
	return client;
}

const note = (n: number) => ({ type: "note", n });

describe("a session", () => {
	test("RES1 is given with the ack to who asks for it, and once a connection", () => {
		const world = createWorld();
		const { client, ack, session } = startSession(world, "timmy");
		expect(ack).toMatchObject({ type: "agent_registered", resumeWindow: 60 });
		expect(session).toMatch(/^[\w-]+\.[\w-]+$/);
		client.send({ type: "agent_register", agentId: "ada", resume: true });
		expect(client.messages()[0]).toMatchObject({ agentId: "ada", session });
		client.close();
	});

	test("RES1 is not given to who does not ask, nor where there are none", () => {
		const world = createWorld({ resumeWindow: 0 });
		const { ack } = startSession(world, "timmy");
		expect(ack).not.toHaveProperty("session");
		const plain = world.connect();
		plain.register("ada");
		expect(plain.messages()[0]).not.toHaveProperty("session");
	});

	test("RES1 who takes its name off and puts on another at once gets a session of its own", () => {
		const world = createWorld();
		const { client, session } = startSession(world, "timmy");
		client.unregister("timmy");
		client.send({ type: "agent_register", agentId: "ada", resume: true });
		const ack = client.messages().find((message) => message.agentId === "ada");
		expect(ack?.session).toMatch(/^[\w-]+\.[\w-]+$/);
		expect(ack?.session).not.toBe(session);
		client.close(1006);
		const back = comeBack(world, "ada", String(ack?.session), 1);
		expect(back.messages()[0]).toMatchObject({ resumed: true });
	});

	test("RES3 goes on where it was cut: same agents, no left, no joined, nothing lost", () => {
		const world = createWorld();
		const observer = world.agent("observer");
		const { client, session } = startSession(world, "timmy");
		observer.messages();
		observer.send(note(1));
		expect(client.messages()).toEqual([note(1)]);
		client.send(note(10));
		client.send(note(11));
		client.close(1006);
		observer.send(note(2));
		observer.send({ ...note(3), target_id: "timmy" });
		observer.send(note(4));
		// 1 of its own joined, and note 1.
		const back = comeBack(world, "timmy", session, 2);
		expect(back.messages()).toMatchObject([
			{ type: "agent_registered", resumed: true, received: 2, session },
			note(2),
			note(3),
			note(4),
		]);
		observer.send(note(5));
		expect(back.messages()).toEqual([note(5)]);
		back.send(MARKER);
		expect(observer.messages()).toEqual([note(10), note(11), MARKER]);
	});

	test("RES3 the ack of a resume has no roster, and is not counted", () => {
		const world = createWorld();
		const { client, session } = startSession(world, "timmy");
		client.close(1006);
		const first = comeBack(world, "timmy", session, 1);
		const [ack, ...rest] = first.messages();
		expect(ack).not.toHaveProperty("agents");
		expect(rest).toEqual([]);
		first.close(1006);
		const second = comeBack(world, "timmy", session, 1);
		expect(second.messages()).toMatchObject([{ resumed: true }]);
	});

	test("RES3 a resume cuts off the old socket where it still lives", () => {
		const world = createWorld();
		const observer = world.agent("observer");
		const { client, session } = startSession(world, "timmy");
		observer.messages();
		const back = comeBack(world, "timmy", session, 1);
		expect(back.messages()).toMatchObject([{ resumed: true }]);
		expect(client.socket.terminated).toBe(true);
		client.send(note(1));
		client.close();
		back.send(MARKER);
		expect(observer.messages()).toEqual([MARKER]);
		expect(world.gateway.status().agents).toMatchObject([
			{ agentId: "observer" },
			{ agentId: "timmy", state: "online", connectionId: back.id },
		]);
	});

	test("RES3 a slow client may resume as a viewer, and what it got as such comes again", () => {
		const world = createWorld();
		const observer = world.agent("observer");
		const { client, session } = startSession(world, "timmy");
		client.close(1006);
		observer.send(note(1));
		const back = world.connect();
		world.host.advance(250);
		observer.send(note(2));
		expect(back.types()).toEqual(["gateway_hello", "note"]);
		const resume = { session, received: 1 };
		const request = { type: "agent_register", agentId: "timmy", resume };
		back.send(request);
		observer.send(note(3));
		expect(back.messages()).toMatchObject([
			{ type: "agent_registered", resumed: true },
			note(1),
			note(2),
			note(3),
		]);
		back.send(request);
		expect(back.messages()).toMatchObject([{ code: "bad_message" }]);
	});

	test("RES4 a slow client that cannot resume gets the retained messages again", () => {
		const world = createWorld();
		const observer = world.agent("observer");
		observer.send({ type: "thing", retain: { key: "a" } });
		const back = world.viewer();
		const resume = { session: "gone.secret", received: 1 };
		back.send({ type: "agent_register", agentId: "timmy", resume });
		expect(back.messages()).toMatchObject([
			{ type: "agent_registered", resumed: false },
			{ type: "thing" },
			{ type: "agent_joined" },
		]);
	});

	test("RES3 retained messages come after the replay where they are asked for", () => {
		const world = createWorld();
		const observer = world.agent("observer");
		const { client, session } = startSession(world, "timmy");
		client.close(1006);
		const kept = { type: "scene_add", id: "a", retain: { key: "scene/a" } };
		observer.send(kept);
		observer.send(note(1));
		const back = comeBack(world, "timmy", session, 1, { retained: true });
		const resumed = { type: "agent_registered", resumed: true };
		expect(back.messages()).toMatchObject([resumed, kept, note(1), kept]);
		back.close(1006);
		const again = comeBack(world, "timmy", session, 4);
		expect(again.messages()).toMatchObject([{ resumed: true }]);
	});

	test("RCPT2 RES3 what waited is delivered, however much is retained", () => {
		const world = createWorld();
		const asker = world.agent("asker");
		const { client, session } = startSession(world, "timmy");
		client.close(1006);
		const text = "x".repeat(200_000);
		for (let n = 0; n < 6; n++)
			asker.send({ ...note(n), text, retain: { key: `${n}` } });
		asker.send({ ...note(9), target_id: "timmy", receipt: "r" });
		asker.messages();
		const back = comeBack(world, "timmy", session, 1, { retained: true });
		const got = back.messages().map(({ n }) => n);
		expect(got.slice(1)).toEqual([0, 1, 2, 3, 4, 5, 9, 0, 1, 2, 3, 4, 5]);
		expect(asker.messages()).toMatchObject([{ id: "r", status: "delivered" }]);
	});

	test("RES2 counts every message but ping and pong, whatever becomes of it", () => {
		const world = createWorld();
		const { client, session } = startSession(world, "timmy");
		client.send("not json");
		client.sendBytes(new Uint8Array([1]), true);
		client.send({ type: "gateway_hello" });
		client.send({ type: "note", target_id: "nobody" });
		client.send({ type: "ping" });
		client.send({ type: "agent_register", agentId: "ada" });
		expect(client.types()).toEqual([
			...Array(4).fill("gateway_error"),
			"pong",
			"agent_registered",
			"agent_joined",
		]);
		client.close(1006);
		const back = comeBack(world, "timmy", session, 7);
		expect(back.messages()).toMatchObject([{ resumed: true, received: 5 }]);
	});

	test("RES4 after its window the agents leave, and a resume is a new session", () => {
		const world = createWorld({ resumeWindow: 5_000 });
		const observer = world.agent("observer");
		const { client, session } = startSession(world, "timmy");
		observer.messages();
		client.close(1006);
		world.host.advance(4_999);
		observer.send({ type: "ping" });
		expect(observer.types()).toEqual(["pong"]);
		world.host.advance(1);
		expect(observer.messages()).toMatchObject([
			{ type: "agent_left", agentId: "timmy", reason: "expired" },
		]);
		const back = comeBack(world, "timmy", session, 1);
		const [ack] = back.messages();
		expect(ack).toMatchObject({
			resumed: false,
			agents: [{ agentId: "observer" }],
		});
		expect(ack?.session).not.toBe(session);
	});

	test("RES4 a hole in the log is told, and nobody sees the agent leave", () => {
		const world = createWorld({ maxLogBytes: 400 });
		const observer = world.agent("observer");
		const { client, session } = startSession(world, "timmy");
		observer.messages();
		client.close(1006);
		for (let n = 0; n < 10; n++) observer.send(note(n));
		const back = comeBack(world, "timmy", session, 1);
		expect(back.messages()).toMatchObject([{ resumed: false }]);
		back.send(MARKER);
		expect(observer.messages()).toEqual([MARKER]);
	});

	test("RES4 an overrun never ends a live session", () => {
		const world = createWorld({ maxLogBytes: 400 });
		const observer = world.agent("observer");
		const { client, session } = startSession(world, "timmy");
		for (let n = 0; n < 10; n++) observer.send(note(n));
		const count = client.messages().length + 1;
		client.close(1006);
		observer.send(note(99));
		const back = comeBack(world, "timmy", session, count);
		expect(back.messages()).toMatchObject([{ resumed: true }, note(99)]);
	});

	test("RES4 a failed resume never beats another connection that lives", () => {
		const world = createWorld();
		const winner = world.agent("timmy");
		const loser = comeBack(world, "timmy", "unknown.secret", 0);
		expect(loser.socket.closing?.code).toBe(4009);
		winner.send({ type: "ping" });
		expect(winner.types()).toEqual(["pong"]);
	});

	test("RES4 one that failed before, and whose ack was lost, is the client's own", () => {
		const world = createWorld();
		const observer = world.agent("observer");
		const first = comeBack(world, "timmy", "gone.secret", 3);
		expect(first.messages()[0]).toMatchObject({ resumed: false });
		const again = comeBack(world, "timmy", "gone.secret", 3);
		expect(again.messages()[0]).toMatchObject({ resumed: false });
		expect(first.socket.closing?.code).toBe(4009);
		const stranger = comeBack(world, "timmy", "other.secret", 3);
		expect(stranger.socket.closing?.code).toBe(4009);
		expect(observer.types()).toEqual(["agent_joined"]);
	});

	test("RES4 a wrong secret resumes nothing", () => {
		const world = createWorld();
		const { client, session } = startSession(world, "timmy");
		client.close(1006);
		const [id] = session.split(".");
		const thief = comeBack(world, "timmy", `${id}.guess`, 0);
		expect(thief.messages()[0]).toMatchObject({ resumed: false });
	});

	test("RES4 a `session` that is too long to be one is malformed, and not kept", () => {
		const { connect } = createWorld();
		for (const [length, answer] of [
			[256, { type: "agent_registered", resumed: false }],
			[257, { type: "gateway_error", code: "bad_message" }],
		] as const) {
			const resume = { session: "x".repeat(length), received: 0 };
			const client = connect();
			client.send({ type: "agent_register", agentId: `${length}`, resume });
			expect(client.messages()).toContainEqual(expect.objectContaining(answer));
		}
	});

	test("RES4 is authenticated again, for every agent of it", () => {
		const world = createWorld();
		const { client, session } = startSession(world, "timmy");
		client.register("ada");
		client.close(1006);
		const bound = world.connect({ agents: ["timmy"] });
		const resume = { session, received: 0 };
		bound.send({ type: "agent_register", agentId: "timmy", resume });
		const messages = bound.messages();
		expect(messages[0]?.type).toBe("gateway_hello");
		expect(messages.at(-1)).toMatchObject({ code: "forbidden" });
		bound.close();
		const back = comeBack(world, "timmy", session, 1);
		expect(back.messages()[0]).toMatchObject({ resumed: true });
	});

	test("RES4 a count beyond what was ordered is a protocol violation", () => {
		const world = createWorld();
		const { client, session } = startSession(world, "timmy");
		client.close(1006);
		const liar = comeBack(world, "timmy", session, 2);
		expect(liar.socket.closing?.code).toBe(4002);
		const back = comeBack(world, "timmy", session, 1);
		expect(back.messages()[0]).toMatchObject({ resumed: true });
	});

	test("RES4 past the bound of detached sessions the oldest expires", () => {
		const world = createWorld({ maxDetachedSessions: 2 });
		const observer = world.agent("observer");
		for (const name of ["a", "b", "c"])
			startSession(world, name).client.close(1006);
		expect(observer.messages().at(-1)).toMatchObject({
			type: "agent_left",
			agentId: "a",
			reason: "expired",
		});
	});

	test("RES4 a reader found too slow, whose detaching expires another, costs nobody a message", () => {
		const world = createWorld({
			maxDetachedSessions: 1,
			maxBufferedBytes: 1_000,
		});
		const talker = world.agent("talker");
		const slow = startSession(world, "slow");
		const asker = world.agent("asker");
		startSession(world, "oldest").client.close(1006);
		asker.send({ ...note(1), target_id: "oldest", receipt: "r" });
		const text = "x".repeat(5_000);
		talker.send({ ...note(0), target_id: "slow", text });
		world.forget();
		slow.client.socket.bufferedBytes = 5_000;
		talker.send(note(2));
		expect(asker.messages()).toEqual([
			note(2),
			{
				type: "gateway_receipt",
				id: "r",
				status: "dropped",
				target_id: "oldest",
			},
			{
				type: "agent_left",
				agentId: "oldest",
				role: "agent",
				reason: "expired",
			},
		]);
	});

	test("HB5 RES4 a session whose end the gateway itself slept through waits on", () => {
		const world = createWorld({ heartbeatInterval: 0 });
		const observer = world.agent("observer");
		const { client, session } = startSession(world, "timmy");
		observer.messages();
		client.close(1006);
		world.host.sleep(70_000);
		world.host.advance(9_000);
		expect(observer.messages()).toEqual([]);
		const back = comeBack(world, "timmy", session, 1);
		expect(back.messages()[0]).toMatchObject({ resumed: true });
		back.close(1006);
		world.host.advance(60_000);
		expect(observer.types()).toEqual(["agent_left"]);
	});

	test("RES2 past the bound of all sessions the largest lets go, and no live one ends", () => {
		const world = createWorld({ maxSessionBytes: 400_000 });
		const sender = world.agent("sender");
		const small = startSession(world, "small");
		const large = startSession(world, "large");
		small.client.close(1006);
		large.client.close(1006);
		const text = "x".repeat(50_000);
		sender.send({ type: "note", target_id: "small", text });
		for (let n = 0; n < 12; n++)
			sender.send({ type: "note", target_id: "large", text });
		const lost = comeBack(world, "large", large.session, 1);
		expect(lost.messages()[0]).toMatchObject({ resumed: false });
		const kept = comeBack(world, "small", small.session, 2);
		expect(kept.types()).toEqual(["agent_registered", "note"]);
	});

	test("RES5 pong tells what was received, and ping lets go of what was sent", () => {
		const world = createWorld();
		const { client, session } = startSession(world, "timmy");
		client.send(note(1));
		client.send({ type: "ping", received: 1 });
		expect(client.messages().at(-1)).toEqual({ type: "pong", received: 1 });
		client.close(1006);
		const greedy = comeBack(world, "timmy", session, 0);
		expect(greedy.messages()[0]).toMatchObject({ resumed: false });
	});

	test.each([1000, 1002, 1003, 1007, 1009])(
		"RES6 a close with %i ends it",
		(code) => {
			const world = createWorld();
			const observer = world.agent("observer");
			startSession(world, "timmy").client.close(code);
			expect(observer.types()).toEqual(["agent_joined", "agent_left"]);
		},
	);

	test.each([1001, 1005, 1006, 1011, 3000])(
		"RES6 a close with %i detaches it",
		(code) => {
			const world = createWorld();
			const observer = world.agent("observer");
			const { client, session } = startSession(world, "timmy");
			client.close(code);
			expect(observer.types()).toEqual(["agent_joined"]);
			expect(world.gateway.status().agents).toMatchObject([
				{},
				{ agentId: "timmy", state: "detached", bufferedBytes: 0 },
			]);
			comeBack(world, "timmy", session, 1);
		},
	);

	test("RES6 the last unregister ends it", () => {
		const world = createWorld();
		const { client, session } = startSession(world, "timmy");
		client.unregister("timmy");
		client.close(1006);
		const back = comeBack(world, "timmy", session, 1);
		expect(back.messages()[0]).toMatchObject({ resumed: false });
	});

	test("REG5 a takeover of a detached agent is seen by nobody, and ends its session", () => {
		const world = createWorld();
		const observer = world.agent("observer");
		const { client, session } = startSession(world, "timmy");
		observer.messages();
		client.close(1006);
		const winner = world.agent("timmy");
		const loser = comeBack(world, "timmy", session, 1);
		expect(loser.socket.closing?.code).toBe(4009);
		winner.send(MARKER);
		expect(observer.messages()).toEqual([MARKER]);
	});

	test("SH1 no session and no timer outlives the gateway", async () => {
		const world = createWorld();
		startSession(world, "timmy").client.close(1006);
		await world.gateway.close();
		expect(world.host.timers).toBe(0);
	});

	test("RES3 exactly once and in order, both ways, for any cuts", () => {
		const step = fc.constantFrom(...STEPS);
		fc.assert(
			fc.property(fc.array(step, { maxLength: 60 }), (steps) =>
				expectNothingLost(steps),
			),
			{ numRuns: 300 },
		);
	});
});

const STEPS = ["broadcast", "direct", "own", "ping", "read", "cut"] as const;

/** What has not been read when it is cut has to come again, and nothing twice. */
function expectNothingLost(steps: readonly (typeof STEPS)[number][]): void {
	const world = createWorld();
	const sender = world.agent("sender");
	let { client, session } = startSession(world, "timmy");
	const expected: number[] = [];
	const sent: number[] = [];
	const got: Message[] = [{ type: "agent_joined" }];
	let n = 0;
	const take = () => {
		got.push(...client.messages().filter(({ type }) => type !== "pong"));
	};
	for (const step of steps) {
		if (step === "broadcast") {
			sender.send(note(n));
			expected.push(n++);
		} else if (step === "direct") {
			sender.send({ ...note(n), target_id: "timmy" });
			expected.push(n++);
		} else if (step === "own") {
			client.send(note(n));
			sent.push(n++);
		} else if (step === "ping") {
			take();
			client.send({ type: "ping", received: got.length });
		} else if (step === "read") take();
		else {
			client.close(1006);
			client = comeBack(world, "timmy", session, got.length);
			const [ack, ...replay] = client.messages();
			expect(ack).toMatchObject({ resumed: true, received: sent.length });
			got.push(...replay);
		}
	}
	take();
	const numbersOf = (messages: readonly Message[]) =>
		messages.filter(({ type }) => type === "note").map(({ n }) => n);
	expect(numbersOf(got)).toEqual(expected);
	expect(numbersOf(sender.messages())).toEqual(sent);
	client.close();
	world.end();
}
