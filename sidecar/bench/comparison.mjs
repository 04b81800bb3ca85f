/** What the gateway gained or lost against another build of it, where one was measured beside it. */
import { CASES } from "./cases.mjs";
import { round, toTable } from "./report.mjs";

/** @typedef {import("./summary.mjs").Summary} Summary */

const FIGURES = /** @type {const} */ ([
	["deliveries per CPU s", "perSecond"],
	["p50", "p50"],
	["p90", "p90"],
	["p99", "p99"],
	["p99.9", "p999"],
	["kB a connection", "kilobytes"],
]);

/**
 * @param {Summary[]} summaries
 * @returns {string[]} lines of Markdown; none where no other build was measured
 */
export function toComparison(summaries) {
	const find = (/** @type {string} */ work, /** @type {string} */ hub) =>
		summaries.find((summary) => summary.work === work && summary.hub === hub);
	const rows = CASES.flatMap(({ name }) => {
		const [now, before] = [find(name, "matrix"), find(name, "before")];
		if (!now || !before) return [];
		const ratios = FIGURES.map(([, key]) => ratio(now[key], before[key]));
		return [[name, ...ratios]];
	});
	if (rows.length === 0) return [];
	const head = ["now over before", ...FIGURES.map(([title]) => title)];
	return [
		"**before**: each figure over the other build's",
		"",
		...toTable(head, rows),
		"",
	];
}

/**
 * @param {number | undefined} one
 * @param {number | undefined} other
 */
function ratio(one, other) {
	return one && other ? round(one / other) : "";
}
