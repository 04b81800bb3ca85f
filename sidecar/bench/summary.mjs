/**
 * Several rounds of one hub at one piece of work, as one line.
 *
 * @typedef {import("./measure.mjs").Measurement} Measurement
 * @typedef {Measurement & { work: string, hub: string, rounds: number, min?: number, max?: number }} Summary
 */

const KEYS = /** @type {const} */ ([
	"perSecond",
	"serverCpu",
	"serverBusy",
	"loadBusy",
	"others",
	"rate",
	"carried",
	"lateP99",
	"p50",
	"p90",
	"p99",
	"p999",
	"kilobytes",
	"longestTurn",
	"reconnects",
]);

/**
 * Takes the median of each figure.
 * @param {string} work
 * @param {string} hub
 * @param {Measurement[]} measurements
 * @returns {Summary}
 */
export function summarize(work, hub, measurements) {
	const error = measurements.find((measurement) => measurement.error)?.error;
	const summary = { work, hub, rounds: measurements.length };
	if (error) return { ...summary, error };
	const medians = KEYS.map((key) => [key, median(valuesOf(measurements, key))]);
	const main = valuesOf(measurements, mainKey(measurements));
	return {
		...summary,
		...Object.fromEntries(medians.filter(([, value]) => value !== undefined)),
		min: main.at(0),
		max: main.at(-1),
	};
}

/** @param {Summary} summary */
export function isDisturbed({ others = 0 }) {
	return others > 0.1;
}

/** @param {Summary} summary */
export function isLoadBound({ loadBusy = 0, serverBusy = 0 }) {
	return loadBusy >= 0.9 && serverBusy < 0.9;
}

/**
 * Whether the hub fell behind what was due: then its latency is that of a queue that grows.
 * @param {Summary} summary
 */
export function isBehind({ carried = 1 }) {
	return carried < 0.97;
}

/**
 * Whether much of the latency is that the generator sent late.
 * @param {Summary} summary
 */
export function isSentLate({ lateP99 = 0, p99 = 0 }) {
	return lateP99 > p99 / 5;
}

/**
 * @param {Measurement[]} measurements
 * @returns {"kilobytes" | "perSecond"}
 */
function mainKey([first]) {
	return first?.kilobytes === undefined ? "perSecond" : "kilobytes";
}

/**
 * @param {Measurement[]} measurements
 * @param {(typeof KEYS)[number]} key
 */
function valuesOf(measurements, key) {
	return measurements
		.flatMap((measurement) => measurement[key] ?? [])
		.sort((one, other) => one - other);
}

/** @param {number[]} sorted */
function median(sorted) {
	const middle = sorted.length / 2;
	const [low, high] = [
		sorted[Math.ceil(middle) - 1],
		sorted[Math.floor(middle)],
	];
	return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
