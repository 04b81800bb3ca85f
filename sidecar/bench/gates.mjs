/**
 * What the gateway must reach.
 *
 * @typedef {import("./summary.mjs").Summary} Summary
 * @typedef {"perSecond" | "p50" | "p99"} Key
 * @typedef {(work: string, hub: string) => Summary | undefined} Find
 * @typedef {{ what: string, atLeast?: number, atMost?: number, measure: (find: Find, hub: string) => number | undefined }} Gate
 *   `measure` is asked for the gateway, and for the C program where the gateway misses the gate.
 */
import { FLUSH_WINDOWS } from "./cases.mjs";

/** @type {Gate[]} */
export const GATES = [
	...throughput("room-64", { ws: 50, bun: 1.5, floor: 0.65 }),
	...throughput("deflate-64-of-100", { "ws-deflate": 25 }),
	...throughput("room-1", { ws: 1.25, bun: 0.65 }),
	...throughput("room-200", { ws: 3.5, bun: 1 / 0.9 }),
	latency("room-200", 40),
	...waiting("room-200", "bun", { p50: 1.5, p99: 1.5 }),
	...throughput("room-50", { ws: 1 / 0.75 }),
	...waiting("room-50", "ws", { p99: 0.5 }),
	{
		what: "room-50: p99 over Bun's or the C program's, the larger",
		atMost: 1.1,
		measure(find, hub) {
			const peers = ["bun", "floor"].flatMap(
				(peer) => find("room-50", peer)?.p99 ?? [],
			);
			const own = find("room-50", hub)?.p99;
			return own && peers.length > 0 ? own / Math.max(...peers) : undefined;
		},
	},
	...throughput("mesh-2000", { ws: 5, bun: 1 / 0.7 }),
	latency("mesh-2000", 10),
	...waiting("mesh-2000", "bun", { p50: 2.5, p99: 2 }),
	...throughput("mesh-500", { ws: 2.2, bun: 1 }),
	...waiting("mesh-500", "bun", { p99: 1.5 }),
	...throughput("pairs-200", { ws: 1.3 }),
	...throughput("pairs-4096", { ws: 2.2 }),
	...["pairs-200", "pairs-4096"].flatMap((work) => [
		...waiting(work, "bun", { p50: 2, p99: 2 }),
		...throughput(work, { before: 0.97 }),
	]),
	...["pairs-rate-200", "pairs-rate-4096"].flatMap((work) =>
		waiting(work, "bun", { p50: 1.5, p99: 1.5 }),
	),
	...throughput("storm", { ws: 15 }),
	{
		what: "idle: kB a connection",
		atMost: 7,
		measure: (find, hub) => find("idle", hub)?.kilobytes,
	},
	{
		what: "idle: longest turn, ms",
		atMost: 5,
		measure: (find, hub) => find("idle", hub)?.longestTurn,
	},
	{
		what: "cost a delivery, 5,000 receivers over 100",
		atMost: 1.3,
		measure: (find, hub) =>
			ratio(
				"perSecond",
				find("room-64-of-100", hub),
				find("room-64-of-5000", hub),
			),
	},
	{
		what: "cost a delivery, receivers of 4 filters over those of one",
		atMost: 1.3,
		measure: (find, hub) =>
			ratio(
				"perSecond",
				find("room-64-filters-1", hub),
				find("room-64-filters-4", hub),
			),
	},
	hardlyLess("room-64-stalled", "room-64"),
	hardlyLess("room-64-mixed", "room-64-agents"),
	hardlyLess("room-64-resume", "room-64-agents"),
	...[
		"room-64",
		"room-64-stalled",
		"room-1",
		"deflate-64-of-100",
		"storm",
	].flatMap((work) => throughput(work, { before: 0.95 })),
	...["room-200", "mesh-2000", "mesh-500"].flatMap((work) => [
		smallerIsNoSlower(work, "p50"),
		smallerIsNoSlower(work, "p99"),
	]),
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
		measure: (find, hub) =>
			ratio("perSecond", find(work, hub), find(work, peer)),
	}));
}

/**
 * @param {string} work
 * @param {string} peer
 * @param {Partial<Record<Key, number>>} most
 * @returns {Gate[]}
 */
function waiting(work, peer, most) {
	return /** @type {[Key, number][]} */ (Object.entries(most)).map(
		([key, atMost]) => ({
			what: `${work}: ${key} over ${peer}`,
			atMost,
			measure: (find, hub) => ratio(key, find(work, hub), find(work, peer)),
		}),
	);
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
		measure: (find, hub) =>
			ratio("perSecond", find(work, hub), find(without, hub)),
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
		measure: (find, hub) => find(work, hub)?.p99,
	};
}

/**
 * How much a larger flush window gets a message there sooner: what rounds differ by, and no more.
 * @param {string} work
 * @param {Key} key
 * @returns {Gate}
 */
function smallerIsNoSlower(work, key) {
	return {
		what: `${work}: ${key} of a larger flush window over a smaller's`,
		atLeast: 0.9,
		measure(find, hub) {
			const figures = FLUSH_WINDOWS.filter((window) => window > 0).flatMap(
				(window) => find(`${work}-window-${window}`, hub)?.[key] ?? [],
			);
			const ratios = figures.flatMap((smaller, at) =>
				figures.slice(at + 1).map((larger) => larger / smaller),
			);
			return ratios.length > 0 ? Math.min(...ratios) : undefined;
		},
	};
}

/**
 * @param {Key} key
 * @param {Summary | undefined} one
 * @param {Summary | undefined} other
 */
function ratio(key, one, other) {
	const [numerator, denominator] = [one?.[key], other?.[key]];
	return numerator && denominator ? numerator / denominator : undefined;
}
