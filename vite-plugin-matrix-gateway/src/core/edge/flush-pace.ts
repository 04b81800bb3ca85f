/**
 * How long broadcasts wait for each other after a flush.
 *
 * A write costs the same for one broadcast as for many, so while they keep coming they wait: no
 * longer than nobody notices, and longer only where flushing would else take most of the time.
 * Nothing waits when idle, or for broadcasts that do not come.
 */

/** No batch waits longer than this, however long a flush takes. */
export const MAX_WINDOW = 20;

/**
 * Flushes that take more than half of the window are followed by a pause of six times their
 * length, where that lets at least three broadcasts come together. In the bench's room-200 that
 * leaves a third of the CPU time that windows of 5 ms take, and makes of a 99th percentile of 7 ms
 * one of 28.
 */
const PAUSE = 6;
const WORTH_A_PAUSE = 3;

/** How much the latest flush counts in the rate at which broadcasts come. */
const WEIGHT = 1 / 4;

/** So many windows in a row without company, and broadcasts wait for none for a while. */
const PATIENCE = 4;
const MAX_SKIPS = 256;

/** One flush. */
export interface Flush {
	/** Broadcasts that it wrote. */
	readonly count: number;
	/** Whether they had waited for the window's end. */
	readonly waited: boolean;
	readonly start: number;
	readonly end: number;
}

/** Learns from each flush when the next one is due. */
export interface Pace {
	/** The time before which broadcasts wait. */
	readonly notBefore: number;
	flushed(flush: Flush): void;
}

/** @param flushWindow Milliseconds; 0 lets nothing wait. */
export function createPace(flushWindow: number): Pace {
	let notBefore = 0;
	let lastEnd = 0;
	let lastDuration = 0;
	/** Broadcasts a millisecond. */
	let rate = 0;
	// Windows in a row that brought nothing, and flushes to come that wait for none.
	let fruitless = 0;
	let skips = 0;

	/** Sending one at a time and waiting for the answer gets nothing from a window but delay. */
	function learn({ count, waited }: Flush): void {
		if (count > 1) fruitless = skips = 0;
		else if (waited) skips = skipsAfter(++fruitless);
		else if (skips > 0) skips--;
	}

	function windowAfter(duration: number): number {
		const pause = Math.min(MAX_WINDOW, PAUSE * duration);
		const isWorthIt =
			duration > flushWindow / 2 && rate * (duration + pause) >= WORTH_A_PAUSE;
		return isWorthIt ? pause : Math.min(MAX_WINDOW, flushWindow);
	}

	return {
		get notBefore() {
			return notBefore;
		},
		flushed(flush) {
			const { count, start, end } = flush;
			// A clock may stand still for as long as a flush takes.
			rate += (count / Math.max(1, end - lastEnd) - rate) * WEIGHT;
			lastEnd = end;
			learn(flush);
			// The shorter of two counts: one alone may be long because the process had no core. In the
			// bench's mesh-2000 pauses after such ones made of a 99th percentile of 6.5 ms one of 7.7.
			const duration = Math.min(end - start, lastDuration);
			lastDuration = end - start;
			const waits = skips === 0 && flushWindow > 0;
			notBefore = waits ? end + windowAfter(duration) : end;
		},
	};
}

/** Twice as many after each, so that who asks and waits for the answer pays for ever fewer. */
function skipsAfter(fruitless: number): number {
	return fruitless < PATIENCE ? 0 : Math.min(MAX_SKIPS, 2 ** fruitless);
}
