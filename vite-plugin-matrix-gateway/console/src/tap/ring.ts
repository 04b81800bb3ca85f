/** What was heard, as far back as there is room. */
import type { Heard, Unnumbered } from "./batch.ts";

export interface Bound {
	readonly messages: number;
	readonly bytes: number;
}

/** What is kept, and while somebody looks at what was, as much again. */
export const BOUND: Bound = { messages: 20_000, bytes: 16 * 1024 * 1024 };

export interface Ring {
	/** From the oldest on. */
	readonly all: readonly Heard[];
	readonly bytes: number;
	/** The number that the next one gets. */
	readonly next: number;
	/** How many had to be let go of. */
	readonly gone: number;
	add(heard: readonly Unnumbered[]): readonly Heard[];
	/** Nothing that is there is let go of from here on: what comes past the bound is, and is counted. */
	hold(isHeld: boolean): void;
	clear(): void;
}

export function createRing({ messages, bytes: most }: Bound = BOUND): Ring {
	let all: Heard[] = [];
	let bytes = 0;
	let gone = 0;
	let number = 0;
	let isHeld = false;

	function isFull(times: number): boolean {
		return all.length > times * messages || bytes > times * most;
	}

	/** The oldest go, a tenth at once: to move the rest costs as much as there is. */
	function trim(): void {
		if (!isFull(1)) return;
		let count = 0;
		let left = bytes;
		const wanted = { messages: messages * 0.9, bytes: most * 0.9 };
		while (all.length - count > wanted.messages || left > wanted.bytes)
			left -= costOf(all[count++]);
		all = all.slice(count);
		bytes = left;
		gone += count;
	}

	return {
		get all() {
			return all;
		},
		get bytes() {
			return bytes;
		},
		get next() {
			return number;
		},
		get gone() {
			return gone;
		},
		add(heard) {
			const added: Heard[] = [];
			for (const one of heard) {
				one.number = number++;
				if (isHeld && isFull(2)) {
					gone++;
					continue;
				}
				all.push(one);
				added.push(one);
				bytes += costOf(one);
			}
			if (!isHeld) trim();
			return added;
		},
		hold(next) {
			isHeld = next;
			if (!isHeld) trim();
		},
		clear() {
			all = [];
			bytes = gone = 0;
		},
	};
}

/** With what the page itself keeps of it. */
function costOf(heard: Heard | undefined): number {
	return (heard?.size ?? 0) + 200;
}
