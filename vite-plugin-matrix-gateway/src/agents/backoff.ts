import { createBackoff } from "../client/backoff.ts";

/** Milliseconds before an agent that has failed is begun anew: doubled each time, from one second to a minute. */
export interface RestartBackoff {
	next(): number;
	/** It has begun: once it has lived for the longest wait, the next failure is a first one. */
	began(): void;
}

const FIRST = 1_000;
const LONGEST = 60_000;

export function createRestartBackoff(now: () => number): RestartBackoff {
	const backoff = createBackoff(
		{ min: FIRST, max: LONGEST },
		// Nobody else is met by it: there is nothing to spread.
		{ random: () => 1 },
	);
	let begunAt = Number.POSITIVE_INFINITY;
	return {
		next() {
			if (now() - begunAt >= LONGEST) backoff.reset();
			begunAt = Number.POSITIVE_INFINITY;
			return backoff.next();
		},
		began() {
			begunAt = now();
		},
	};
}
