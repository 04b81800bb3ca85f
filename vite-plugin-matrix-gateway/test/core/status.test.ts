import { describe, expect, test } from "vitest";
import { createWorld } from "./support/world.ts";

describe("status", () => {
	test("HTTP1 a gateway without anyone", () => {
		const { gateway, host } = createWorld();
		host.advance(1_500);
		expect(gateway.status()).toEqual({
			status: "ok",
			uptime: 1.5,
			agents: [],
			viewers: 0,
			connections: 0,
			loudest: [],
			totals: {
				received: 0,
				broadcast: 0,
				directed: 0,
				undeliverable: 0,
				errors: 0,
				limited: 0,
				pruned: 0,
				failed: 0,
				tooSlow: 0,
			},
		});
	});

	test("HTTP1 who is there, since when, and how much it took and sent", () => {
		const { agent, viewer, connect, gateway, host } = createWorld();
		const timmy = agent("timmy", "bridge");
		host.advance(1_000);
		viewer().send({ type: "visitor_message" });
		connect();
		timmy.send({ type: "bark" });
		timmy.messages();
		timmy.socket.bufferedBytes = 42;
		host.advance(1);
		expect(gateway.status()).toMatchObject({
			viewers: 1,
			connections: 3,
			agents: [
				{
					agentId: "timmy",
					role: "bridge",
					connectionId: timmy.id,
					state: "online",
					connectedAt: "2026-11-22T12:00:00.000Z",
					lastMessageAt: "2026-11-22T12:00:01.250Z",
					received: 2,
					receivedBytes: 74,
					sent: 3,
					bufferedBytes: 42,
				},
			],
		});
	});

	test("HTTP1 the totals count each message once, by what became of it", () => {
		const { agent, viewer, gateway } = createWorld();
		const timmy = agent("timmy");
		viewer();
		timmy.send({ type: "bark" });
		timmy.send({ type: "note", target_id: "timmy" });
		timmy.send({ type: "note", target_id: "nobody" });
		timmy.send({ type: "ping" });
		timmy.send("{");
		expect(gateway.status().totals).toEqual({
			received: 6,
			broadcast: 1,
			directed: 1,
			undeliverable: 1,
			errors: 2,
			limited: 0,
			pruned: 0,
			failed: 0,
			tooSlow: 0,
		});
	});

	test("HTTP1 the five who have sent the most lately, the loudest first", () => {
		const { agent, viewer, connect, gateway, host } = createWorld();
		const quiet = connect();
		const senders = [1, 5, 3, 2, 4].map((n) => ({
			...{ n, sender: agent(`a-${n}`) },
		}));
		const page = viewer();
		// Longer ago than lately.
		host.advance(11_000);
		expect(gateway.status().loudest).toEqual([]);
		for (const { n, sender } of senders) sender.send("x".repeat(n * 100));
		page.send("x".repeat(500 - 1));
		const { loudest } = gateway.status();
		const ids = [5, 4, 3, 2].map((n) => `a-${n}`);
		ids.splice(1, 0, "");
		expect(loudest.map(({ agentId = "" }) => agentId)).toEqual(ids);
		expect(loudest[0]).toMatchObject({ bytes: 500, share: 0.25 });
		expect(loudest[1]).toEqual({
			connectionId: page.id,
			...{ bytes: 499, share: 0.25 },
		});
		expect(loudest.map(({ connectionId }) => connectionId)).not.toContain(
			quiet.id,
		);
	});

	test("HTTP1 a snapshot does not change afterwards", () => {
		const { agent, gateway } = createWorld();
		const before = gateway.status();
		agent("timmy");
		expect(before.totals.received).toBe(0);
		expect(before.agents).toEqual([]);
	});
});

describe("events", () => {
	test("HTTP5 a life from its connection to its end", () => {
		const { connect, host } = createWorld();
		const timmy = connect();
		timmy.register("timmy", "bridge");
		host.turn();
		timmy.close(1001);
		host.turn();
		const connectionId = timmy.id;
		const agent = { connectionId, agentId: "timmy", role: "bridge" };
		expect(host.events).toEqual([
			{ event: "connected", connectionId },
			{ event: "joined", ...agent },
			{ event: "disconnected", connectionId, code: 1001 },
			{ event: "left", ...agent, reason: "closed" },
		]);
	});

	test("HTTP5 a takeover is told with both connections, then its close", () => {
		const { agent, host } = createWorld();
		const old = agent("timmy");
		host.events.length = 0;
		const newest = agent("timmy");
		expect(host.events).toEqual([
			{ event: "connected", connectionId: newest.id },
			{
				event: "replaced",
				connectionId: old.id,
				agentId: "timmy",
				by: newest.id,
			},
			{
				event: "closing",
				connectionId: old.id,
				code: 4009,
				reason: "replaced by a newer connection",
			},
			{ event: "disconnected", connectionId: old.id, code: 4009 },
		]);
	});

	test("HTTP5 every connection that was told of is told to have gone", () => {
		const { agent, connect, host } = createWorld({ heartbeatInterval: 640 });
		connect().close();
		agent("timmy");
		agent("timmy");
		host.advance(2_000);
		const of = (name: string) =>
			host.events
				.filter(({ event }) => event === name)
				.map((event) => "connectionId" in event && event.connectionId)
				.sort();
		expect(of("connected")).toHaveLength(3);
		expect(of("disconnected")).toEqual(of("connected"));
	});

	test("HTTP5 a host whose log throws loses nothing but the log", () => {
		const { agent, viewer, host } = createWorld();
		host.onEvent = () => {
			throw new Error("the disk is full");
		};
		const watcher = viewer();
		agent("timmy");
		agent("timmy").close();
		expect(watcher.types()).toEqual(["agent_joined", "agent_left"]);
	});

	test("HTTP5 a host without a log is fine", () => {
		const { agent, viewer, host } = createWorld();
		delete (host as { onEvent?: unknown }).onEvent;
		const watcher = viewer();
		agent("timmy");
		expect(watcher.types()).toEqual(["agent_joined"]);
	});

	test("HTTP5 no payload and no session gets into the log", () => {
		const { connect, host } = createWorld();
		const timmy = connect();
		timmy.send({ type: "agent_register", agentId: "timmy", resume: true });
		const [ack] = timmy.messages();
		timmy.send({ type: "SECRET", text: "SECRET", target_id: "SECRET" });
		timmy.send("SECRET");
		timmy.close(1006);
		const resume = { session: ack?.session, received: 0 };
		connect().send({ type: "agent_register", agentId: "timmy", resume });
		host.turn();
		const told = JSON.stringify(host.events);
		expect(told).toContain('"resumed"');
		expect(told).not.toMatch(/secret/i);
	});

	test("RES4 HTTP5 the log says why a client could not go on", () => {
		const { connect, host } = createWorld();
		const timmy = connect();
		const register = { type: "agent_register", agentId: "timmy" };
		timmy.send({ ...register, resume: true });
		const [ack] = timmy.messages();
		timmy.send({ type: "ping", received: 1 });
		timmy.close(1006);
		const gone = { session: ack?.session, received: 0 };
		connect().send({ ...register, resume: gone });
		const unknown = { session: "none.of-these", received: 0 };
		const scout = connect();
		scout.send({ ...register, agentId: "scout", resume: unknown });
		scout.messages();
		const why = host.events.filter(({ event }) => event === "notResumed");
		expect(why).toMatchObject([
			{ agentId: "timmy", reason: "gone" },
			{ agentId: "scout", reason: "unknown" },
		]);
		expect(JSON.stringify(why)).not.toContain("none.of-these");
	});
});
