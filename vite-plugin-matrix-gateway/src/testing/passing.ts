/** Lets virtual time pass, with all that promises do on the way. */
import type { VirtualTime } from "./virtual-time.ts";

export interface Passing {
	/**
	 * Goes on, one thing after the other, until `isDone` says so in a moment in which nothing more happens
	 * without time; or time is over. Whoever asks meanwhile waits.
	 * @returns whether it was done.
	 */
	run(isDone: () => boolean, until: number): Promise<boolean>;
}

// Those of now: a runner may replace them for a test, and theirs do not let promises settle.
const { setImmediate } = globalThis;

export function createPassing(time: VirtualTime): Passing {
	let last: Promise<unknown> = Promise.resolve();

	async function go(isDone: () => boolean, until: number): Promise<boolean> {
		for (;;) {
			await promisesSettle();
			if (time.round()) continue;
			if (isDone()) return true;
			if (!time.step(until)) return false;
		}
	}

	return {
		run(isDone, until) {
			const mine = last.then(() => go(isDone, until));
			last = mine.catch(() => {});
			return mine;
		},
	};
}

function promisesSettle(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}
