/** How long to wait before the next try. */
export interface Backoff {
	/** Milliseconds to wait; each call counts as one more failure. */
	next(): number;
	/** The connection has proved good: the next failure counts as the first. */
	reset(): void;
}

/**
 * Exponential backoff with full jitter: anything from 0 to a ceiling that doubles
 * from `min` to `max`. Of the ways to jitter it is the one that loads a server that
 * comes back least, see Marc Brooker, "Exponential Backoff And Jitter",
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function createBackoff({
	min,
	max,
}: {
	readonly min: number;
	readonly max: number;
}): Backoff {
	let failures = 0;

	return {
		next: () => Math.random() * Math.min(max, min * 2 ** failures++),
		reset() {
			failures = 0;
		},
	};
}
