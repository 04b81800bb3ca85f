import { expect, test } from "vitest";
import type { Socket } from "../../src/core/edge/host.ts";
import { createGateway } from "../../src/core/gateway.ts";
import { DEFAULTS } from "../../src/core/protocol/protocol.ts";
import { heapUsed } from "../support/heap.ts";
import { createFakeHost } from "./support/host.ts";

/** Takes everything and remembers nothing. */
const forgetful: Socket = {
	bufferedBytes: 0,
	writeFrames: () => 0,
	ping() {},
	close() {},
	terminate() {},
};

const bytes = (message: object) =>
	new TextEncoder().encode(JSON.stringify(message));

test("RES4 10,000 sessions that never come back give their memory back, and leave no timer", () => {
	const host = createFakeHost();
	const { onEvent: _, ...silent } = host;
	// The rosters of 10,000 acks are 2 GB of text, and not what this is about.
	const encode = ({ length }: { length: number }) =>
		new Uint8Array(Math.min(length, 100));
	const gateway = createGateway({ ...silent, encode });

	function connect(agentId: string) {
		const connection = gateway.open(forgetful);
		const register = { type: "agent_register", agentId, resume: true };
		connection.receive(bytes(register), false);
		return connection;
	}

	/** Each drops with something of its own waiting for it, and something of everyone's. */
	function dropSessions(): void {
		const sender = connect("sender");
		for (let n = 0; n < 10_000; n++) {
			connect(`agent-${n}`).closed(1006);
			const text = "x".repeat(50);
			const target_id = `agent-${n}`;
			sender.receive(bytes({ type: "note", target_id, text }), false);
		}
		sender.receive(bytes({ type: "bark", text: "x".repeat(1_000) }), false);
		sender.closed(1000);
		host.advance(DEFAULTS.flushWindow);
	}

	function expire(): void {
		host.advance(60_000);
		host.advance(DEFAULTS.flushWindow);
	}

	// The first times warm up what grows but once.
	for (let round = 0; round < 2; round++) {
		dropSessions();
		expire();
	}
	const start = heapUsed();
	dropSessions();
	expect(gateway.status().agents).toHaveLength(10_000);
	const grown = heapUsed() - start;
	expect(grown).toBeGreaterThan(5_000_000);
	expire();
	// Against what it grew, since what else is on the heap comes and goes.
	expect(heapUsed() - start).toBeLessThan(0.1 * grown);
	expect(gateway.status().agents).toEqual([]);
	expect(host.timers).toBe(0);
}, 60_000);

test("RES2 a session that waits for its client keeps nothing of its socket", async () => {
	const host = createFakeHost();
	const gateway = createGateway(host);
	const open = () => {
		const socket = { ...forgetful };
		const connection = gateway.open(socket);
		const register = { type: "agent_register", agentId: "a", resume: true };
		connection.receive(bytes(register), false);
		connection.closed(1006);
		return new WeakRef(socket);
	};
	const socket = open();
	// Until then it is among those with frames of their own.
	host.turn();
	// What a WeakRef was asked for or made with stays for the turn.
	await new Promise(setImmediate);
	heapUsed();
	expect(gateway.status().agents).toMatchObject([{ state: "detached" }]);
	expect(socket.deref()).toBeUndefined();
});
