import { describe, expect, test } from "vitest";
import type { Client } from "./support/client.ts";
import { createWorld, isImmediate, MARKER } from "./support/world.ts";

const TOO_SLOW = { code: 4201, reason: "too slow" };
const maxBufferedBytes = 1_000;

/** A message of about so many bytes. */
function ofBytes(size: number): object {
	return { type: "bark", text: "x".repeat(size) };
}

/** Lets exactly so many bytes wait on an agent's socket, all of them after its snapshot. */
function leaveWaiting(client: Client, agentId: string, bytes: number): void {
	client.send({ ...ofBytes(bytes), target_id: agentId });
	client.messages();
	client.socket.bufferedBytes = bytes;
}

function stopReading({ socket }: Client): void {
	socket.reads = false;
	socket.answers = false;
}

describe("the bound on bytes that wait", () => {
	test("SLOW1 past it the reader is closed with 4201, and what waits is dropped", () => {
		const { agent, gateway, host } = createWorld({ maxBufferedBytes });
		const timmy = agent("timmy");
		const slow = agent("slow");
		leaveWaiting(slow, "slow", maxBufferedBytes + 1);
		timmy.send({ type: "bark" });
		timmy.send({ type: "note", target_id: "slow" });
		expect(slow.messages()).toEqual([]);
		expect(slow.socket.closing).toEqual(TOO_SLOW);
		expect(gateway.status().totals.tooSlow).toBe(1);
		expect(host.events).toContainEqual({
			event: "closing",
			connectionId: slow.id,
			...TOO_SLOW,
			loudest: expect.objectContaining({ connectionId: expect.any(String) }),
		});
	});

	test("SLOW1 who asks for a thousand rosters at once and reads none is not given them all", () => {
		const { agent, gateway, connect, host } = createWorld();
		const name = (n: number) => `${n}`.padEnd(128, "x");
		for (const c of Array(10).keys()) {
			const crowd = agent(name(c));
			for (const n of Array(60).keys()) crowd.register(name(100 * c + n + 100));
			crowd.messages();
		}
		const slow = connect();
		stopReading(slow);
		for (let n = 0; n < 1_000; n++) {
			// As often as it may [REG7], while the process is too busy to answer.
			host.sleep(100);
			slow.register("slow");
		}
		expect(gateway.status().totals.tooSlow).toBe(1);
		expect(slow.socket.closing).toEqual(TOO_SLOW);
		expect(slow.socket.bufferedBytes).toBeLessThan(40 * 1024 * 1024);
	});

	test("SLOW1 up to it, it is written", () => {
		const { agent } = createWorld({ maxBufferedBytes });
		const timmy = agent("timmy");
		const slow = agent("slow");
		leaveWaiting(slow, "slow", maxBufferedBytes);
		timmy.send(MARKER);
		expect(slow.messages()).toEqual([MARKER]);
		expect(slow.socket.closing).toBeUndefined();
	});

	test("SLOW1 it is 1 MiB by default", () => {
		const { agent } = createWorld();
		const timmy = agent("timmy");
		const [busy, slow] = [agent("busy"), agent("slow")];
		leaveWaiting(busy, "busy", 1_048_576);
		leaveWaiting(slow, "slow", 1_048_577);
		timmy.send(MARKER);
		expect(busy.types()).toContain("marker");
		expect(slow.socket.closing).toEqual(TOO_SLOW);
	});

	test("SLOW1 others get the whole batch, and then that it left", () => {
		const { agent, viewer, forget } = createWorld({ maxBufferedBytes });
		const timmy = agent("timmy");
		const slow = agent("slow");
		const others = [viewer(), agent("perplexity")];
		leaveWaiting(slow, "slow", 5_000);
		forget();
		timmy.send({ type: "1" });
		timmy.send({ type: "2" });
		const left = { type: "agent_left", agentId: "slow", reason: "too_slow" };
		for (const other of others)
			expect(other.messages()).toMatchObject([
				{ type: "1" },
				{ type: "2" },
				left,
			]);
		expect(timmy.messages()).toMatchObject([left]);
	});

	test("SLOW1 many that are slow at once are all closed, and nobody else", () => {
		const { agent, viewer, forget } = createWorld({ maxBufferedBytes });
		const timmy = agent("timmy");
		const readers = Array.from({ length: 20 }, () => viewer());
		readers.forEach(({ socket }, i) => {
			socket.reads = i % 2 !== 0;
		});
		timmy.send(ofBytes(5_000));
		forget();
		timmy.send(MARKER);
		readers.forEach((reader, i) => {
			expect(reader.types()).toEqual(i % 2 === 0 ? [] : ["marker"]);
			expect(reader.socket.closing).toEqual(i % 2 === 0 ? TOO_SLOW : undefined);
		});
	});

	test("SLOW1 a reader that takes all of one batch before the next is never too slow", () => {
		const { agent, viewer } = createWorld({ maxBufferedBytes });
		const timmy = agent("timmy");
		const reader = viewer();
		reader.socket.reads = false;
		for (let i = 0; i < 50; i++) {
			timmy.send(ofBytes(5_000));
			expect(reader.messages()).toHaveLength(1);
			reader.socket.bufferedBytes = 0;
		}
		expect(reader.socket.closing).toBeUndefined();
	});

	test("SLOW1 what it still sends counts for nothing", () => {
		const { agent, viewer } = createWorld({ maxBufferedBytes });
		const timmy = agent("timmy");
		const slow = agent("slow");
		const watcher = viewer();
		stopReading(slow);
		leaveWaiting(slow, "slow", 5_000);
		timmy.send({ type: "1" });
		watcher.messages();
		slow.send({ type: "2" });
		timmy.send(MARKER);
		expect(watcher.messages()).toEqual([MARKER]);
	});

	test("REG5 a loser that is too slow is closed with 4009 all the same, and must not return", () => {
		const { agent } = createWorld({ maxBufferedBytes });
		const slow = agent("timmy");
		leaveWaiting(slow, "timmy", 5_000);
		agent("timmy");
		expect(slow.socket.closing?.code).toBe(4009);
		expect(slow.messages()).toEqual([]);
	});

	// Elsewhere some may be written before the others have their place, and be found too slow first.
	test.runIf(isImmediate)(
		"REG5 so is one that takes but a part of what waits for it",
		() => {
			const { agent, host } = createWorld();
			const timmy = agent("timmy");
			const loser = agent("slow");
			stopReading(loser);
			for (let i = 0; i < 10; i++)
				timmy.send({ ...ofBytes(200_000), target_id: "slow" });
			agent("slow");
			expect(loser.socket.closing?.code).toBe(4009);
			expect(loser.messages()).toHaveLength(6);
			const closings = host.events.filter(({ event }) => event === "closing");
			expect(closings).toHaveLength(1);
		},
	);

	/** One that is slow, and whose end expires a session, for which a sender is owed a receipt. */
	function endsAnother(order: readonly ("timmy" | "slow")[]) {
		const options = { maxBufferedBytes, maxDetachedSessions: 1 };
		const world = createWorld(options);
		const register = (agentId: string) => {
			const client = world.connect();
			client.send({ type: "agent_register", agentId, resume: true });
			client.messages();
			return client;
		};
		const gone = register("gone");
		const clients = Object.fromEntries(
			order.map((name) => [name, register(name)]),
		) as Record<"timmy" | "slow", Client>;
		gone.close(1006);
		clients.timmy.send({ type: "note", target_id: "gone", receipt: "r1" });
		leaveWaiting(clients.slow, "slow", 5_000);
		world.forget();
		return { ...world, ...clients };
	}

	const dropped = [
		{ type: "gateway_receipt", id: "r1", status: "dropped" },
		{ type: "agent_left", agentId: "gone", reason: "expired" },
	];

	for (const order of [["timmy", "slow"] as const, ["slow", "timmy"] as const])
		test(`RCPT2 what its end tells others is not lost, nor is their batch: ${order}`, () => {
			const { timmy, viewer, forget } = endsAnother(order);
			const other = viewer();
			forget();
			other.send(MARKER);
			expect(timmy.messages()).toMatchObject([MARKER, ...dropped]);
		});

	test("RCPT2 it comes after what was for them alone", () => {
		const { timmy, viewer, forget } = endsAnother(["timmy", "slow"]);
		const other = viewer();
		forget();
		const note = { type: "note", target_id: "timmy" };
		other.send(note);
		other.send(MARKER);
		expect(timmy.messages()).toMatchObject([note, MARKER, ...dropped]);
	});
});

describe("a snapshot raises the bound", () => {
	/** A viewer that has missed so much, and has taken none of it. */
	function behind(bytes: number) {
		const world = createWorld({ maxBufferedBytes, registerTimeout: 250 });
		const timmy = world.agent("timmy");
		const viewer = world.connect();
		stopReading(viewer);
		timmy.send(ofBytes(bytes));
		world.host.advance(250);
		return { ...world, timmy, viewer, snapshot: viewer.socket.bufferedBytes };
	}

	test("SLOW1 by its own unsent size", () => {
		const { timmy, viewer, snapshot, host } = behind(50_000);
		expect(snapshot).toBeGreaterThan(50_000);
		timmy.send(ofBytes(900));
		host.turn();
		timmy.send(MARKER);
		expect(viewer.types()).toEqual(["gateway_hello", "bark", "bark", "marker"]);
		timmy.send(ofBytes(100));
		host.turn();
		timmy.send(MARKER);
		host.turn();
		expect(viewer.socket.closing).toEqual(TOO_SLOW);
	});

	test("SLOW1 falling as it drains", () => {
		const { timmy, viewer, snapshot, host } = behind(50_000);
		viewer.socket.bufferedBytes -= snapshot - 10;
		timmy.send(ofBytes(1_100));
		host.turn();
		expect(viewer.socket.closing).toBeUndefined();
		timmy.send(MARKER);
		host.turn();
		expect(viewer.socket.closing).toEqual(TOO_SLOW);
	});

	test("SLOW1 an agent's roster is one as well", () => {
		const { connect, agent, host } = createWorld({ maxBufferedBytes });
		const dashboard = connect();
		for (let i = 0; i < 64; i++) dashboard.register(`agent-${i}`);
		const timmy = connect();
		stopReading(timmy);
		timmy.register("timmy");
		host.turn();
		expect(timmy.socket.bufferedBytes).toBeGreaterThan(2 * maxBufferedBytes);
		agent("other").send(MARKER);
		expect(timmy.types()).toContain("marker");
		expect(timmy.socket.closing).toBeUndefined();
	});

	test("SLOW1 RES3 so is a replay, also for who has become a viewer before it asks", () => {
		const world = createWorld({ retain: { bark: { key: "{n}" } } });
		const timmy = world.agent("timmy");
		timmy.send({ ...ofBytes(200_000), n: 0 });
		const page = world.connect();
		page.send({ type: "agent_register", agentId: "page", resume: true });
		const session = page.messages()[0]?.session;
		page.close(1006);
		for (let n = 1; n < 10; n++) timmy.send({ ...ofBytes(200_000), n });
		const back = world.connect();
		stopReading(back);
		world.host.advance(300);
		const resume = { session, received: 2, retained: true };
		back.send({ type: "agent_register", agentId: "page", resume });
		world.host.turn();
		timmy.send(MARKER);
		expect(back.types().slice(-2)).toEqual(["bark", "marker"]);
		expect(back.socket.closing).toBeUndefined();
	});

	test("SLOW1 a roster asked for again does not", () => {
		const { agent, host } = createWorld({ maxBufferedBytes });
		const slow = agent("slow");
		stopReading(slow);
		for (let i = 0; i < 20; i++) {
			slow.register("slow");
			host.turn();
		}
		expect(slow.socket.closing).toEqual(TOO_SLOW);
	});
});

describe("the bound on what all newcomers are sent", () => {
	const BUSY = { code: 4204, reason: "busy" };
	const large = (n: number) => ({ ...ofBytes(100_000), n });

	/** A world of one large message, and room for one newcomer that does not read it. */
	function crowded(options = {}) {
		const world = createWorld({
			retain: { bark: { key: "{n}" } },
			maxBufferedBytes,
			maxSnapshotBytes: 150_000,
			...options,
		});
		const timmy = world.agent("timmy");
		timmy.send(large(0));
		function newcomer() {
			const client = world.connect();
			stopReading(client);
			return client;
		}
		function settle(client: Client) {
			world.host.advance(250);
			return client.types();
		}
		return { ...world, timmy, newcomer, settle };
	}

	test("SLOW4 what they share counts once", () => {
		const { newcomer, settle } = crowded();
		for (let n = 0; n < 5; n++)
			expect(settle(newcomer())).toEqual(["gateway_hello", "bark"]);
	});

	test("SLOW4 past it they are closed with 4204, until others have read", () => {
		const { timmy, newcomer, settle } = crowded();
		const first = newcomer();
		settle(first);
		timmy.send(large(0));
		const second = newcomer();
		expect(settle(second)).toEqual([]);
		expect(second.socket.closing).toEqual(BUSY);
		const asker = newcomer();
		asker.register("asker");
		expect(asker.types()).toEqual([]);
		expect(asker.socket.closing).toEqual(BUSY);
		first.socket.bufferedBytes = 0;
		expect(settle(newcomer())).toEqual(["gateway_hello", "bark"]);
	});

	test("SLOW4 a viewer that is not let in has not said its first word, nor asked anything", () => {
		const { timmy, newcomer, settle, host, gateway } = crowded();
		settle(newcomer());
		timmy.send(large(0));
		for (const first of [
			{ type: "note" },
			{ type: "note", target_id: "timmy" },
			{ type: "ping" },
			{ type: "gateway_hello" },
			{ type: "agent_unregister", agentId: "timmy" },
		]) {
			const before = gateway.status().totals;
			const refused = newcomer();
			refused.send(first);
			expect(refused.socket.closing).toEqual(BUSY);
			expect(refused.types()).toEqual([]);
			const { received: _, ...after } = gateway.status().totals;
			expect(before).toMatchObject(after);
		}
		timmy.send({ ...MARKER, target_id: "timmy" });
		host.turn();
		expect(timmy.messages()).toEqual([{ ...MARKER, target_id: "timmy" }]);
	});

	// What has no place yet is on its way to nobody.
	test.runIf(isImmediate)(
		"SLOW4 those of one turn count as well, and those that are gone do not",
		() => {
			const { timmy, newcomer, host } = crowded();
			const clients = Array.from({ length: 3 }, newcomer);
			const register = (n: number) => clients[n]?.register(`agent-${n}`);
			register(0);
			timmy.send(large(0));
			register(1);
			host.turn();
			const codes = () => clients.map(({ socket }) => socket.closing?.code);
			expect(codes()).toEqual([undefined, BUSY.code, undefined]);
			clients[0]?.close(1006);
			register(2);
			host.turn();
			expect(codes()).toEqual([undefined, BUSY.code, undefined]);
		},
	);

	test("SLOW4 RES3 a session for whose replay there is no room waits on", () => {
		const { timmy, connect, newcomer, host } = crowded({ retain: {} });
		const sessions = ["a", "b"].map((agentId) => {
			const client = connect();
			client.send({ type: "agent_register", agentId, resume: true });
			const session = client.messages()[0]?.session;
			client.close(1006);
			return { agentId, session };
		});
		timmy.send(large(1));
		timmy.messages();
		const comeBack = (n: number) => {
			const { agentId, session } = sessions[n] as (typeof sessions)[0];
			const client = newcomer();
			// "a" has also missed that "b" joined.
			const resume = { session, received: 1 };
			client.send({ type: "agent_register", agentId, resume });
			return client;
		};
		const first = comeBack(0);
		expect(first.types()).toEqual(["agent_registered", "agent_joined", "bark"]);
		const early = comeBack(1);
		expect(early.types()).toEqual([]);
		expect(early.socket.closing).toEqual(BUSY);
		const resumed = host.events.filter(({ event }) => event === "resumed");
		expect(resumed).toMatchObject([{ connectionId: first.id }]);
		first.socket.bufferedBytes = 0;
		expect(comeBack(1).types()).toEqual(["agent_registered", "bark"]);
		expect(timmy.messages()).toEqual([]);
	});

	test("SLOW4 RES4 an agent that is not let in waits on, if its session is lost as well", () => {
		const { agent, connect, timmy, newcomer, settle, gateway } = crowded({
			maxLogBytes: 1_000,
		});
		const watcher = agent("watcher");
		const page = connect();
		page.send({ type: "agent_register", agentId: "page", resume: true });
		const session = page.messages()[0]?.session;
		page.close(1006);
		settle(newcomer());
		timmy.send(large(0));
		watcher.messages();
		const back = connect();
		const resume = { session, received: 1 };
		back.send({ type: "agent_register", agentId: "page", resume });
		expect(back.types()).toEqual([]);
		expect(back.socket.closing).toEqual(BUSY);
		watcher.send({ ...MARKER, target_id: "watcher" });
		expect(watcher.types()).toEqual([MARKER.type]);
		expect(gateway.status().agents).toHaveLength(3);
	});
});

describe("no progress", () => {
	/** A reader on whose socket a few bytes wait. */
	function stalled(options = {}) {
		const world = createWorld({ heartbeatInterval: 0, ...options });
		const timmy = world.agent("timmy");
		const reader = world.viewer();
		stopReading(reader);
		timmy.send(MARKER);
		world.host.turn();
		return { ...world, timmy, reader };
	}

	test("SLOW2 for 10 s ends it with 4201", () => {
		const { reader, host, gateway } = stalled();
		host.advance(9_000);
		expect(reader.socket.closing).toBeUndefined();
		host.advance(2_000);
		expect(reader.socket.closing).toEqual(TOO_SLOW);
		expect(gateway.status().totals.tooSlow).toBe(1);
	});

	test("SLOW2 one byte is progress", () => {
		const { reader, host } = stalled();
		for (let i = 0; i < 5; i++) {
			host.advance(9_000);
			reader.socket.bufferedBytes -= 1;
		}
		expect(reader.socket.closing).toBeUndefined();
		host.advance(12_000);
		expect(reader.socket.closing).toEqual(TOO_SLOW);
	});

	test("SLOW2 more that is written is not progress", () => {
		const { timmy, reader, host } = stalled();
		for (let i = 0; i < 11; i++) {
			timmy.send(MARKER);
			host.advance(1_000);
		}
		expect(reader.socket.closing).toEqual(TOO_SLOW);
	});

	test("SLOW2 who has taken all is watched no longer", () => {
		const { timmy, reader, host } = stalled();
		reader.socket.bufferedBytes = 0;
		host.advance(1_000);
		expect(host.timers).toBe(0);
		timmy.send(MARKER);
		host.advance(9_000);
		expect(reader.socket.closing).toBeUndefined();
	});

	test("SLOW2 who goes is watched no longer, and the rest still is", () => {
		const { timmy, reader, viewer, host } = stalled();
		const second = viewer();
		stopReading(second);
		timmy.send(MARKER);
		host.turn();
		reader.close();
		host.advance(12_000);
		expect(second.socket.closing).toEqual(TOO_SLOW);
	});

	test("SLOW2 several that stall together end together", () => {
		const { timmy, reader, viewer, host } = stalled();
		const second = viewer();
		stopReading(second);
		timmy.send(MARKER);
		host.advance(12_000);
		expect(reader.socket.closing).toEqual(TOO_SLOW);
		expect(second.socket.closing).toEqual(TOO_SLOW);
	});

	test("SLOW2 the time is an option, and 0 means for ever", () => {
		const short = stalled({ stallTimeout: 100 });
		short.host.advance(110);
		expect(short.reader.socket.closing).toEqual(TOO_SLOW);
		const never = stalled({ stallTimeout: 0 });
		never.host.advance(3_600_000);
		expect(never.reader.socket.closing).toBeUndefined();
	});
});

describe("a stall of the process", () => {
	/** A reader for which more waits than may, since before the process stalls for a second. */
	function overdue(count = 1) {
		const world = createWorld({ maxBufferedBytes, heartbeatInterval: 0 });
		const timmy = world.agent("timmy");
		const readers = Array.from({ length: count }, () => world.viewer());
		for (const reader of readers) stopReading(reader);
		timmy.send(ofBytes(3_000));
		world.host.turn();
		world.host.sleep(1_000);
		timmy.send(ofBytes(500));
		world.host.turn();
		const [reader] = readers as [Client];
		return { ...world, timmy, readers, reader };
	}

	test("SLOW1 HB5 is not held against a reader that could take nothing meanwhile", () => {
		const { timmy, reader, host } = overdue();
		expect(reader.socket.closing).toBeUndefined();
		reader.socket.bufferedBytes = 0;
		host.turn();
		timmy.send(MARKER);
		expect(reader.types()).toEqual(["bark", "bark", "marker"]);
	});

	test("SLOW1 of a thousand that do not read and one that does, only that one stays", () => {
		const { timmy, readers, reader, host } = overdue(1_001);
		for (let n = 0; n < 6; n++) {
			// It reads all that the process gives it a chance to.
			reader.socket.bufferedBytes = 2_000;
			host.sleep(1_000);
			timmy.send(ofBytes(900));
			host.turn();
		}
		const closed = readers.map(({ socket }) => socket.closing?.code);
		expect(closed.filter((code) => code === 4201)).toHaveLength(1_000);
		expect(reader.socket.closing).toBeUndefined();
	});

	test("SLOW1 who reads nothing after it is closed once the bound is passed anew", () => {
		const { timmy, reader, host } = overdue();
		timmy.send(ofBytes(900));
		host.turn();
		timmy.send(MARKER);
		host.turn();
		expect(reader.socket.closing).toEqual(TOO_SLOW);
	});

	test("SLOW1 nor does stalling again and again help who reads nothing", () => {
		const { timmy, reader, host } = overdue();
		for (let n = 0; n < 2; n++) {
			host.sleep(1_000);
			timmy.send(ofBytes(900));
			host.turn();
		}
		expect(reader.socket.closing).toEqual(TOO_SLOW);
	});

	test("SLOW1 and there is a bound to what waits, whatever the process does", () => {
		const { timmy, reader, host } = overdue();
		for (let n = 0; n < 10 && !reader.socket.closing; n++) {
			// A byte each time.
			reader.socket.bufferedBytes -= 1;
			host.sleep(1_000);
			timmy.send(ofBytes(2_000));
			host.turn();
		}
		expect(reader.socket.closing).toEqual(TOO_SLOW);
		expect(reader.socket.bufferedBytes).toBeLessThan(12 * maxBufferedBytes);
	});

	test("SLOW1 what begins to wait after it is judged at once", () => {
		const { agent, viewer, host } = createWorld({ maxBufferedBytes });
		const timmy = agent("timmy");
		const reader = viewer();
		stopReading(reader);
		host.sleep(1_000);
		timmy.send(ofBytes(3_000));
		host.turn();
		timmy.send(MARKER);
		host.turn();
		expect(reader.socket.closing).toEqual(TOO_SLOW);
	});

	test("SLOW2 HB5 its time does not count as one without progress", () => {
		const { agent, viewer, host } = createWorld({ heartbeatInterval: 0 });
		const timmy = agent("timmy");
		const reader = viewer();
		stopReading(reader);
		timmy.send(MARKER);
		host.advance(5_000);
		host.sleep(20_000);
		host.advance(4_000);
		expect(reader.socket.closing).toBeUndefined();
		host.advance(2_000);
		expect(reader.socket.closing).toEqual(TOO_SLOW);
	});
});

describe("after a close frame", () => {
	test("SLOW3 a peer that does not answer is terminated after 2 s", () => {
		const { agent, host, gateway } = createWorld();
		const old = agent("timmy");
		stopReading(old);
		agent("timmy");
		host.advance(1_999);
		expect(old.socket.terminated).toBe(false);
		host.advance(1);
		expect(old.socket.terminated).toBe(true);
		expect(gateway.status().connections).toBe(1);
	});

	test("SLOW3 a peer that answers is not", () => {
		const { agent, host } = createWorld();
		const old = agent("timmy");
		agent("timmy");
		host.advance(10_000);
		expect(old.socket.terminated).toBe(false);
	});

	test("SLOW3 the time is an option", () => {
		const { agent, host } = createWorld({ closeTimeout: 50 });
		const old = agent("timmy");
		stopReading(old);
		agent("timmy");
		host.advance(50);
		expect(old.socket.terminated).toBe(true);
	});

	test("SLOW3 nothing is written to it, and no ping sent", () => {
		const { agent, host, forget } = createWorld({
			heartbeatInterval: 640,
			closeTimeout: 10_000,
		});
		const old = agent("timmy");
		stopReading(old);
		const newest = agent("timmy");
		forget();
		for (let i = 0; i < 10; i++) {
			newest.send({ type: "bark" });
			newest.send({ type: "note", target_id: "timmy" });
			host.advance(500);
		}
		expect(old.messages()).toEqual([]);
	});
});
