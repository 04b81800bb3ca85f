/**
 * The work that is measured.
 *
 * @typedef {Record<string, string | number>} Load What the load generator is told.
 * @typedef {{ name: string, title: string, load: Load, quick?: Load, peers?: string[], args?: string[],
 *   halfOf?: string, withFlag?: "windows", long?: boolean }} Case
 *   `quick` overrides `load` in a quick run; `peers` are those that do it too, by default all; `args` are flags for the gateway.
 *   `halfOf` is other work: the rate is half of what saturates Bun at it, in this run.
 *   `long` work is no part of a quick run.
 *   `withFlag` is the flag without which it is measured only where it is named.
 *   Where `load.deflate` is 1, all clients offer compression, and the peers are those that compress.
 */

const ROOM = { clients: 1001, senders: 1, size: 200 };
const MESH = { clients: 200, senders: 50, size: 200, mode: "rate" };
const PAIRS = { clients: 200, senders: 200, mode: "pairs", join: "agent" };
const DIRECTED = { ...PAIRS, mode: "directed", poisson: 1 };
const STORM = { clients: 2000, mode: "storm", join: "agent" };
const IDLE = { clients: 10_000, mode: "idle" };

/** Others are saturated by half of what saturates Bun: they would only show a queue that grows. */
const CARRY_HALF = ["bun", "floor", "uws"];

/** Milliseconds, for the gateway's flag of that name. */
export const FLUSH_WINDOWS = [0, 1, 2, 5, 20];

/** How many different ones the receivers have. */
const FILTERS = [1, 4, 64];

/** @type {Case[]} */
const MAIN_CASES = [
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
	...FILTERS.map(filtered),
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
		name: "pairs-rate-200",
		title:
			"directed, 100 pairs, 200 bytes, at half of what saturates Bun, at random",
		load: { ...DIRECTED, size: 200 },
		halfOf: "pairs-200",
		peers: CARRY_HALF,
	},
	{
		name: "pairs-rate-4096",
		title:
			"directed, 100 pairs, 4 kB, at half of what saturates Bun, at random",
		load: { ...DIRECTED, size: 4096 },
		halfOf: "pairs-4096",
		peers: CARRY_HALF,
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

const SECURED = ["room-64", "room-200", "mesh-2000", "pairs-200"];
const SWEPT = ["room-200", "mesh-2000", "mesh-500"];

/** @type {Case[]} */
export const CASES = [
	...MAIN_CASES,
	...MAIN_CASES.filter(({ name }) => SECURED.includes(name)).map(withTls),
	...MAIN_CASES.filter(({ name }) => SWEPT.includes(name)).flatMap((work) =>
		FLUSH_WINDOWS.map((window) => withWindow(work, window)),
	),
];

/**
 * @param {number} filters
 * @returns {Case}
 */
function filtered(filters) {
	return {
		name: `room-64-filters-${filters}`,
		title: `same with agents, ${filters === 1 ? "all of one filter" : `of ${filters} filters`}`,
		load: { ...ROOM, window: 64, join: "agent", filters },
		peers: [],
		long: true,
	};
}

/**
 * @param {Case} work
 * @param {number} window
 * @returns {Case}
 */
function withWindow({ name, title, load }, window) {
	return {
		name: `${name}-window-${window}`,
		title: `${title}, a flush window of ${window} ms`,
		load,
		peers: [],
		args: ["--flush-window", String(window)],
		withFlag: "windows",
	};
}

/**
 * @param {Case} work
 * @returns {Case}
 */
function withTls({ name, title, load }) {
	return {
		name: `${name}-tls`,
		title: `${title}, over TLS`,
		load: { ...load, tls: 1 },
		peers: ["ws", "bun"],
		long: true,
	};
}
