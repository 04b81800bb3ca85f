/**
 * What a connection was sent since it asked to be able to resume [RES2].
 *
 * A session keeps nothing of a broadcast: those are in the log, and its audience knows which of them.
 * It keeps where it began and its exceptions, which are the frames for it alone, the broadcasts that
 * left it out, and turns to other audiences. From these follows what frame n was.
 */
import type { Audience } from "./audience.ts";
import { copyExact, KEPT_OVERHEAD } from "./broadcast-log.ts";
import type { Exception, Session } from "./peer.ts";

/** The exceptions of one session cost this much at most; past that the oldest go [RES2]. */
export const MAX_EXCEPTION_BYTES = 1024 * 1024;

/** Counts one more frame for a session alone, or a broadcast that leaves it out. Returns what it had to let go of. */
export function addException(
	session: Session,
	exception: Exception,
): Exception[] {
	keepException(session, exception);
	return shrink(session, MAX_EXCEPTION_BYTES);
}

/** Keeps one as it is. */
export function keepException(session: Session, exception: Exception): void {
	const { at, frame, receipt, count, turn } = exception;
	const kept = frame && copyExact(frame);
	turn?.audience.hold();
	session.exceptions.push({ at, frame: kept, receipt, count, turn });
	session.balance += weight(exception);
	session.bytes += cost(exception);
}

/** Lets go of the oldest exceptions until the others cost so much at most. Returns them. */
export function shrink(session: Session, maxBytes: number): Exception[] {
	const dropped: Exception[] = [];
	while (session.bytes > maxBytes) {
		const first = dropFirst(session);
		if (!first) break;
		dropped.push(first);
	}
	return dropped;
}

/** Takes the receipts off what waits. Returns what they were on. */
export function takeReceipts(session: Session): Exception[] {
	const taken: Exception[] = [];
	for (const [index, exception] of session.exceptions.entries()) {
		if (!exception.receipt) continue;
		const rest = { ...exception, receipt: undefined };
		taken.push(exception);
		session.exceptions[index] = rest;
		session.bytes -= cost(exception) - cost(rest);
	}
	return taken;
}

/** How many frames a session was sent so far, written or not. */
export function countOrdered(session: Session): number {
	const { before, since, balance, peer } = session;
	return before + peer.audience.position - since + balance;
}

/**
 * Its client can have got no more than what was ordered so far: what it claims beyond that is of a
 * process whose memory is lost, and later frames get the same numbers [ORD17].
 */
export function bind(session: Session): void {
	session.bound = Math.min(
		session.bound ?? Number.POSITIVE_INFINITY,
		countOrdered(session),
	);
}

/** Lets go of what the client says it has [RES5]. */
export function confirm(session: Session, received: number): void {
	if (received <= session.before || received > countOrdered(session)) return;
	const place = findPlace(session, received);
	for (let index = 0; index < place.index; index++) dropFirst(session);
	session.since = place.at;
	session.before = received;
}

/** The frames after the first `received`; undefined where some are gone [RES4]. */
export function framesAfter(
	session: Session,
	received: number,
): readonly Uint8Array[] | undefined {
	if (received < session.before) return undefined;
	const { exceptions, peer } = session;
	const place = findPlace(session, received);
	const frames: Uint8Array[] = [];
	let { index } = place;
	let part: Part = place;
	for (;;) {
		const turn = exceptions.findIndex((one, at) => at >= index && one.turn);
		const end = turn === -1 ? exceptions.length : turn;
		const last = exceptions[turn];
		const to = last ? last.at : peer.audience.position;
		const own = exceptions.slice(index, end);
		if (!weave(frames, part, to, own)) return undefined;
		if (!last?.turn) return frames;
		part = { audience: last.turn.audience, at: last.turn.start };
		index = turn + 1;
	}
}

/** A place of an audience. */
interface Part {
	readonly audience: Audience;
	readonly at: number;
}

/** Puts an audience's broadcasts from one place to another, with what is an exception. False where some are gone. */
function weave(
	frames: Uint8Array[],
	{ audience, at }: Part,
	to: number,
	exceptions: readonly Exception[],
): boolean {
	const broadcasts = audience.slice(at, to);
	if (!broadcasts) return false;
	let next = at;
	for (const exception of exceptions) {
		while (next < exception.at)
			frames.push(broadcasts[next++ - at] as Uint8Array);
		if (exception.frame) frames.push(exception.frame);
		else next = exception.at + leftOut(exception);
	}
	while (next < to) frames.push(broadcasts[next++ - at] as Uint8Array);
	return true;
}

/** Where frame number `received` ends: a place of an audience, and how many exceptions are before it. */
function findPlace(
	{ base, since, before, exceptions }: Session,
	received: number,
): Part & { readonly index: number } {
	let audience = base;
	let at = since;
	let count = before;
	for (const [index, exception] of exceptions.entries()) {
		const run = exception.at - at;
		if (count + run >= received)
			return { audience, at: at + received - count, index };
		count += run + (exception.frame ? 1 : 0);
		audience = exception.turn?.audience ?? audience;
		at = after(exception);
	}
	return { audience, at: at + received - count, index: exceptions.length };
}

/** Drops the oldest exception, and with it the claim to what came before. */
function dropFirst(session: Session): Exception | undefined {
	const first = session.exceptions.shift();
	if (!first) return undefined;
	session.before += first.at - session.since + (first.frame ? 1 : 0);
	session.since = after(first);
	session.balance -= weight(first);
	session.bytes -= cost(first);
	if (first.turn) {
		session.base.release();
		session.base = first.turn.audience;
	}
	return first;
}

/** Lets go of all that a session keeps: it has ended. */
export function releaseAccount({ base, exceptions, release }: Session): void {
	base.release();
	for (const { turn } of exceptions) turn?.audience.release();
	release();
}

/** Where what a session counts goes on after an exception. */
function after(exception: Exception): number {
	return exception.turn?.start ?? exception.at + leftOut(exception);
}

/** By how much a session counts more for an exception than the places of its audience tell. */
function weight({ at, frame, turn, ...rest }: Exception): number {
	if (turn) return at - turn.start;
	return frame ? 1 : -leftOut({ at, frame, ...rest });
}

/** How many broadcasts an exception leaves out. */
function leftOut({ frame, turn, count = 1 }: Exception): number {
	return frame || turn ? 0 : count;
}

function cost({ frame, receipt }: Omit<Exception, "at">): number {
	const names = receipt ? receipt.id.length + receipt.target.length : 0;
	return KEPT_OVERHEAD + (frame?.byteLength ?? 0) + 2 * names;
}
