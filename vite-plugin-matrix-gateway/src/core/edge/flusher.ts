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

/**
 * Milliseconds of writing after which all else has a turn. What comes by then goes to those who are
 * next: with 2 of them a saturated room carries a fifth less, and all at a rate wait a sixth longer.
 */
const PART = 0.5;

/**
 * Past so many bytes of any kind it does not wait for the input that is here: one read of a
 * socket may ask for a thousand rosters. Were it less than the answers to 64 registrations, a
 * newcomer that registers them all at once would be judged too slow.
 */
const MAX_GATHERED_BYTES = 32 * 1024 * 1024;

/** Milliseconds that a way round may take before it is behind: 1,000 receivers take 4 to 10. */
const LONG = 100;

/** And bytes that may wait since the last one ended. */
const MANY_BYTES = 4 * 1024 * 1024;

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
	/** Whether so much waits, or for so long, that no more should be read of who sends much [CON12]. */
	isBehind(): boolean;
}

/** @param flushes What the writing of each way round took is added there. */
export function createFlusher(
	host: Host,
	flushWindow: number,
	outbox: Pick<Outbox, "waiting" | "flush" | "drainDirected">,
	flushes: Pick<Durations, "add"> = createDurations(),
): Flusher {
	const pace = createPace(flushWindow);
	/** Since the last way round ended, and since the last time that what is directed was written. */
	let broadcastBytes = 0;
	let directedBytes = 0;
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
		const wait = remaining();
		if (wait > 0) {
			stopTimer ??= host.setTimer(run, wait);
			if (!pace.isFull()) drainDirected();
		} else run();
	}

	function drainDirected(): void {
		if (!hasDirected) return;
		hasDirected = false;
		directedBytes = 0;
		outbox.drainDirected();
	}

	function run(): void {
		const stop = stopTimer;
		stopTimer = undefined;
		stop?.();
		drainDirected();
		// Mostly so, where messages to one are all there is.
		if (!underWay && outbox.waiting() === "nothing") {
			broadcastBytes = 0;
			return;
		}
		const start = host.now();
		const waited = stop !== undefined && pace.waitFrom(start) <= 0;
		underWay ??= { count: 0, part: 0, broadcasts: 0, waited, start, took: 0 };
		do writeNext(underWay);
		while (underWay && host.now() < start + PART);
		if (outbox.waiting() !== "nothing") schedule();
	}

	/** Writes to those whose turn it is, and ends the way round where they were the last. */
	function writeNext(round: UnderWay): void {
		const begin = host.now();
		const flushed = outbox.flush();
		if (flushed) {
			const { count, part } = flushed;
			const took = host.now() - begin;
			host.wrote?.(took);
			round.took += took;
			round.part += part;
			round.broadcasts += count * part;
			round.count = Math.max(round.count, count);
		}
		// Whoever was to be next may have gone.
		if (flushed?.isLast || outbox.waiting() === "nothing") endRound(round);
	}

	function endRound(round: UnderWay): void {
		underWay = undefined;
		broadcastBytes = 0;
		if (round.part === 0) return;
		flushes.add(round.took);
		const { count, part, broadcasts, waited, start, took } = round;
		const [end, idle] = [host.now(), host.idleTime?.()];
		// Not a spread, of whose outcome nothing is known where it is read.
		pace.wrote({ count, part, broadcasts, waited, start, end, took, idle });
	}

	/** All that waits, without a turn for anything else. */
	function flushAll(): void {
		do run();
		while (outbox.waiting() !== "nothing");
	}

	return {
		broadcastWaits(size) {
			broadcastBytes += size;
			schedule();
		},
		directedWaits(size) {
			directedBytes += size;
			hasDirected = true;
			schedule();
		},
		relieve() {
			if (broadcastBytes + directedBytes > MAX_GATHERED_BYTES) flushAll();
		},
		flush: flushAll,
		isBehind() {
			if (outbox.waiting() === "nothing") return false;
			if (broadcastBytes > MANY_BYTES) return true;
			return underWay !== undefined && host.now() > underWay.start + LONG;
		},
	};
}

/** A way round of which some are yet to be written to. */
interface UnderWay extends Omit<Round, "end" | "idle"> {
	count: number;
	part: number;
	broadcasts: number;
	took: number;
}
