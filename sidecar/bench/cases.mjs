/**
 * The work that is measured, and what the gateway must reach at it.
 *
 * @typedef {Record<string, string | number>} Load What the load generator is told.
 * @typedef {{ name: string, title: string, load: Load, quick?: Load, peers?: string[], args?: string[] }} Case
 *   `quick` overrides `load` in a quick run; `peers` are those that do it too, by default all; `args` are flags for the gateway.
 *   Where `load.deflate` is 1, all clients offer compression, and the peers are those that compress.
 */

const ROOM = { clients: 1001, senders: 1, size: 200 };
const MESH = { clients: 200, senders: 50, size: 200, mode: "rate" };
const PAIRS = { clients: 200, senders: 200, mode: "pairs", join: "agent" };
const STORM = { clients: 2000, mode: "storm", join: "agent" };
const IDLE = { clients: 10_000, mode: "idle" };

/** @type {Case[]} */
export const CASES = [
	{
		name: "room-64",
		title: "one room, 1,000 receivers, 64 messages in flight",
		load: { ...ROOM, window: 64 },
	},
	{
		name: "room-64-stalled",
		title: "same, with a reader that stalls",
		load: { ...ROOM, window: 64, stalled: 1 },
		peers: [],
	},
	{
		name: "room-64-agents",
		title: "same, every receiver an agent",
		load: { ...ROOM, window: 64, join: "agent" },
		peers: [],
	},
	{
		name: "room-64-mixed",
		title: "same with agents, a tenth of the messages directed",
		load: { ...ROOM, window: 64, directed_every: 10, join: "agent" },
		peers: [],
	},
	{
		name: "room-64-resume",
		title: "same with agents, every one with a session",
		load: { ...ROOM, window: 64, join: "resume" },
		peers: [],
	},
	{
		name: "room-64-of-100",
		title: "one room, 100 receivers, 64 in flight",
		load: { ...ROOM, clients: 101, window: 64 },
		peers: ["floor"],
	},
	{
		name: "room-64-of-5000",
		title: "same, 5,000 receivers",
		load: { ...ROOM, clients: 5001, window: 64 },
		peers: ["floor"],
	},
	{
		name: "deflate-64-of-100",
		title: "same, 100 receivers, everything compressed",
		load: { ...ROOM, clients: 101, window: 64, deflate: 1 },
		args: ["--compression", "--compression-threshold", "1"],
	},
	{
		name: "room-1",
		title: "one room, 1,000 receivers, 1 message in flight",
		load: { ...ROOM, window: 1 },
	},
	{
		name: "room-200",
		title: "one room, 1,000 receivers, 200 messages/s",
		load: { ...ROOM, mode: "rate", rate: 200 },
	},
	{
		name: "room-50",
		title: "one room, 1,000 receivers, 50 messages/s",
		load: { ...ROOM, mode: "rate", rate: 50 },
	},
	{
		name: "mesh-2000",
		title: "all to all, 50 senders, 200 receivers, 2,000 messages/s",
		load: { ...MESH, rate: 2000 },
	},
	{
		name: "mesh-500",
		title: "all to all, 50 senders, 200 receivers, 500 messages/s",
		load: { ...MESH, rate: 500 },
	},
	{
		name: "pairs-200",
		title: "directed ping-pong, 100 pairs, 200 bytes",
		load: { ...PAIRS, size: 200 },
	},
	{
		name: "pairs-4096",
		title: "directed ping-pong, 100 pairs, 4 kB",
		load: { ...PAIRS, size: 4096 },
	},
	{
		name: "storm",
		title: "2,000 clients join at once, each join told to all",
		load: STORM,
		quick: { clients: 1000 },
	},
	{
		name: "idle",
		title: "10,000 idle connections",
		load: IDLE,
		// Ten times as often as by default, so that a whole sweep falls into a short run. One turn
		// of it pings as many.
		args: ["--heartbeat-interval", "3000"],
	},
	{
		name: "idle-resume",
		title: "same, every connection with a session",
		load: { ...IDLE, join: "resume" },
		quick: { clients: 2000 },
		peers: [],
		args: ["--heartbeat-interval", "3000"],
	},
];

/**
 * @typedef {import("./summary.mjs").Summary} Summary
 * @typedef {(work: string, hub: string) => Summary | undefined} Find
 * @typedef {{ what: string, atLeast?: number, atMost?: number, measure: (find: Find) => number | undefined }} Gate
 */

/** @type {Gate[]} */
export const GATES = [
	...throughput("room-64", { ws: 50, bun: 1.5, floor: 0.65 }),
	...throughput("deflate-64-of-100", { "ws-deflate": 25 }),
	...throughput("room-1", { ws: 1.25, bun: 0.65 }),
	...throughput("room-200", { ws: 3.5, bun: 1.4 }),
	latency("room-200", 40),
	...throughput("room-50", { ws: 1 / 0.75 }),
	{
		what: "room-50: p99 over plain ws",
		atMost: 0.5,
		measure: (find) =>
			ratio("p99", find("room-50", "matrix"), find("room-50", "ws")),
	},
	...throughput("mesh-2000", { ws: 5, bun: 1.8 }),
	latency("mesh-2000", 10),
	...throughput("mesh-500", { ws: 2.2, bun: 1 }),
	...throughput("pairs-200", { ws: 1.3 }),
	...throughput("pairs-4096", { ws: 2.2 }),
	...throughput("storm", { ws: 15 }),
	{
		what: "idle: kB a connection",
		atMost: 7,
		measure: (find) => find("idle", "matrix")?.kilobytes,
	},
	{
		what: "idle: longest turn, ms",
		atMost: 5,
		measure: (find) => find("idle", "matrix")?.longestTurn,
	},
	{
		what: "cost a delivery, 5,000 receivers over 100",
		atMost: 1.3,
		measure: (find) =>
			ratio(
				"perSecond",
				find("room-64-of-100", "matrix"),
				find("room-64-of-5000", "matrix"),
			),
	},
	hardlyLess("room-64-stalled", "room-64"),
	hardlyLess("room-64-mixed", "room-64-agents"),
	hardlyLess("room-64-resume", "room-64-agents"),
];

/**
 * @param {string} work
 * @param {Record<string, number>} peers
 * @returns {Gate[]}
 */
function throughput(work, peers) {
	return Object.entries(peers).map(([peer, atLeast]) => ({
		what: `${work}: throughput over ${peer}`,
		atLeast,
		measure: (find) =>
			ratio("perSecond", find(work, "matrix"), find(work, peer)),
	}));
}

/**
 * @param {string} work
 * @param {string} without
 * @returns {Gate}
 */
function hardlyLess(work, without) {
	return {
		what: `${work} over ${without}`,
		atLeast: 0.85,
		measure: (find) =>
			ratio("perSecond", find(work, "matrix"), find(without, "matrix")),
	};
}

/**
 * @param {string} work
 * @param {number} atMost
 * @returns {Gate}
 */
function latency(work, atMost) {
	return {
		what: `${work}: p99, ms`,
		atMost,
		measure: (find) => find(work, "matrix")?.p99,
	};
}

/**
 * @param {"perSecond" | "p99"} key
 * @param {Summary | undefined} one
 * @param {Summary | undefined} other
 */
function ratio(key, one, other) {
	const [numerator, denominator] = [one?.[key], other?.[key]];
	return numerator && denominator ? numerator / denominator : undefined;
}
