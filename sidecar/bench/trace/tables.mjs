/** Journeys as tables: what the typical one and a late one wait for. */
import { round, toTable } from "../report.mjs";
import { createClock } from "./intervals.mjs";

/**
 * @typedef {import("./journeys.mjs").Journey} Journey
 * @typedef {import("./journeys.mjs").Notes} Notes
 * @typedef {import("./notes.mjs").Interval} Interval
 */

/** @type {[string, (journey: Journey) => number][]} */
const STAGES = [
	["due → sent (the generator is late)", (it) => it.sent - it.due],
	["sent → readable at the gateway", (it) => it.readable - it.sent],
	[
		"readable → read (the loop is busy, or wakes)",
		(it) => it.read - it.readable,
	],
	["read → parsed and ordered", (it) => it.ordered - it.read],
	["ordered → a flush is wanted (by choice)", (it) => it.wanted - it.ordered],
	["→ its timer runs (late)", (it) => it.timerRan - it.wanted],
	[
		"→ the flush begins (an immediate's turn)",
		(it) => it.flushed - it.timerRan,
	],
	["flush → its write (others' come first)", (it) => it.writing - it.flushed],
	["its write", (it) => it.written - it.writing],
	["readable at the client → read there", (it) => it.cameAt - it.written],
	["all", (it) => it.latency],
];

/**
 * @param {Notes} notes
 * @param {Journey[]} journeys
 * @returns {string[]} lines of Markdown
 */
export function stageTable(notes, journeys) {
	const sorted = [...journeys].sort(
		(one, other) => one.latency - other.latency,
	);
	const groups = [0.5, 0.9, 0.99, 0.999].map((share) => around(sorted, share));
	const ms = (/** @type {(journey: Journey) => number} */ measure) =>
		groups.map((group) => round(mean(group.map(measure)) / 1000));
	const row = (
		/** @type {[string, (journey: Journey) => number]} */ [title, measure],
	) => [title, ...ms(measure)];
	const head = ["p50 ms", "p90 ms", "p99 ms", "p99.9 ms"];
	return [
		...toTable(["stage", ...head], STAGES.map(row)),
		"",
		...toTable(
			["what the gateway does meanwhile, readable → written", ...head],
			activities(notes).map(row),
		),
		"",
		...toTable(
			["place in the flush, 0 first, 1 last", "p50", "p90", "p99", "p99.9"],
			[
				[
					"",
					...groups.map((group) => round(mean(group.map((it) => it.place)))),
				],
			],
		),
		"",
	];
}

/**
 * @param {Notes} notes
 * @returns {[string, (journey: Journey) => number][]}
 */
function activities({ reads, writes, callbacks, collections }) {
	const clocks = [reads, writes, callbacks, collections].map(createClock);
	const [reading, writing, calling, collecting] =
		/** @type {[Clock, Clock, Clock, Clock]} */ (clocks);
	return [
		[
			"reads others' messages",
			(it) => reading(it.readable, it.written) - reading(it.read, it.ordered),
		],
		["writes of earlier flushes", (it) => writing(it.readable, it.flushed)],
		["writes to others, same flush", (it) => writing(it.flushed, it.writing)],
		[
			"timers and immediates, without writes",
			(it) =>
				calling(it.readable, it.written) - writing(it.readable, it.written),
		],
		[
			"collects garbage (within the others)",
			(it) => collecting(it.readable, it.written),
		],
		[
			"none of these: sleeps, or libuv and the kernel",
			(it) =>
				it.written -
				it.readable -
				reading(it.readable, it.written) -
				calling(it.readable, it.written),
		],
	];
}

/** @typedef {ReturnType<typeof createClock>} Clock */

/**
 * What the gateway does in a second.
 * @param {Notes} notes
 * @param {import("./notes.mjs").Callback[]} flushes
 * @param {{ from: number, to: number }} time
 * @returns {string[]}
 */
export function rateLines(notes, flushes, { from, to }) {
	const seconds = (to - from) / 1e6;
	const within = (/** @type {Interval[]} */ all) =>
		all.filter(({ start }) => start >= from && start < to);
	const timers = /** @type {import("./notes.mjs").Callback[]} */ (
		within(notes.callbacks)
	).filter(({ isTimer }) => isTimer);
	/** @type {[string, number[]][]} */
	const lines = [
		["flushes of messages", within(flushes).map(lengthOf)],
		["writes", within(notes.writes).map(lengthOf)],
		["reads", within(notes.reads).map(lengthOf)],
		["timers, how late", timers.map(({ start, due }) => start - due)],
		["garbage collections", within(notes.collections).map(lengthOf)],
	];
	return lines.map(([title, lengths]) => rateLine(title, lengths, seconds));
}

/**
 * @param {string} title
 * @param {number[]} lengths
 * @param {number} seconds
 */
function rateLine(title, lengths, seconds) {
	const sorted = lengths.sort((one, other) => one - other);
	const at = (/** @type {number} */ share) =>
		round((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) / 1000);
	const total = lengths.reduce((sum, length) => sum + length, 0) / 1000;
	return `- ${title}: ${round(lengths.length / seconds)} a second, ${round(total / seconds)} ms in all; each p50 ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)} ms`;
}

/** @param {Interval} interval */
function lengthOf({ start, end }) {
	return end - start;
}

/**
 * Those whose latency is next to a percentile.
 * @param {Journey[]} sorted
 * @param {number} share
 */
function around(sorted, share) {
	const width = Math.min(0.005, (1 - share) / 5);
	const from = Math.floor((share - width) * sorted.length);
	return sorted.slice(from, Math.ceil((share + width) * sorted.length));
}

/** @param {number[]} values */
function mean(values) {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}
