/**
 * No more is read than can be written. What is broadcast waits in memory until it was the turn of all
 * who receive, and a way round them takes the longer the more waits: where one client floods 2,000
 * listeners with small messages, which no machine delivers as fast as they are read, a gigabyte came to
 * wait, and each message for half a minute. So while a way round takes long, who sends much is not
 * read: what it sends waits in the kernel, and slows it down.
 */

/** Milliseconds that a way round may take before. 1,000 receivers take 4 to 10. */
const LONG = 100;

/** Milliseconds within which a way round that takes long goes on, or is over. */
const SOON = 20;

/** All of the process: what holds the loop is not one gateway's. */
let lateUntil = Number.NEGATIVE_INFINITY;

/** Some were written to, so many milliseconds after the way round had begun. */
export function noteWriting(soFar: number, now: number): void {
	if (soFar > LONG) lateUntil = now + SOON;
}

/** Milliseconds until who sends much may be read, or looks again; 0 where it may. */
export function waitOfWriting(now: number): number {
	return Math.max(0, lateUntil - now);
}
