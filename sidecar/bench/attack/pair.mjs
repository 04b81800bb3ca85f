/** Two well-behaved agents that answer each other, and how long that takes. */
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { WebSocket } from "ws";

/**
 * @typedef {object} Times of the round trips in a span of time, in milliseconds.
 * @property {number} count
 * @property {number} p50
 * @property {number} p99
 * @property {number} longest The one that was not answered by the end included.
 */

/** Between an answer and the next question. */
const PAUSE = 10;

/** @param {number} port */
export async function openPair(port) {
	const [asking, answering] = await Promise.all([
		join(port, "asking"),
		join(port, "answering"),
	]);
	answering.on("message", (data) => {
		if (String(data).includes('"question"'))
			answering.send('{"type":"answer","target_id":"asking"}');
	});

	const gone = new Promise((resolve) => asking.once("close", resolve));

	/** One round trip, however long it takes; a gateway that has died gives none. */
	function answer() {
		const ended = Promise.race([next(asking, "answer"), gone]);
		asking.send('{"type":"question","target_id":"answering"}', () => {});
		return ended;
	}

	/**
	 * @param {number} seconds
	 * @returns {Promise<Times>}
	 */
	async function measure(seconds) {
		const end = performance.now() + seconds * 1_000;
		const times = [];
		while (performance.now() < end) {
			const start = performance.now();
			await Promise.race([
				answer(),
				wait(end - start, undefined, { ref: false }),
			]);
			times.push(performance.now() - start);
			await wait(PAUSE);
		}
		times.sort((one, other) => one - other);
		const at = (/** @type {number} */ part) =>
			times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
		return {
			count: times.length,
			p50: at(0.5),
			p99: at(0.99),
			longest: at(1),
		};
	}

	return {
		measure,
		answer,
		close() {
			asking.terminate();
			answering.terminate();
		},
	};
}

/**
 * @param {number} port
 * @param {string} agentId
 */
async function join(port, agentId) {
	const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/matrix`);
	socket.on("error", () => {});
	await new Promise((resolve) => socket.once("open", resolve));
	const registered = next(socket, "agent_registered");
	socket.send(JSON.stringify({ type: "agent_register", agentId }));
	await registered;
	return socket;
}

/**
 * @param {WebSocket} socket
 * @param {string} type
 * @returns {Promise<void>}
 */
function next(socket, type) {
	return new Promise((resolve) => {
		const read = (/** @type {import("ws").RawData} */ data) => {
			if (!String(data).includes(`"${type}"`)) return;
			socket.off("message", read);
			resolve();
		};
		socket.on("message", read);
	});
}
