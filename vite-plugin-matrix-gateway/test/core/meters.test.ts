/** What is counted for those who watch a gateway. */
import { describe, expect, test } from "vitest";
import { createWorld } from "./support/world.ts";

test("MET1 connections by what they are, and agents", () => {
	const { agent, viewer, connect, gateway } = createWorld();
	const timmy = agent("timmy");
	agent("ada");
	viewer();
	connect();
	timmy.register("timmy-two");
	expect(gateway.meters()).toMatchObject({
		connections: { new: 1, viewer: 1, agent: 2, closing: 0 },
		agents: { online: 3, detached: 0 },
		isReady: true,
		order: "ok",
	});
});

test("MET1 messages by what became of them, those of who has left included", () => {
	const { agent, viewer, gateway, forget } = createWorld();
	const timmy = agent("timmy");
	const watcher = viewer();
	timmy.send({ type: "bark" });
	timmy.send({ type: "note", target_id: "timmy" });
	timmy.send({ type: "note", target_id: "nobody" });
	timmy.send("{");
	timmy.send({ type: "gateway_hello" });
	forget();
	const { deliveries, ...meters } = gateway.meters();
	expect(meters).toMatchObject({
		received: 6,
		routed: { broadcast: 1, directed: 1, undeliverable: 1 },
	});
	expect(Object.fromEntries(meters.errors)).toEqual({
		target_offline: 1,
		bad_message: 1,
		reserved_type: 1,
	});
	const statuses = gateway.status().agents.map(({ sent }) => sent);
	// The viewer had its greeting and the bark.
	expect(deliveries).toBe((statuses[0] ?? 0) + 2);
	watcher.close();
	timmy.close();
	forget();
	expect(gateway.meters().deliveries).toBe(deliveries);
});

describe("ends of connections", () => {
	test("MET1 each counts once, by the gateway's code or else the client's", () => {
		const maxBufferedBytes = 1_000;
		const { agent, connect, gateway, host } = createWorld({ maxBufferedBytes });
		const timmy = agent("timmy");
		connect().close(1001);
		const old = agent("taken");
		connect().register("taken");
		host.turn();
		const slow = agent("slow");
		const text = "x".repeat(maxBufferedBytes + 1);
		slow.send({ type: "note", text, target_id: "slow" });
		slow.messages();
		slow.socket.bufferedBytes = maxBufferedBytes + 1;
		timmy.send({ type: "bark" });
		slow.messages();
		const expected = { 1001: 1, 4009: 1, 4201: 1 };
		expect(Object.fromEntries(gateway.meters().closes)).toEqual(expected);
		// What comes of their closing handshakes is no further end.
		slow.close(1006);
		old.close(4009);
		expect(Object.fromEntries(gateway.meters().closes)).toEqual(expected);
	});

	test("MET1 who stopped answering counts once, as that", () => {
		const { agent, gateway, host } = createWorld({ heartbeatInterval: 1_000 });
		agent("lost");
		host.advance(5_000);
		const { closes } = gateway.meters();
		expect(Object.fromEntries(closes)).toEqual({ 4203: 1 });
	});
});

test("MET1 clients that came back, by what became of them", () => {
	const { connect, gateway } = createWorld();
	const first = connect();
	first.send({ type: "agent_register", agentId: "ada", resume: true });
	const [{ session } = { session: undefined }] = first.messages();
	first.close(1006);
	const resume = { session, received: 1 };
	const back = connect();
	back.send({ type: "agent_register", agentId: "ada", resume });
	back.messages();
	const stranger = connect();
	const unknown = { session: "none.such", received: 0 };
	stranger.send({ type: "agent_register", agentId: "bea", resume: unknown });
	stranger.messages();
	const { resumes } = gateway.meters();
	expect(Object.fromEntries(resumes)).toEqual({ resumed: 1, unknown: 1 });
});

test("MET1 what is kept and what waits, in bytes", () => {
	const { agent, connect, gateway } = createWorld();
	const empty = gateway.meters();
	expect(empty).toMatchObject({
		bufferedBytes: 0,
		retainedBytes: 0,
		logBytes: 0,
		sessionBytes: 0,
	});
	const ada = connect();
	ada.send({ type: "agent_register", agentId: "ada", resume: true });
	const text = "x".repeat(1_000);
	const timmy = agent("timmy");
	timmy.send({ type: "scene", text, retain: { key: "scene" } });
	timmy.send({ type: "note", text, target_id: "ada" });
	ada.messages();
	ada.socket.bufferedBytes = 77;
	const meters = gateway.meters();
	expect(meters.bufferedBytes).toBe(77);
	for (const bytes of [
		meters.retainedBytes,
		meters.logBytes,
		meters.sessionBytes,
	])
		expect(bytes).toBeGreaterThan(1_000);
	expect(meters.retainedBytes).toBeLessThan(2_000);
});

test("MET1 how long flushes took", () => {
	const { agent, viewer, gateway, host } = createWorld();
	const timmy = agent("timmy");
	const { socket } = viewer();
	const before = gateway.meters().flushes;
	const { count, sum } = before;
	const write = socket.writeFrames.bind(socket);
	socket.writeFrames = (frames) => {
		host.sleep(7);
		return write(frames);
	};
	timmy.send({ type: "bark" });
	host.turn();
	timmy.settle();
	host.turn();
	const { flushes } = gateway.meters();
	expect(flushes.count - count).toBe(1);
	expect(flushes.sum - sum).toBe(7);
	expect(flushes.counts[flushes.bounds.indexOf(10)]).toBe(1);
});
