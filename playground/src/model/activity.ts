import { describe, type Line } from "./describe.ts";
import type { Message } from "./values.ts";

/** One line of what went on. */
export interface Activity extends Line {
	/** Counts up from 1, so that a view knows what it has shown. */
	readonly number: number;
}

/** Older lines than these are forgotten. */
export const MAX_ACTIVITY = 500;

export interface ActivityLog {
	readonly all: readonly Activity[];
	apply(message: Message): void;
	/** Adds the lines of another log. */
	restore(lines: readonly Line[]): void;
}

export function createActivityLog(): ActivityLog {
	const all: Activity[] = [];
	let number = 0;

	function add(line: Line) {
		number += 1;
		all.push({ ...line, number });
		if (all.length > MAX_ACTIVITY) all.shift();
	}

	return {
		all,
		apply(message) {
			const line = describe(message);
			if (line) add(line);
		},
		restore(lines) {
			for (const line of lines) add(line);
		},
	};
}
