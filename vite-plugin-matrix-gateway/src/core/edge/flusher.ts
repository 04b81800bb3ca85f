/**
 * When to flush: at the end of the turn, after the input that is here has been read; and where
 * broadcasts wait for each other (see flush-pace.ts), at the end of that. What takes long has a turn
 * for everything else between two parts.
 *
 * A directed message does not wait with them while there is time to spare: at the end of the turn
 * it is written, with what was broadcast to its target before it.
 */

import { createDurations, type Durations } from "./durations.ts";
import { createPace, type Round } from "./flush-pace.ts";
import type { Host } from "./host.ts";
import type { Outbox } from "./outbox.ts";

/** Milliseconds of writing after which all else has a turn. */
const PART = 2;

/**
 * Past so many bytes of any kind it does not wait for the input that is here: one read of a
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

/** @param flushes How long it took to write to all, each time. */
export function createFlusher(
	host: Host,
	flushWindow: number,
	outbox: Pick<Outbox, "waiting" | "flush" | "drainDirected">,
	flushes: Pick<Durations, "add"> = createDurations(),
): Flusher {
	const pace = createPace(flushWindow);
	/** Since the last turn. */
	let gatheredBytes = 0;
	let hasDirected = false;
	let isDeferred = false;
	let stopTimer: (() => void) | undefined;
	let underWay: UnderWay | undefined;

	/** How long the broadcasts that wait have to, yet. */
	function remaining(): number {
		if (underWay || outbox.waiting() !== "some") return 0;
		return pace.waitFrom(host.now());
	}

	/** Looks again with each message, since a timer may be a millisecond late. */
	function schedule(): void {
		if (isDeferred) return;
		if (stopTimer && !hasDirected && remaining() > 0) return;
		isDeferred = true;
		host.defer(endTurn);
	}

	function endTurn(): void {
		isDeferred = false;
		gatheredBytes = 0;
		const wait = remaining();
		if (wait > 0) {
			stopTimer ??= host.setTimer(run, wait);
			if (!pace.isFull()) drainDirected();
		} else run();
	}

	function drainDirected(): void {
		if (!hasDirected) return;
		hasDirected = false;
		outbox.drainDirected();
	}

	function run(): void {
		const start = host.now();
		const waited = stopTimer !== undefined && pace.waitFrom(start) <= 0;
		stopTimer?.();
		stopTimer = undefined;
		drainDirected();
		underWay ??= { count: 0, part: 0, waited, start, took: 0 };
		while (goOn(underWay) && host.now() < start + PART);
		if (outbox.waiting() !== "nothing") schedule();
	}

	/** Writes to the next ones, and learns from it when they were the last. Returns whether more are due. */
	function goOn(round: UnderWay): boolean {
		const begin = host.now();
		const flushed = outbox.flush();
		const end = host.now();
		if (flushed) {
			host.wrote?.(end - begin);
			round.took += end - begin;
			round.part += flushed.part;
			round.count = Math.max(round.count, flushed.count);
			if (!flushed.isLast) return true;
			flushes.add(round.took);
			const { count, part, waited, start, took } = round;
			const idle = host.idleTime?.();
			pace.wrote({ count, part, waited, start, end, took, idle });
		}
		underWay = undefined;
		return false;
	}

	/** All that waits, without a turn for anything else. */
	function flushAll(): void {
		gatheredBytes = 0;
		do run();
		while (outbox.waiting() !== "nothing");
	}

	return {
		broadcastWaits(size) {
			gatheredBytes += size;
			schedule();
		},
		directedWaits(size) {
			gatheredBytes += size;
			hasDirected = true;
			schedule();
		},
		relieve() {
			if (gatheredBytes > MAX_GATHERED_BYTES) flushAll();
		},
		flush: flushAll,
	};
}

/** A way round of which some are yet to be written to. */
interface UnderWay extends Omit<Round, "end" | "idle"> {
	count: number;
	part: number;
	took: number;
}
