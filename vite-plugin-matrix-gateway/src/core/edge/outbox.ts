/**
 * The way out, and the hot path [RT5].
 *
 * A write is a system call and costs the same for one frame as for 64, so frames a write are
 * the lever. Frames gather in a batch; a flush joins it into one buffer, which all sockets
 * that are to get the same share. A socket that is to get something else, being a sender that
 * is left out, a target or a newcomer, is written a copy woven of the batch's runs and its
 * own frames. A target is written ahead of the flush, with what of the batch it was sent before.
 * Where a flush takes long, others have their turns between its parts (see round.ts).
 */
import { type Batch, createBatch, join } from "./batch.ts";
import type { Connection, OwnFrames, OwnItem } from "./connection.ts";
import type { Host } from "./host.ts";
import { createRound, type RoundOptions } from "./round.ts";

/** The frames that wait for the next flush. */
export interface Outbox {
	/** Lets a connection take part in what is broadcast from now on. */
	add(connection: Connection): void;
	/** Ends that; what waits for the connection is dropped. */
	remove(connection: Connection): void;
	/** Sends a frame to all but one. */
	broadcast(frame: Uint8Array, except: Connection | undefined): void;
	/** Leaves what is broadcast next out for one. */
	leaveOut(connection: Connection): void;
	/**
	 * Sends a frame, or `count` of them in one piece, to one, after all that it was sent before.
	 * It is written as it is: what the connection takes compressed comes so [CMP1].
	 */
	direct(connection: Connection, frame: Uint8Array, count?: number): void;
	/** Writes what waits for one connection now, ahead of the flush. */
	drain(connection: Connection): void;
	/** The same for all for which a frame of their own waits. */
	drainDirected(): void;
	/**
	 * Writes what waits, for everyone. Returns false where that takes long: then part of them is
	 * left to `goOn`.
	 */
	flush(): boolean;
	/** Writes the next part of what was flushed. Returns false where one is left. */
	goOn(): boolean;
}

/** What an outbox needs. */
export interface OutboxOptions extends RoundOptions {
	/**
	 * Told after a flush, or a part of one, who was too slow in it: closing one in the middle may
	 * broadcast, and answer others who have not been written yet.
	 */
	tooSlow(connection: Connection): void;
	/** Told of each broadcast that waits, with its size. */
	broadcastWaits(bytes: number): void;
	/** Told of all else that waits. */
	directedWaits(bytes: number): void;
	/** Makes of a frame what connections that compress are written [CMP1]. */
	readonly compress?: Host["compress"];
}

export function createOutbox(options: OutboxOptions): Outbox {
	const { write, tooSlow, broadcastWaits, directedWaits, compress } = options;
	const round = createRound(options);
	// Those with frames of their own, and some who had: a set was 1 % of a directed message.
	let withOwn: Connection[] = [];
	let frames: Uint8Array[] = [];

	function own(connection: Connection): OwnFrames {
		if (connection.own) return connection.own;
		withOwn.push(connection);
		connection.own = createOwn(connection);
		return connection.own;
	}

	function createOwn(connection: Connection): OwnFrames {
		// Who does not take part yet gets its own frames and nothing of the batch.
		const from = round.has(connection) ? 0 : Number.POSITIVE_INFINITY;
		return { from, isUrgent: false, items: [], extra: 0 };
	}

	function writeOwn(
		connection: Connection,
		shared: readonly Uint8Array[],
	): boolean {
		if (!connection.own) return true;
		const { items, from, extra } = connection.own;
		const [first] = items;
		// Nothing to weave: so it is with nearly all directed messages.
		if (first?.frame && items.length === 1 && from >= shared.length)
			return write(connection, first.frame, 1 + extra);
		const parts = weave(shared, from, items);
		let count = parts.length + extra;
		for (const piece of parts.length === 1 ? parts : gather(parts)) {
			if (!write(connection, piece, count)) return false;
			count = 0;
		}
		return true;
	}

	/** Writes what waits for a connection; of the batch it then gets what comes from here on. */
	function writeAhead(connection: Connection, batch: Batch): boolean {
		const isDone =
			round.catchUp(connection) &&
			writeOwn(connection, batch.framesFor(connection.socket));
		connection.own = undefined;
		if (frames.length > 0 && round.has(connection))
			own(connection).from = frames.length;
		return isDone;
	}

	function takeWithOwn(): readonly Connection[] {
		const taken = withOwn;
		withOwn = [];
		return taken;
	}

	/** Writes to those who get something else than the batch, and so not by its round. */
	function writeAllOwn(batch: Batch): void {
		const slow: Connection[] = [];
		for (const connection of takeWithOwn()) {
			if (!connection.own) continue;
			round.leaveOut(connection);
			if (!writeOwn(connection, batch.framesFor(connection.socket)))
				slow.push(connection);
			connection.own = undefined;
		}
		for (const connection of slow) tooSlow(connection);
	}

	function leaveOut(connection: Connection): void {
		if (round.has(connection))
			own(connection).items.push({ at: frames.length, frame: undefined });
	}

	return {
		add(connection) {
			own(connection).from = frames.length;
			round.add(connection);
		},
		remove(connection) {
			round.remove(connection);
			connection.own = undefined;
		},
		broadcast(frame, except) {
			if (except) leaveOut(except);
			frames.push(frame);
			broadcastWaits(frame.byteLength);
		},
		leaveOut,
		direct(connection, frame, count = 1) {
			const ownFrames = own(connection);
			ownFrames.items.push({ at: frames.length, frame });
			ownFrames.extra += count - 1;
			ownFrames.isUrgent = true;
			directedWaits(frame.byteLength);
		},
		drain(connection) {
			connection.own ??= createOwn(connection);
			writeAhead(connection, createBatch(frames, compress));
		},
		drainDirected() {
			const batch = createBatch(frames, compress);
			const slow: Connection[] = [];
			for (const connection of takeWithOwn())
				if (!connection.own?.isUrgent) {
					if (connection.own) withOwn.push(connection);
				} else if (!writeAhead(connection, batch)) slow.push(connection);
			for (const connection of slow) tooSlow(connection);
		},
		flush() {
			while (!round.goOn());
			const count = frames.length;
			const batch = createBatch(frames, compress);
			frames = [];
			if (count > 0) round.begin(batch, count);
			writeAllOwn(batch);
			return round.goOn();
		},
		goOn: round.goOn,
	};
}

/** The frames that one connection gets, in their order. */
function weave(
	shared: readonly Uint8Array[],
	from: number,
	items: readonly OwnItem[],
): Uint8Array[] {
	const parts: Uint8Array[] = [];
	let next = from;
	for (const { at, frame } of items) {
		while (next < at) parts.push(shared[next++] as Uint8Array);
		if (frame) parts.push(frame);
		else next = at + 1;
	}
	while (next < shared.length) parts.push(shared[next++] as Uint8Array);
	return parts;
}

/** From here on a write of its own costs less than a copy, and keeps the bytes shared. */
const LARGE = 64 * 1024;

/** Joins what is small; what is large goes out as it is, so that a snapshot is not copied for each. */
function gather(parts: Uint8Array[]): Uint8Array[] {
	const pieces: Uint8Array[] = [];
	let start = 0;
	const joinUntil = (end: number) => {
		if (end > start) pieces.push(join(parts.slice(start, end)));
		start = end + 1;
	};
	for (const [index, part] of parts.entries()) {
		if (part.byteLength < LARGE) continue;
		joinUntil(index);
		pieces.push(part);
	}
	joinUntil(parts.length);
	return pieces;
}
