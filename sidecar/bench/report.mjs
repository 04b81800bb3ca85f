/** Results as text: a table for each piece of work. */
import { CASES } from "./cases.mjs";
import { HUBS } from "./hubs.mjs";
import { isBehind, isDisturbed, isLoadBound } from "./summary.mjs";

/** @typedef {import("./summary.mjs").Summary} Summary */

/**
 * @param {Summary[]} summaries
 * @returns {string} Markdown
 */
export function toTables(summaries) {
	return CASES.flatMap(({ name, title }) => {
		const own = summaries.filter(({ work }) => work === name);
		const base = own.find(({ hub }) => hub === "ws");
		if (own.length === 0) return [];
		return [
			`**${name}**: ${title}${rateOf(own)}`,
			"",
			...(own[0]?.kilobytes ? memoryTable(own) : costTable(own, base)),
			"",
		];
	}).join("\n");
}

/** @param {Summary} summary */
export function toLine(summary) {
	if (summary.error) return `failed: ${summary.error}`;
	if (summary.kilobytes !== undefined)
		return `${round(summary.kilobytes)} kB a connection${turn(summary)}`;
	const bound = isLoadBound(summary)
		? "  THE LOAD GENERATOR WAS THE BOTTLENECK"
		: "";
	const others = isDisturbed(summary)
		? `, others ${percent(summary.others)}`
		: "";
	const again = summary.reconnects ? `, ${summary.reconnects} reconnects` : "";
	return `${count(summary.perSecond)} deliveries per CPU s, server ${percent(summary.serverBusy)}, load ${percent(summary.loadBusy)}${waits(summary)}${again}${others}${bound}`;
}

/**
 * @param {Summary[]} summaries
 * @param {Summary | undefined} base
 */
function costTable(summaries, base) {
	return toTable(
		[
			"hub",
			"deliveries per CPU s",
			"× plain ws",
			"min–max",
			"µs each",
			"p50 ms",
			"p90 ms",
			"p99 ms",
			"p99.9 ms",
			"server",
			"load",
			"others",
		],
		summaries.map((summary) =>
			summary.error
				? [labelOf(summary), `failed: ${summary.error}`]
				: [
						labelOf(summary),
						count(summary.perSecond),
						base?.perSecond
							? round((summary.perSecond ?? 0) / base.perSecond)
							: "",
						`${count(summary.min)}–${count(summary.max)}`,
						round(1e6 / (summary.perSecond ?? 0)),
						round(summary.p50) + (isBehind(summary) ? " (behind!)" : ""),
						round(summary.p90),
						round(summary.p99),
						round(summary.p999),
						percent(summary.serverBusy),
						percent(summary.loadBusy) +
							(isLoadBound(summary) ? " (bottleneck!)" : ""),
						percent(summary.others) + (isDisturbed(summary) ? " (!)" : ""),
					],
		),
	);
}

/** @param {Summary[]} summaries */
function memoryTable(summaries) {
	return toTable(
		["hub", "kB a connection", "min–max", "longest turn ms"],
		summaries.map((summary) =>
			summary.error
				? [labelOf(summary), `failed: ${summary.error}`]
				: [
						labelOf(summary),
						round(summary.kilobytes),
						`${round(summary.min)}–${round(summary.max)}`,
						round(summary.longestTurn),
					],
		),
	);
}

/**
 * @param {readonly string[]} head
 * @param {string[][]} rows
 */
export function toTable(head, rows) {
	const widths = head.map((title, column) =>
		Math.max(
			title.length,
			...rows.map((row) => (row.length > 2 ? (row[column]?.length ?? 0) : 0)),
		),
	);
	const line = (/** @type {readonly string[]} */ cells) =>
		`| ${head.map((_, column) => (cells[column] ?? "")[column === 0 ? "padEnd" : "padStart"](widths[column] ?? 0)).join(" | ")} |`;
	const rule = widths.map((width, column) =>
		column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
	);
	return [line(head), `| ${rule.join(" | ")} |`, ...rows.map(line)];
}

/** @param {Summary[]} summaries */
function rateOf([first]) {
	const rate = first?.rate;
	return rate === undefined ? "" : `, ${count(rate)} messages/s`;
}

/** @param {Summary} summary */
function waits({ p50, p90, p99, p999, ...summary }) {
	if (p99 === undefined) return "";
	const times = [p50, p90, p99, p999].map(round).join(" / ");
	return `, p50 / 90 / 99 / 99.9: ${times} ms${isBehind(summary) ? " BEHIND" : ""}`;
}

/** @param {Summary} summary */
function turn({ longestTurn }) {
	return longestTurn === undefined
		? ""
		: `, longest turn ${round(longestTurn)} ms`;
}

/** @param {{ hub: string }} summary */
function labelOf({ hub }) {
	if (hub === "before") return "Matrix gateway before";
	return HUBS.find(({ name }) => name === hub)?.label ?? hub;
}

/** @param {number} [value] */
export function count(value = 0) {
	if (value >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
	return value >= 1e3
		? `${(value / 1e3).toFixed(value >= 1e5 ? 0 : 1)} k`
		: round(value);
}

/** @param {number} [value] */
export function round(value) {
	if (value === undefined) return "";
	return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}

/** @param {number} [share] */
function percent(share = 0) {
	return `${Math.round(share * 100)} %`;
}
