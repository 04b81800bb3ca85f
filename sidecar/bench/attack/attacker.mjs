/** One attack, in a process of its own: `attacker.mjs <name> <port> <count>`. Its end ends it. */
import { once } from "node:events";
import { constants, setPriority } from "node:os";
import { setImmediate as turn } from "node:timers/promises";
import { CONTINUATION, flood, frame, open, openMany } from "./socket.mjs";

/** @typedef {import("node:net").Socket} Socket */

const [name = "", port, count] = process.argv.slice(2);
const PING = frame('{"type":"ping"}');
const FRAGMENTS = 16_000;
const LARGE = 255 * 1024;

/** @type {Record<string, (sockets: Socket[]) => Promise<void> | void>} */
const ATTACKS = {
	/** Pings, as fast as they can. */
	pings(sockets) {
		for (const socket of sockets) flood(socket, times(PING, 3_000));
	},
	/** Broadcasts, as fast as they can, and again after each close. */
	broadcasts(sockets) {
		const bytes = times(frame('{"type":"bark","text":"flood"}'), 1_000);
		for (const socket of sockets) goOn(socket, bytes);
	},
	/** The same to nobody. */
	astray(sockets) {
		const text = '{"type":"note","target_id":"nobody"}';
		for (const socket of sockets) goOn(socket, times(frame(text), 1_000));
	},
	/** What was opened stays. */
	opens() {},
	/** Messages of 255 kB to all. */
	shouts(sockets) {
		const text = "x".repeat(LARGE);
		for (const socket of sockets)
			goOn(socket, frame(`{"type":"note","text":"${text}"}`));
	},
	/** Messages of 255 kB, each to its sender. */
	large(sockets) {
		for (const [index, socket] of sockets.entries()) {
			const self = `large-${process.pid}-${index}`;
			socket.write(frame(`{"type":"agent_register","agentId":"${self}"}`));
			const text = "x".repeat(LARGE);
			flood(
				socket,
				frame(`{"type":"note","target_id":"${self}","text":"${text}"}`),
			);
		}
	},
	/** Text of one byte in each of 16,000 fragments, and no end. */
	async fragments(sockets) {
		const middle = frame("x", { opcode: CONTINUATION, final: false });
		const bytes = Buffer.concat([
			frame("x", { final: false }),
			times(middle, FRAGMENTS - 1),
		]);
		await Promise.all(sockets.map((socket) => written(socket, bytes)));
	},
	/** One frame of 255 kB that comes a byte in a segment, and not all of it. */
	async dribble(sockets) {
		const bytes = frame("x".repeat(LARGE));
		for (let at = 0; at < FRAGMENTS; at++) {
			for (const socket of sockets) socket.write(bytes.subarray(at, at + 1));
			await turn();
		}
	},
	/** Messages of 255 kB, none of them whole. */
	async halves(sockets) {
		const bytes = frame("x".repeat(LARGE)).subarray(0, -1);
		await Promise.all(sockets.map((socket) => written(socket, bytes)));
	},
};

/**
 * @param {Buffer} bytes
 * @param {number} count
 */
function times(bytes, count) {
	return Buffer.concat(Array.from({ length: count }, () => bytes));
}

/**
 * Floods, and comes back when it is closed.
 * @param {Socket} socket
 * @param {Buffer} bytes
 */
function goOn(socket, bytes) {
	socket.once("close", async () => {
		const next = await open(Number(port));
		if (next) goOn(next, bytes);
	});
	flood(socket, bytes);
}

/**
 * @param {Socket} socket
 * @param {Buffer} bytes
 */
async function written(socket, bytes) {
	if (socket.destroyed) return;
	if (socket.write(bytes)) return;
	await Promise.race([once(socket, "drain"), once(socket, "close")]);
}

// Who attacks has a machine of its own: it is to take what time the gateway and the pair leave, and no more.
setPriority(constants.priority.PRIORITY_LOW);
process.send?.({ begun: true });
const sockets = await openMany(Number(port), Number(count));
process.send?.({ connected: sockets.length });
await ATTACKS[name]?.(sockets);
process.send?.({
	done: true,
	open: sockets.filter(({ destroyed }) => !destroyed).length,
});
process.on("disconnect", () => process.exit());
