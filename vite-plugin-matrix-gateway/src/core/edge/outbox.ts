/**
 * The way out, and the hot path [RT5].
 *
 * A write is a system call and costs the same for one frame as for 64, so frames a write are
 * the lever. Frames gather for each slice (see sweep.ts); a flush joins what waits for the next one
 * into one buffer, which all its sockets share. A socket that is to get something else, being a
 * sender that is left out, a target or a newcomer, is written a copy woven of the frames that are
 * shared and its own. A target is written ahead of its slice, with what it was sent before.
 */
import { type Batch, createBatch } from "./batch.ts";
import { type Batches, createBatches } from "./batches.ts";
import type { Connection, OwnFrames } from "./connection.ts";
import type { Group } from "./group.ts";
import type { Groups } from "./groups.ts";
import type { Host } from "./host.ts";
import { addItem, beginOwn, startHere } from "./own-frames.ts";
import { walk } from "./slice.ts";
import { type Amount, createSweep } from "./sweep.ts";
import { gather, weave } from "./weave.ts";

/** The frames that wait. */
export interface Outbox {
	/** Lets a connection take part in what is broadcast from now on. */
	add(connection: Connection): void;
	/** Ends that; what waits for the connection is dropped. */
	remove(connection: Connection): void;
	/** Sends a frame to all who are sent all, and to these groups, but for one. */
	broadcast(
		frame: Uint8Array,
		except: Connection | undefined,
		groups: readonly Group[],
	): void;
	/** Has a connection sent what another group is sent from here on; what waits for it still comes. */
	move(connection: Connection, group: Group): void;
	/**
	 * Sends a frame, or `count` of them in one piece, to one, after all that it was sent before.
	 * It is written as it is: what the connection takes compressed comes so [CMP1].
	 */
	direct(connection: Connection, frame: Uint8Array, count?: number): void;
	/** Writes what waits for one connection now, ahead of the flush. */
	drain(connection: Connection): void;
	/** The same for all for which a frame of their own waits. */
	drainDirected(): void;
	/** Of what was broadcast. */
	waiting(): Amount;
	/** Writes what was broadcast to those whose turn it is. Returns undefined where nothing waited. */
	flush(): Flushed | undefined;
}

/** What was written of broadcasts. */
export interface Flushed {
	/** How many, to each. */
	readonly count: number;
	/** The connections that were written to, as a part of all that are written broadcasts. */
	readonly part: number;
	/** Whether all had their turn since this was last so. */
	readonly isLast: boolean;
}

/** What an outbox needs. */
export interface OutboxOptions {
	readonly groups: Pick<Groups, "everyone">;
	/** Takes the bytes for one socket, `count` whole frames. False where it is too slow to. */
	write(connection: Connection, bytes: Uint8Array, count: number): boolean;
	/**
	 * Told after a flush who was too slow in it: closing one in the middle may broadcast, and answer
	 * others who have not been written yet.
	 */
	tooSlow(connection: Connection): void;
	/** Told of each broadcast that waits, with its size. */
	broadcastWaits(bytes: number): void;
	/** Told of all else that waits. */
	directedWaits(bytes: number): void;
	/** Makes of a frame what connections that compress are written [CMP1]. */
	readonly compress?: Host["compress"];
	/** So many bytes are written at once; then others have their turn, and the rest comes next. */
	readonly mostWritten?: number;
}

/** So many bytes are written in 1 to 2 ms. */
const MOST_WRITTEN = 2 * 1024 * 1024;

export function createOutbox(options: OutboxOptions): Outbox {
	const { groups, write, tooSlow, compress } = options;
	const { broadcastWaits, directedWaits } = options;
	const { mostWritten = MOST_WRITTEN } = options;
	const { everyone } = groups;
	const sweep = createSweep();
	/** What was written since the last broadcast: the same waits for several slices. */
	let batches: Batches | undefined;
	// Those for whom a frame of their own waits, and some for whom one did: a set was 1 % of a
	// directed message.
	let urgent: Connection[] = [];

	function writeOwn(
		connection: Connection,
		{ items, from, extra }: OwnFrames,
		shared: readonly Uint8Array[],
	): boolean {
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

	/** Writes what waits for a connection, ahead of its slice. */
	function writeAhead(connection: Connection, ahead: Batches): boolean {
		const { slice, socket } = connection;
		const own = connection.own ?? beginOwn(connection, []);
		connection.own = undefined;
		if (!slice || slice.frames.length === 0)
			return writeOwn(connection, own, NOTHING);
		const shared = ahead.of(slice.frames).framesFor(socket);
		const isDone = writeOwn(connection, own, shared);
		startHere(connection);
		return isDone;
	}

	/** Writes to a member of a slice in its turn. */
	function writeTo(connection: Connection, batch: Batch): boolean {
		const { own, socket } = connection;
		connection.own = undefined;
		if (own && own.items.length > 0)
			return writeOwn(connection, own, batch.framesFor(socket));
		const from = own ? own.from : 0;
		if (from >= batch.count) return true;
		return write(connection, batch.bytesFor(socket, from), batch.count - from);
	}

	/** Leaves what its slice is written next out for a connection. */
	function leaveOut(connection: Connection): void {
		if (connection.slice) addItem(connection, undefined);
	}

	function addUrgent(connection: Connection, frame: Uint8Array, count: number) {
		const own = addItem(connection, frame);
		own.extra += count - 1;
		if (!own.isUrgent) urgent.push(connection);
		own.isUrgent = true;
	}

	/** What waits for a connection, as it takes it. */
	function takeWaiting(connection: Connection): Uint8Array[] {
		const { slice, socket, own } = connection;
		const frames = slice?.frames ?? NOTHING;
		const shared = createBatch(frames, compress).framesFor(socket);
		return weave(shared, own?.from ?? 0, own?.items ?? []);
	}

	return {
		add(connection) {
			if (connection.slice) return;
			sweep.add(connection);
			startHere(connection);
		},
		remove(connection) {
			sweep.remove(connection);
			connection.own = undefined;
		},
		broadcast(frame, except, to) {
			if (except && (except.group === everyone || to.includes(except.group)))
				leaveOut(except);
			sweep.append(everyone, frame);
			for (const group of to) sweep.append(group, frame);
			batches = undefined;
			broadcastWaits(frame.length);
		},
		move(connection, group) {
			const waiting = takeWaiting(connection);
			const extra = connection.own?.extra ?? 0;
			const takesPart = connection.slice !== undefined;
			sweep.remove(connection);
			connection.group = group;
			if (takesPart) sweep.add(connection);
			connection.own = undefined;
			startHere(connection);
			if (waiting.length === 0) return;
			for (const [index, frame] of waiting.entries())
				addUrgent(connection, frame, index === 0 ? 1 + extra : 1);
			// Its new slice may have nothing to be written. The bytes were counted before.
			directedWaits(0);
		},
		direct(connection, frame, count = 1) {
			addUrgent(connection, frame, count);
			directedWaits(frame.length);
		},
		drain(connection) {
			writeAhead(connection, createBatches(compress));
		},
		drainDirected() {
			const taken = urgent;
			urgent = [];
			const ahead = createBatches(compress);
			const slow: Connection[] = [];
			for (const connection of taken)
				if (connection.own?.isUrgent && !writeAhead(connection, ahead))
					slow.push(connection);
			for (const connection of slow) tooSlow(connection);
		},
		waiting: () => sweep.waiting(),
		flush() {
			const taken = sweep.take();
			if (!taken) return undefined;
			const { slice, frames, bytes } = taken;
			batches ??= createBatches(compress);
			const batch = batches.of(frames);
			const slow: Connection[] = [];
			let left = mostWritten;
			const rest = walk(slice, (connection) => {
				if (!writeTo(connection, batch)) slow.push(connection);
				left -= bytes;
				return left > 0;
			});
			if (rest.length > 0) sweep.putBack(taken, rest);
			const part = slice.members.length / sweep.receivers;
			const isLast = sweep.endRound();
			if (isLast) batches = undefined;
			for (const connection of slow) tooSlow(connection);
			return { count: frames.length, part, isLast };
		},
	};
}

const NOTHING: readonly Uint8Array[] = [];
