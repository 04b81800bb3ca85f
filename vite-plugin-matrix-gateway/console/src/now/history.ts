/** The last minutes of what the strip of charts shows, and no more. */
import type { Report } from "../../../src/node/console/wire.ts";

/** Points of each line: five minutes, where one comes a second. */
const MOST = 300;

export const SERIES = [
	{ name: "messages", label: "Messages in", unit: "/s" },
	{ name: "deliveries", label: "Deliveries", unit: "/s" },
	{ name: "flush", label: "Flush", unit: "ms" },
	{ name: "lag", label: "Loop lag p99", unit: "ms" },
	{ name: "memory", label: "Memory", unit: "bytes" },
] as const;

export type SeriesName = (typeof SERIES)[number]["name"];

export interface History {
	/** Seconds since 1970. */
	readonly at: readonly number[];
	readonly lines: Readonly<Record<SeriesName, readonly number[]>>;
}

export const NO_HISTORY: History = {
	at: [],
	lines: { messages: [], deliveries: [], flush: [], lag: [], memory: [] },
};

/** The history with what came between two reports. */
export function goOn(history: History, now: Report, before: Report): History {
	const seconds = (now.at - before.at) / 1_000;
	// The gateway has begun anew, or the clock was set.
	if (seconds <= 0 || now.uptime < before.uptime) return history;
	const { figures: next } = now;
	const { figures: last } = before;
	const flushes = next.flushes.count - last.flushes.count;
	const flushing = next.flushes.milliseconds - last.flushes.milliseconds;
	const point: Readonly<Record<SeriesName, number>> = {
		messages: rate(next.received, last.received, seconds),
		deliveries: rate(next.deliveries, last.deliveries, seconds),
		flush: flushes > 0 ? flushing / flushes : 0,
		lag: next.lag.p99,
		memory: next.memory.resident,
	};
	const { lines } = history;
	return {
		at: add(history.at, now.at / 1_000),
		lines: {
			messages: add(lines.messages, point.messages),
			deliveries: add(lines.deliveries, point.deliveries),
			flush: add(lines.flush, point.flush),
			lag: add(lines.lag, point.lag),
			memory: add(lines.memory, point.memory),
		},
	};
}

function rate(next: number, last: number, seconds: number): number {
	return Math.max(0, next - last) / seconds;
}

function add(line: readonly number[], value: number): number[] {
	return [...line.slice(-(MOST - 1)), value];
}
