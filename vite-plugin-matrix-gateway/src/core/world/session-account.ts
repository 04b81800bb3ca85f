/**
 * What a connection was sent since it asked to be able to resume [RES2].
 *
 * A session keeps nothing of a broadcast: those are in the log. It keeps where it began and its
 * exceptions, which are the frames for it alone and the broadcasts that left it out. From the
 * two follows what frame n was.
 */
import {
	type BroadcastLog,
	copyExact,
	KEPT_OVERHEAD,
} from "./broadcast-log.ts";
import type { Exception, Session } from "./peer.ts";

/** The exceptions of one session cost this much at most; past that the oldest go [RES2]. */
export const MAX_EXCEPTION_BYTES = 1024 * 1024;

/** Counts one more frame for a session alone, or a broadcast that leaves it out. Returns what it had to let go of. */
export function addException(
	session: Session,
	exception: Exception,
): Exception[] {
	if (!extendLast(session, exception)) keepException(session, exception);
	return shrink(session, MAX_EXCEPTION_BYTES);
}

/** Keeps one as it is. */
export function keepException(session: Session, exception: Exception): void {
	const { at, frame, receipt, count } = exception;
	const kept = frame && copyExact(frame);
	session.exceptions.push({ at, frame: kept, receipt, count });
	session.balance += frame ? 1 : -leftOut(exception);
	session.bytes += cost(exception);
}

/**
 * Where its client is not sent all types, broadcasts that leave it out in a row are one: there may
 * be any number of them, but no more rows than messages that it is sent. Elsewhere each counts by
 * itself, as it does in what was written before there were such clients.
 */
function extendLast(session: Session, { at, frame }: Exception): boolean {
	const { exceptions } = session;
	const last = exceptions.at(-1);
	if (frame || !session.peer.subscription || !last || last.frame) return false;
	const count = leftOut(last) + 1;
	if (last.at + count !== at + 1) return false;
	// A new one, since a snapshot may share the last.
	exceptions[exceptions.length - 1] = { ...last, count };
	session.balance--;
	return true;
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
export function countOrdered(session: Session, log: BroadcastLog): number {
	return session.before + log.position - session.since + session.balance;
}

/**
 * Its client can have got no more than what was ordered so far: what it claims beyond that is of a
 * process whose memory is lost, and later frames get the same numbers [ORD17].
 */
export function bind(session: Session, log: BroadcastLog): void {
	session.bound = Math.min(
		session.bound ?? Number.POSITIVE_INFINITY,
		countOrdered(session, log),
	);
}

/** Lets go of what the client says it has [RES5]. */
export function confirm(
	session: Session,
	received: number,
	log: BroadcastLog,
): void {
	if (received <= session.before || received > countOrdered(session, log))
		return;
	const place = findPlace(session, received);
	for (let index = 0; index < place.index; index++) dropFirst(session);
	session.since = place.at;
	session.before = received;
}

/** The frames after the first `received`; undefined where some are gone [RES4]. */
export function framesAfter(
	session: Session,
	received: number,
	log: BroadcastLog,
): readonly Uint8Array[] | undefined {
	if (received < session.before) return undefined;
	const { at, index } = findPlace(session, received);
	const broadcasts = log.since(at);
	if (!broadcasts) return undefined;
	const frames: Uint8Array[] = [];
	let next = at;
	for (const exception of session.exceptions.slice(index)) {
		while (next < exception.at)
			frames.push(broadcasts[next++ - at] as Uint8Array);
		if (exception.frame) frames.push(exception.frame);
		else next = exception.at + leftOut(exception);
	}
	return frames.concat(broadcasts.slice(next - at));
}

/** Where frame number `received` ends: a place in the log, and the exceptions before it. */
function findPlace(
	{ since, before, exceptions }: Session,
	received: number,
): { at: number; index: number } {
	let at = since;
	let count = before;
	for (const [index, exception] of exceptions.entries()) {
		const run = exception.at - at;
		if (count + run >= received) return { at: at + received - count, index };
		count += run + (exception.frame ? 1 : 0);
		at = exception.at + leftOut(exception);
	}
	return { at: at + received - count, index: exceptions.length };
}

/** Drops the oldest exception, and with it the claim to what came before. */
function dropFirst(session: Session): Exception | undefined {
	const first = session.exceptions.shift();
	if (!first) return undefined;
	session.before += first.at - session.since + (first.frame ? 1 : 0);
	session.since = first.at + leftOut(first);
	session.balance -= first.frame ? 1 : -leftOut(first);
	session.bytes -= cost(first);
	return first;
}

/** How many broadcasts an exception leaves out. */
function leftOut({ frame, count = 1 }: Exception): number {
	return frame ? 0 : count;
}

function cost({ frame, receipt }: Omit<Exception, "at">): number {
	const names = receipt ? receipt.id.length + receipt.target.length : 0;
	return KEPT_OVERHEAD + (frame?.byteLength ?? 0) + 2 * names;
}
