/**
 * When to flush.
 *
 * A write costs the same for one broadcast as for many, so while broadcasts keep coming they
 * wait for each other: no longer than nobody notices, and longer only where flushing would
 * else take most of the time. Nothing waits when idle, or for broadcasts that do not come.
 * A directed message gains nothing by waiting, but may not overtake a broadcast that waits.
 *
 * Whatever waits for nothing is still written only at the end of the turn, after the input that
 * is here has been read.
 */
import type { Host } from "./host.ts";

/** No batch waits longer than this, however long a flush takes. */
const MAX_WINDOW = 20;

/**
 * A flush that takes more than half of the window is followed by a pause of six times its
 * length, where that lets at least three broadcasts come together. Measured with 1,000
 * receivers and 200 messages a second: a quarter of the CPU time, and a 99th percentile of
 * 20 ms instead of 7.
 */
const PAUSE = 6;
const WORTH_A_PAUSE = 3;

/** How much the latest flush counts in the rate at which broadcasts come. */
const WEIGHT = 1 / 4;

/** So many broadcasts, or bytes of them, wait for no more: a larger write is hardly cheaper. */
const ENOUGH = 32;
const ENOUGH_BYTES = 256 * 1024;

/**
 * Past so many of any kind it does not wait for the input that is here either: one read of a
 * socket may ask for a thousand rosters. Less than 64 agents are answered with would judge a
 * newcomer that registers them all at once too slow.
 */
const MAX_GATHERED_BYTES = 32 * 1024 * 1024;

/** So many windows in a row without company, and broadcasts wait for none for a while. */
const PATIENCE = 4;
const MAX_SKIPS = 256;

/** Calls `flush` once something waits and its time has come. */
export interface Flusher {
	/** A broadcast of so many bytes waits. */
	broadcastWaits(bytes: number): void;
	/** A message of so many bytes waits for one connection. */
	directedWaits(bytes: number): void;
	/** Flushes now if too much waits; not within an operation, of which a flush may end a party. */
	relieve(): void;
	/** Flushes now what waits, if anything does. */
	flush(): void;
}

export function createFlusher(
	host: Host,
	flushWindow: number,
	flush: () => void,
): Flusher {
	let broadcasts = 0;
	let broadcastBytes = 0;
	let bytes = 0;
	let isDeferred = false;
	let stopTimer: (() => void) | undefined;
	let notBefore = 0;
	let lastFlush = 0;
	/** Broadcasts a millisecond. */
	let rate = 0;
	// Windows in a row that brought nothing, and flushes to come that wait for none.
	let fruitless = 0;
	let skips = 0;

	function isEnough(): boolean {
		return broadcasts >= ENOUGH || broadcastBytes > ENOUGH_BYTES;
	}

	/** How long what waits now has to, yet. */
	function remaining(): number {
		return broadcasts === 0 || isEnough() ? 0 : notBefore - host.now();
	}

	function schedule(): void {
		if (isDeferred) return;
		if (stopTimer && !isEnough()) return;
		const wait = remaining();
		if (wait > 0) {
			stopTimer = host.setTimer(run, wait);
			return;
		}
		isDeferred = true;
		host.defer(endTurn);
	}

	/** A broadcast may have come after the directed message that asked for this. */
	function endTurn(): void {
		isDeferred = false;
		if (bytes === 0) return;
		if (remaining() > 0) schedule();
		else run();
	}

	/** Sending one at a time and waiting for the answer gets nothing from a window but delay. */
	function learn(count: number, waited: boolean): void {
		if (count > 1) fruitless = skips = 0;
		else if (waited) skips = ++fruitless < PATIENCE ? 0 : skipsAfter(fruitless);
		else if (skips > 0) skips--;
	}

	function run(): void {
		const waited = stopTimer !== undefined;
		const count = broadcasts;
		stopTimer?.();
		stopTimer = undefined;
		broadcasts = broadcastBytes = bytes = 0;
		const start = host.now();
		flush();
		const end = host.now();
		if (count === 0) return;
		// A clock may stand still for as long as a flush takes.
		rate += (count / Math.max(1, end - lastFlush) - rate) * WEIGHT;
		lastFlush = end;
		learn(count, waited);
		notBefore = end + (skips > 0 ? 0 : windowAfter(end - start));
	}

	function windowAfter(duration: number): number {
		const pause = Math.min(MAX_WINDOW, PAUSE * duration);
		const isWorthIt =
			duration > flushWindow / 2 && rate * (duration + pause) >= WORTH_A_PAUSE;
		return isWorthIt && flushWindow > 0
			? pause
			: Math.min(MAX_WINDOW, flushWindow);
	}

	return {
		broadcastWaits(size) {
			broadcasts++;
			broadcastBytes += size;
			bytes += size;
			schedule();
		},
		directedWaits(size) {
			bytes += size;
			schedule();
		},
		relieve() {
			if (bytes > MAX_GATHERED_BYTES) run();
		},
		flush() {
			if (bytes > 0) run();
		},
	};
}

/** Twice as many after each, so that who asks and waits for the answer pays for ever fewer. */
function skipsAfter(fruitless: number): number {
	return Math.min(MAX_SKIPS, 2 ** fruitless);
}
