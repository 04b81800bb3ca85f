/**
 * When to flush: at the end of the turn, after the input that is here has been read; and where
 * broadcasts wait for each other (see flush-pace.ts), at the end of that.
 *
 * A directed message gains nothing by waiting, but may not overtake a broadcast that waits.
 */

import { createPace } from "./flush-pace.ts";
import type { Host } from "./host.ts";

/** So many broadcasts wait for no more: a larger write is hardly cheaper. */
const ENOUGH = 48;

/** So many bytes wait for no more, however few broadcasts they are. */
const MOST_BYTES = 256 * 1024;

/**
 * Past so many of any kind it does not wait for the input that is here either: one read of a
 * socket may ask for a thousand rosters. Were it less than the answers to 64 registrations, a
 * newcomer that registers them all at once would be judged too slow.
 */
const MAX_GATHERED_BYTES = 32 * 1024 * 1024;

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
	const pace = createPace(flushWindow);
	let broadcasts = 0;
	let broadcastBytes = 0;
	let bytes = 0;
	let isDeferred = false;
	let stopTimer: (() => void) | undefined;

	function isEnough(): boolean {
		return broadcasts >= ENOUGH || broadcastBytes >= MOST_BYTES;
	}

	/** How long what waits now has to, yet. */
	function remaining(): number {
		return broadcasts === 0 || isEnough() ? 0 : pace.notBefore - host.now();
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

	function run(): void {
		const count = broadcasts;
		const hadTimer = stopTimer !== undefined;
		stopTimer?.();
		stopTimer = undefined;
		broadcasts = broadcastBytes = bytes = 0;
		const start = host.now();
		const waited = hadTimer && start >= pace.notBefore;
		flush();
		if (count > 0) pace.flushed({ count, waited, start, end: host.now() });
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
