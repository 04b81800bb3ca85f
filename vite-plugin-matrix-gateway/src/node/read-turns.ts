/**
 * No peer holds the loop: those that send more than a little have their turn one after the other.
 *
 * libuv reads a socket that fills each buffer up to 32 times before it looks at the next one: 2 MB
 * of small messages held the loop for 400 to 650 ms. Here such a socket is read once and then waits, its
 * bytes in the kernel, until those that wait already were read; in a turn as many as take a few
 * milliseconds. Who sends little is read in every turn.
 */
import type { Duplex } from "node:stream";
import {
	freeHandle,
	type ReadHandle,
	readHandleOf,
	stopReading,
} from "./read-handle.ts";
import { chargeReading, isGreedy, waitOfGreedy } from "./read-shares.ts";
import { hasToWait } from "./write-lag.ts";

/**
 * A stream that brings so much in a turn is held. Below TLS libuv reads up to 16 KiB at first, and
 * 64 then.
 */
const MUCH = 16 * 1024;

/** Milliseconds that a byte of small messages takes by way of a stream and ws, about. */
const COST_OF_A_BYTE = 10 / (64 * 1024);

/** Milliseconds a turn for all who send much; what one read takes may be more. */
const BUDGET = 5;

/** Milliseconds between two looks whether those who send much have to wait yet. */
const LOOK = 10;

/** One that is not read now. */
interface Waiting {
	readonly stream: Duplex;
	readonly handle: ReadHandle;
	/** Milliseconds that its last read took, and so the next one will. */
	readonly cost: number;
	/** Whether it brings more than is read of it. */
	readonly isMuch: boolean;
	/** Does what was put aside. False where the stream wants no more. */
	readonly aside: (() => boolean) | undefined;
}

/** All of the process: what holds the loop is not one gateway's. */
let queue: Waiting[] = [];
let spent = 0;
let isScheduled = false;
let turns = 0;
let timer: NodeJS.Timeout | undefined;

/** Whether what was read in this turn took so long that others have to wait. */
export function isTurnOver(): boolean {
	return spent >= BUDGET;
}

/** Something that was read in this turn took so many milliseconds. */
export function countTime(milliseconds: number): void {
	spent += milliseconds;
	schedule();
}

/**
 * Reads nothing more of a stream until it is its turn, which begins with what was put aside.
 * Node's own wish to read or not, `reading`, is heeded then. False where it cannot be.
 */
export function holdReading(
	stream: Duplex,
	cost: number,
	isMuch: boolean,
	aside?: () => boolean,
): boolean {
	const handle = stopReading(stream);
	if (!handle) return false;
	queue.push({ stream, handle, cost, isMuch, aside });
	schedule();
	return true;
}

/**
 * Holds a stream that nobody reads below, once it has brought its share of a turn.
 * @param isLater Whether what others do with its bytes they do later, as where they inflate them.
 */
export function limitStream(stream: Duplex, isLater = false): void {
	let received = receivedBytesOf(stream);
	let before = received;
	let turn = turns;
	let start = 0;
	stream.prependListener("data", () => {
		start = performance.now();
	});
	stream.on("data", () => {
		schedule();
		if (turn !== turns) before = received;
		turn = turns;
		received = receivedBytesOf(stream);
		const bytes = received - before;
		if (bytes < MUCH) return;
		const cost = bytes * COST_OF_A_BYTE;
		const now = performance.now();
		chargeReading(stream, isLater ? cost : now - start, now);
		holdReading(stream, cost, true);
	});
}

/** How many bytes came from the network so far, encrypted ones where there is TLS. */
function receivedBytesOf(stream: Duplex): number {
	const handle = readHandleOf(stream);
	return (handle?._parent ?? handle)?.bytesRead ?? 0;
}

function schedule(): void {
	if (!isScheduled) setImmediate(endTurn);
	isScheduled = true;
}

function endTurn(): void {
	isScheduled = false;
	turns++;
	spent = 0;
	if (queue.length === 0) return;
	const now = performance.now();
	const waiting = queue;
	queue = [];
	const later: Waiting[] = [];
	let left = BUDGET;
	const sharedWait = waitOfGreedy(now);
	let wait = sharedWait ?? 0;
	let rest = Number.POSITIVE_INFINITY;
	for (const one of waiting) {
		const shares = sharedWait !== undefined && isGreedy(one.stream, now);
		if (isBehind(one)) {
			later.push(one);
			rest = Math.min(rest, LOOK);
		} else if (left <= 0 || (shares && wait > 0)) {
			later.push(one);
			rest = Math.min(rest, wait);
		} else {
			left -= goOn(one);
			// One of the greedy at a time.
			if (shares) wait = 1;
		}
	}
	const haveToWait = later.length > 0 && left > 0 && queue.length === 0;
	queue = [...later, ...queue];
	if (haveToWait) pause(rest);
	else if (queue.length > 0) schedule();
}

/** Whether it has to wait for its world; not one that has gone meanwhile. */
function isBehind({ stream, handle, isMuch }: Waiting): boolean {
	return isMuch && readHandleOf(stream) === handle && hasToWait(stream);
}

/** Nothing is to be done for so many milliseconds, from now on: that was found by a look at all who wait. */
function pause(milliseconds: number): void {
	clearTimeout(timer);
	timer = setTimeout(schedule, milliseconds);
}

/** Returns the milliseconds that it takes, or will. */
function goOn({ stream, handle, cost, aside }: Waiting): number {
	freeHandle(handle);
	// It may have been given up meanwhile.
	if (readHandleOf(stream) !== handle) return 0;
	const start = performance.now();
	if (aside && !aside()) handle.reading = false;
	if (handle.reading) handle.readStart();
	return Math.max(cost, performance.now() - start);
}
