import { describe, expect, test } from "vitest";
import type { Client } from "./support/client.ts";
import type { FakeHost } from "./support/host.ts";
import { createWorld, MARKER } from "./support/world.ts";

/** Pings are sent in so many turns. */
const TURNS = 256;
/** Of a heartbeat with one ping. */
const interval = 12_800;
const turn = interval / TURNS;

function untilPinged({ socket }: Client, host: FakeHost) {
	for (let i = 0; i < interval && socket.pings === 0; i++) host.advance(1);
	expect(socket.pings).toBe(1);
}

describe("heartbeat", () => {
	test("HB1 each connection is pinged once an interval", () => {
		const { agent, viewer, host } = createWorld({
			heartbeatInterval: interval,
		});
		const clients = [agent("timmy"), viewer()];
		for (let round = 1; round <= 5; round++) {
			const before = clients.map(({ socket }) => socket.pings + 1);
			for (const { pong } of clients) pong();
			host.advance(interval);
			expect(clients.map(({ socket }) => socket.pings)).toEqual(before);
		}
	});

	test("HB1 there are two pings in the 30 s that it has by default", () => {
		const { agent, host } = createWorld();
		const timmy = agent("timmy");
		for (let round = 1; round <= 10; round++) {
			host.advance(15_000);
			timmy.pong();
			expect(timmy.socket.pings).toBe(round);
		}
	});

	test.each([
		1, 200, 10_000, 14_999, 15_000, 15_001, 20_000, 25_000, 29_999, 30_000,
		39_999, 40_001, 59_000, 60_000, 90_001, 600_000, 86_400_000,
	])(
		"HB1 no line is quiet for more than 15 s where the heartbeat has %i ms",
		(heartbeatInterval) => {
			const { connect, host } = createWorld({
				heartbeatInterval,
				registerTimeout: 600_000,
			});
			const longest = Math.min(15_000, heartbeatInterval);
			const entries = Array.from({ length: 300 }, () => ({
				...{ client: connect(), pings: 0, last: host.now() },
			}));
			for (let quarter = 0; quarter < 20; quarter++) {
				host.advance(longest / 4);
				for (const entry of entries) {
					const { pings } = entry.client.socket;
					if (pings > entry.pings) {
						entry.client.pong();
						Object.assign(entry, { pings, last: host.now() });
					}
					expect(host.now() - entry.last).toBeLessThanOrEqual(longest);
				}
			}
		},
	);

	test.each([30_000, 50_000, 100_000])(
		"HB2 who gives no sign is pruned after one to two heartbeats of %i ms, however many pings they have",
		(heartbeatInterval) => {
			const { agent, host } = createWorld({ heartbeatInterval });
			// Each seat is judged in a turn of its own.
			const silent = Array.from({ length: 300 }, (_, n) => agent(`${n}`));
			for (let count = 0; count < 3; count++) {
				host.advance(heartbeatInterval * 0.9);
				for (const { pong } of silent) pong();
			}
			host.advance(heartbeatInterval - 1);
			expect(silent.every(({ socket }) => !socket.terminated)).toBe(true);
			host.advance(heartbeatInterval + 1);
			expect(silent.every(({ socket }) => socket.terminated)).toBe(true);
		},
	);

	test("HB4 a turn has no more connections to look at in a longer heartbeat", () => {
		const { connect, host } = createWorld({ heartbeatInterval: 30_000 });
		const clients = Array.from({ length: 2 * TURNS }, () => connect());
		const pings = () =>
			clients.reduce((sum, { socket }) => sum + socket.pings, 0);
		for (let index = 0; index < 2 * TURNS; index++) {
			const before = pings();
			host.advance(15_000 / TURNS);
			expect(pings() - before).toBe(2);
			for (const { pong } of clients) pong();
		}
	});

	test("HB1 a new connection is pinged too", () => {
		const { connect, host } = createWorld({
			heartbeatInterval: interval,
			registerTimeout: 10 * interval,
		});
		const silent = connect();
		host.advance(interval);
		expect(silent.socket.pings).toBe(1);
	});

	test("HB1 0 turns it off", () => {
		const { agent, host } = createWorld({ heartbeatInterval: 0 });
		const timmy = agent("timmy");
		host.advance(3_600_000);
		expect(timmy.socket.pings).toBe(0);
		expect(timmy.socket.terminated).toBe(false);
		expect(host.timers).toBe(0);
	});

	test("HB2 without a sign of life by the next ping it is terminated, and has left", () => {
		const { agent, viewer, host, gateway } = createWorld({
			heartbeatInterval: interval,
		});
		const watcher = viewer();
		const timmy = agent("timmy");
		watcher.messages();
		untilPinged(timmy, host);
		watcher.pong();
		host.advance(interval - 1);
		expect(timmy.socket.terminated).toBe(false);
		host.advance(1);
		expect(timmy.socket.terminated).toBe(true);
		expect(timmy.socket.closing).toBeUndefined();
		expect(watcher.messages()).toEqual([
			{
				type: "agent_left",
				agentId: "timmy",
				role: "agent",
				reason: "heartbeat",
			},
		]);
		expect(gateway.status()).toMatchObject({
			agents: [],
			connections: 1,
			totals: { pruned: 1 },
		});
		expect(host.events).toContainEqual({
			event: "closing",
			connectionId: timmy.id,
			code: 4203,
			reason: "heartbeat lost",
		});
	});

	test("HB2 a pong keeps it", () => {
		const { agent, host } = createWorld({ heartbeatInterval: interval });
		const timmy = agent("timmy");
		for (let i = 0; i < 10; i++) {
			host.advance(interval);
			timmy.pong();
		}
		expect(timmy.socket.terminated).toBe(false);
	});

	test.each([
		["a message", '{"type":"bark"}'],
		["a ping of its own", '{"type":"ping"}'],
		["a malformed message", "{"],
	])("HB2 %s keeps it", (_, text) => {
		const { agent, host } = createWorld({ heartbeatInterval: interval });
		const timmy = agent("timmy");
		for (let i = 0; i < 10; i++) {
			host.advance(interval);
			timmy.send(text);
		}
		expect(timmy.socket.terminated).toBe(false);
	});

	test("HB2 what a pruned connection still sends counts for nothing, and its name is free", () => {
		const { agent, host, viewer } = createWorld({
			heartbeatInterval: interval,
		});
		const ghost = agent("timmy");
		host.advance(2 * interval);
		expect(ghost.socket.terminated).toBe(true);
		const watcher = viewer();
		ghost.send({ type: "bark" });
		ghost.pong();
		agent("timmy").send(MARKER);
		expect(watcher.types()).toEqual(["agent_joined", "marker"]);
	});

	test("HB5 late timers do not prune those whose pong is waiting to be read", () => {
		const { agent, host } = createWorld({ heartbeatInterval: interval });
		const timmy = agent("timmy");
		host.advance(2 * interval - turn);
		expect(timmy.socket.pings).toBe(1);
		host.sleep(10 * interval);
		host.fireLate();
		timmy.pong();
		host.turn();
		expect(timmy.socket.terminated).toBe(false);
		expect(timmy.socket.pings).toBe(2);
	});

	test("HB5 late timers do prune those that are gone", () => {
		const { agent, host } = createWorld({ heartbeatInterval: interval });
		const timmy = agent("timmy");
		host.advance(2 * interval - turn);
		host.sleep(10 * interval);
		host.fireLate();
		host.turn();
		expect(timmy.socket.terminated).toBe(true);
	});

	test("HB3 ping is answered with pong, to its sender alone", () => {
		const { agent, viewer } = createWorld();
		const timmy = agent("timmy");
		const watcher = viewer();
		timmy.send({ type: "ping", agentId: "timmy" });
		timmy.send(MARKER);
		expect(timmy.messages()).toEqual([{ type: "pong" }]);
		expect(watcher.messages()).toEqual([MARKER]);
	});

	test("HB4 the pings of many are spread over the interval", () => {
		const { connect, host } = createWorld({ heartbeatInterval: interval });
		const clients = Array.from({ length: 10 * TURNS }, () => connect());
		const pings = () =>
			clients.reduce((sum, { socket }) => sum + socket.pings, 0);
		const perTurn = Array.from({ length: TURNS }, () => {
			const before = pings();
			host.advance(turn);
			return pings() - before;
		});
		expect(Math.max(...perTurn)).toBe(10);
		expect(pings()).toBe(10 * TURNS);
	});

	test("HB4 many that are gone are pruned over the interval as well", () => {
		const { connect, host, gateway } = createWorld({
			heartbeatInterval: interval,
		});
		for (let i = 0; i < 2 * TURNS; i++) connect();
		host.advance(interval);
		host.advance(turn);
		expect(gateway.status().connections).toBe(2 * TURNS - 2);
		host.advance(interval);
		expect(gateway.status().connections).toBe(0);
		expect(host.timers).toBe(0);
	});

	test("HB4 whoever comes after many that left is pinged once an interval as well", () => {
		const { connect, host } = createWorld({ heartbeatInterval: interval });
		const first = Array.from({ length: TURNS + 3 }, () => connect());
		for (const client of first.filter((_, index) => index % 3 > 0))
			client.close();
		const clients = [...first.filter((_, index) => index % 3 === 0)];
		for (let i = 0; i < TURNS; i++) clients.push(connect());
		for (let round = 1; round <= 3; round++) {
			host.advance(interval);
			expect(clients.every(({ socket }) => socket.pings === round)).toBe(true);
			for (const { pong } of clients) pong();
		}
	});

	test("HB4 the heartbeat starts again with the next connection", () => {
		const { agent, host } = createWorld({ heartbeatInterval: interval });
		agent("timmy").close();
		host.advance(interval);
		const again = agent("timmy");
		host.advance(interval);
		expect(again.socket.pings).toBe(1);
	});
});
