import type { Clock } from "./clock.ts";

/** How long to wait before the next try. */
export interface Backoff {
	/**
	 * Milliseconds to wait; each call counts as one more failure. Where the gateway asked its
	 * clients to spread their return over `spread`, that is the ceiling and no failure. If it asks
	 * again before a `reset`, it can only raise the ceiling.
	 */
	next(spread?: number): number;
	/** A connection has lasted: the next failure counts as the first. */
	reset(): void;
}

/**
 * Exponential backoff with full jitter: anything from 0 to a ceiling that doubles
 * from `min` to `max`. Of the kinds of jitter it loads a server that comes back the least, see Marc Brooker, "Exponential Backoff And Jitter",
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function createBackoff(
	{ min, max }: { readonly min: number; readonly max: number },
	{ random }: Pick<Clock, "random">,
): Backoff {
	let failures = 0;
	let hasSpread = false;

	function toCeiling(spread: number | undefined): number {
		const isFirst = failures === 0 && !hasSpread;
		hasSpread ||= spread !== undefined;
		if (isFirst && spread !== undefined) return spread;
		return Math.max(spread ?? 0, Math.min(max, min * 2 ** failures++));
	}

	return {
		next: (spread) => random() * toCeiling(spread),
		reset() {
			failures = 0;
			hasSpread = false;
		},
	};
}
