import { describe, type Line } from "./describe.ts";
import { type Message, readNumber } from "./values.ts";

/** One line of what went on. */
export interface Activity extends Line {
	/** Counts up from 1, so that a view knows what it has shown. */
	readonly number: number;
	/** When it came, in milliseconds since 1970. */
	readonly at: number;
}

/** Older lines than these are forgotten. */
export const MAX_ACTIVITY = 500;

export interface ActivityLog {
	readonly all: readonly Activity[];
	apply(message: Message): void;
	/** Adds the lines of another log, each with its time, where it has one. */
	restore(lines: readonly (Line & { readonly at?: unknown })[]): void;
}

/** The number of the last line; 0 where there is none. */
export function lastNumber(activity: readonly Activity[]): number {
	return activity.at(-1)?.number ?? 0;
}

/** @param today The time of day in milliseconds since 1970. */
export function createActivityLog(today = Date.now): ActivityLog {
	const all: Activity[] = [];
	let number = 0;

	function add(line: Line, at = today()) {
		number += 1;
		all.push({ ...line, number, at });
		if (all.length > MAX_ACTIVITY) all.shift();
	}

	return {
		all,
		apply(message) {
			const line = describe(message);
			if (line) add(line);
		},
		restore(lines) {
			for (const line of lines) add(line, readNumber(line.at, 0, today()));
		},
	};
}
