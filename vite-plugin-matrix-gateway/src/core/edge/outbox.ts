/**
 * The way out, and the hot path [RT5].
 *
 * A write is a system call and costs the same for one frame as for 64, so frames a write are
 * the lever. Frames gather in a batch; a flush joins it into one buffer, which all sockets
 * of a group share. A socket that is to get something else, being a sender that
 * is left out, a target or a newcomer, is written a copy woven of the batch's runs and its
 * own frames. A target is written ahead of the flush, with what of the batch it was sent before.
 * Where a flush takes long, others have their turns between its parts (see round.ts).
 */
import { createBatch } from "./batch.ts";
import { type Batches, createBatches, gatherBatches } from "./batches.ts";
import type { Connection, OwnFrames, OwnItem } from "./connection.ts";
import type { Group } from "./group.ts";
import type { Groups } from "./groups.ts";
import type { Host } from "./host.ts";
import { createRound, type RoundOptions } from "./round.ts";
import { gather, weave } from "./weave.ts";

/** The frames that wait for the next flush. */
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
	readonly groups: Pick<Groups, "everyone" | "filtered">;
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
	const { groups, write, tooSlow, broadcastWaits, directedWaits } = options;
	const { compress } = options;
	const { everyone } = groups;
	const round = createRound(options);
	// Those with frames of their own, and some who had: a set was 1 % of a directed message.
	let withOwn: Connection[] = [];

	function own(connection: Connection): OwnFrames {
		return connection.own ?? beginOwn(connection, []);
	}

	/** Adds a frame for one, or leaves the batch's next one out. */
	function addItem(
		connection: Connection,
		frame: Uint8Array | undefined,
	): OwnFrames {
		const item = { at: connection.group.frames.length, frame };
		const { own: before } = connection;
		// Not pushed: an array that was empty would make room for 17.
		if (!before) return beginOwn(connection, [item]);
		before.items.push(item);
		return before;
	}

	function beginOwn(connection: Connection, items: OwnItem[]): OwnFrames {
		withOwn.push(connection);
		connection.own = createOwn(connection, items);
		return connection.own;
	}

	function createOwn(connection: Connection, items: OwnItem[]): OwnFrames {
		// Who does not take part yet gets its own frames and nothing of the batch.
		const from = round.has(connection) ? 0 : Number.POSITIVE_INFINITY;
		return { from, isUrgent: false, items, extra: 0 };
	}

	function takeWithOwn(): readonly Connection[] {
		const taken = withOwn;
		withOwn = [];
		return taken;
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
	function writeAhead(connection: Connection, batches: Batches): boolean {
		const { group, socket } = connection;
		const shared =
			group.frames.length > 0 ? batches.of(group).framesFor(socket) : NOTHING;
		const isDone = round.catchUp(connection) && writeOwn(connection, shared);
		connection.own = undefined;
		if (group.frames.length > 0 && round.has(connection))
			own(connection).from = group.frames.length;
		return isDone;
	}

	/** Writes to those who get something else than the batch, and so not by its round. */
	function writeAllOwn(): void {
		const slow: Connection[] = [];
		for (const [index, connection] of takeWithOwn().entries()) {
			if (!connection.own) continue;
			const { group, socket, own } = connection;
			const isWhole = own.items.length === 0 && round.has(connection);
			if (isWhole && index >= FEW) {
				// In its place, and of the bytes that all share.
				round.startAt(connection, own.from);
				connection.own = undefined;
				continue;
			}
			round.leaveOut(connection);
			if (!writeOwn(connection, group.batch?.framesFor(socket) ?? NOTHING))
				slow.push(connection);
			connection.own = undefined;
		}
		for (const connection of slow) tooSlow(connection);
	}

	/** Leaves what its group is sent next out for a connection. */
	function leaveOut(connection: Connection): void {
		if (round.has(connection)) addItem(connection, undefined);
	}

	/** What waits for a connection, as it takes it. */
	function takeWaiting(connection: Connection): Uint8Array[] {
		const { group, socket } = connection;
		const flushed = round.isDue(connection) ? group.batch : undefined;
		const due = flushed?.framesFor(socket).slice(connection.batchFrom);
		round.leaveOut(connection);
		const shared = createBatch(group.frames, compress).framesFor(socket);
		const { from, items } = own(connection);
		return [...(due ?? NOTHING), ...weave(shared, from, items)];
	}

	function goOn(): boolean {
		const isDone = round.goOn();
		if (isDone) forEachGroup(forget);
		return isDone;
	}

	function forEachGroup(call: (group: Group) => void): void {
		call(everyone);
		for (const group of groups.filtered()) call(group);
	}

	return {
		add(connection) {
			own(connection).from = connection.group.frames.length;
			round.add(connection);
		},
		remove(connection) {
			round.remove(connection);
			connection.own = undefined;
		},
		broadcast(frame, except, to) {
			if (except && (except.group === everyone || to.includes(except.group)))
				leaveOut(except);
			everyone.frames.push(frame);
			for (const { frames } of to) frames.push(frame);
			broadcastWaits(frame.length);
		},
		move(connection, group) {
			const waiting = takeWaiting(connection);
			const { isUrgent, extra } = own(connection);
			round.move(connection, group);
			connection.own = undefined;
			const moved = own(connection);
			const at = group.frames.length;
			for (const frame of waiting) moved.items.push({ at, frame });
			Object.assign(moved, { isUrgent, extra });
			if (round.has(connection)) moved.from = at;
		},
		direct(connection, frame, count = 1) {
			const ownFrames = addItem(connection, frame);
			ownFrames.extra += count - 1;
			ownFrames.isUrgent = true;
			directedWaits(frame.length);
		},
		drain(connection) {
			connection.own ??= createOwn(connection, []);
			writeAhead(connection, createBatches(compress));
		},
		drainDirected() {
			const batches = createBatches(compress);
			const slow: Connection[] = [];
			for (const connection of takeWithOwn()) {
				if (!connection.own) continue;
				if (!connection.own.isUrgent) withOwn.push(connection);
				else if (!writeAhead(connection, batches)) slow.push(connection);
			}
			for (const connection of slow) tooSlow(connection);
		},
		flush() {
			while (!goOn());
			if (gatherBatches(groups, compress)) round.begin();
			writeAllOwn();
			return goOn();
		},
		goOn,
	};
}

function forget(group: Group): void {
	group.batch = undefined;
}

/** So many who get but a part of the batch are written it at once; more, as newcomers in a storm, in their places. */
const FEW = 32;

const NOTHING: readonly Uint8Array[] = [];
