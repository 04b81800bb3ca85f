/**
 * When to flush: at the end of the turn, after the input that is here has been read; and where
 * broadcasts wait for each other (see flush-pace.ts), at the end of that.
 *
 * A directed message does not wait with them while there is time to spare: at the end of the turn
 * it is written, with what was broadcast to its target before it; and between two parts of a flush.
 */

import { createDurations, type Durations } from "./durations.ts";
import { createPace, type Flush } from "./flush-pace.ts";
import type { Host } from "./host.ts";
import type { Outbox } from "./outbox.ts";

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

/** Has what waits written once its time has come. */
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

/** @param flushes How long each flush of broadcasts took is added there. */
export function createFlusher(
	host: Host,
	flushWindow: number,
	outbox: Pick<Outbox, "flush" | "goOn" | "drainDirected">,
	flushes: Pick<Durations, "add"> = createDurations(),
): Flusher {
	const pace = createPace(flushWindow);
	let broadcasts = 0;
	let broadcastBytes = 0;
	let directedBytes = 0;
	let isDeferred = false;
	let stopTimer: (() => void) | undefined;
	let underWay: UnderWay | undefined;

	function isEnough(): boolean {
		return broadcasts >= ENOUGH || broadcastBytes >= MOST_BYTES;
	}

	/** How long the broadcasts that wait have to, yet. */
	function remaining(): number {
		return isEnough() ? 0 : pace.waitFrom(host.now());
	}

	/** Looks again with each message, since a timer may be a millisecond late. */
	function schedule(): void {
		if (isDeferred) return;
		if (stopTimer && directedBytes === 0 && remaining() > 0) return;
		isDeferred = true;
		host.defer(endTurn);
	}

	function endTurn(): void {
		isDeferred = false;
		if (underWay) {
			drainDirected();
			goOn(underWay);
			return;
		}
		const wait = broadcasts === 0 ? 0 : remaining();
		if (wait > 0) {
			stopTimer ??= host.setTimer(run, wait);
			if (!pace.isFull()) drainDirected();
		} else run();
	}

	function drainDirected(): void {
		if (directedBytes === 0) return;
		directedBytes = 0;
		outbox.drainDirected();
	}

	function run(): void {
		const count = broadcasts;
		const hadToWait = stopTimer !== undefined;
		stopTimer?.();
		stopTimer = undefined;
		if (count === 0) {
			drainDirected();
			return;
		}
		broadcasts = broadcastBytes = directedBytes = 0;
		const start = host.now();
		const waited = hadToWait && pace.waitFrom(start) <= 0;
		advance({ count, waited, start, took: 0 }, outbox.flush, start);
	}

	function goOn(flush: UnderWay): void {
		advance(flush, outbox.goOn, host.now());
	}

	/** Writes a part of a flush, and learns from it when it was the last one. */
	function advance(
		flush: UnderWay,
		writePart: () => boolean,
		start: number,
	): void {
		const isDone = writePart();
		const end = host.now();
		flush.took += end - start;
		host.wrote?.(end - start);
		underWay = isDone ? undefined : flush;
		if (isDone) {
			flushes.add(flush.took);
			const { count, waited, start: begin, took } = flush;
			const idle = host.idleTime?.();
			// Not a spread, of whose outcome nothing is known where it is read.
			pace.flushed({ count, waited, start: begin, end, took, idle });
		}
		if (!isDone || broadcasts > 0) schedule();
	}

	/** All that waits, without a turn for anything else. */
	function flushAll(): void {
		while (underWay) goOn(underWay);
		run();
		while (underWay) goOn(underWay);
	}

	return {
		broadcastWaits(size) {
			broadcasts++;
			broadcastBytes += size;
			schedule();
		},
		directedWaits(size) {
			directedBytes += size;
			schedule();
		},
		relieve() {
			if (broadcastBytes + directedBytes > MAX_GATHERED_BYTES) flushAll();
		},
		flush: flushAll,
	};
}

/** A flush of which parts are yet to be written. */
interface UnderWay extends Omit<Flush, "end" | "idle"> {
	took: number;
}
