/** Milliseconds before an agent that has failed is begun anew: doubled each time, from one second to a minute. */
export interface RestartBackoff {
	next(): number;
	/** It has begun: once it has lived for the longest wait, the next failure is a first one. */
	began(): void;
}

const FIRST = 1_000;
const LONGEST = 60_000;

export function createRestartBackoff(now: () => number): RestartBackoff {
	let wait = FIRST;
	let begunAt = Number.POSITIVE_INFINITY;
	return {
		next() {
			if (now() - begunAt >= LONGEST) wait = FIRST;
			begunAt = Number.POSITIVE_INFINITY;
			const thisWait = wait;
			wait = Math.min(LONGEST, wait * 2);
			return thisWait;
		},
		began() {
			begunAt = now();
		},
	};
}
