/**
 * Who is written broadcasts when. A group's connections are cut into slices, and the slices of all
 * groups form a ring. In its turn each is written what has gathered for it since its last one. So
 * what is broadcast while some are written goes at once to those who are next, and with a way round
 * of T milliseconds it reaches a connection after T/2 in the mean, and after T at most. Were one
 * batch written to all, what comes meanwhile would wait for its end, and then for its place in the
 * next one.
 */
import { areSame } from "./batches.ts";
import type { Connection } from "./connection.ts";
import type { Group } from "./group.ts";
import {
	addMember,
	appendFrame,
	createSlice,
	removeMember,
	rotate,
	type Slice as SliceOf,
} from "./slice.ts";

export type Slice = SliceOf<Connection>;

export interface Sweep {
	/** Connections that receive. */
	readonly receivers: number;
	/** Lets a connection that does not receive receive what is appended from now on. */
	add(connection: Connection): void;
	/** Ends that. */
	remove(connection: Connection): void;
	/** A frame waits for all of a group. */
	append(group: Group, frame: Uint8Array): void;
	waiting(): Amount;
	/** Takes what waits for the slice whose turn it is; undefined where nothing waits. */
	take(): Taken | undefined;
	/**
	 * It would take too long to write to all members of a slice: these have their turn next, as a slice
	 * of their own, until they can be put together with others again.
	 */
	putBack(taken: Taken, members: readonly Connection[]): void;
	/** Whether all have had their turn since it last was so; then a new way round begins. */
	endRound(): boolean;
}

/** Whether anything waits, and whether for some it is so much that they wait for no more. */
export type Amount = "nothing" | "some" | "enough";

/** A slice, and what waited for it. */
export interface Taken {
	readonly slice: Slice;
	readonly frames: readonly Uint8Array[];
	readonly bytes: number;
}

/**
 * So many are written to in 0.3 ms. Fewer would be reached hardly sooner, and what they are
 * written is put together once for each slice.
 */
const MOST = 64;

export function createSweep(): Sweep {
	return new Ring();
}

class Ring implements Sweep {
	receivers = 0;
	readonly #ring: Slice[] = [];
	readonly #byGroup = new Map<Group, readonly Slice[]>();
	/** Slices for which something waits, and for which enough does. */
	#waiting = 0;
	#withEnough = 0;
	/** The place in the ring whose turn is next. */
	#at = 0;
	/** The number of the way round. */
	#round = 0;
	/** Slices that may have to be put together with others. */
	readonly #small = new Set<Slice>();
	/** Where a way round last began after a pause, as a part of the ring. */
	#offset = 0;

	add(connection: Connection): void {
		const { group } = connection;
		addMember(this.#of(group).find(hasRoom) ?? this.#open(group), connection);
		this.receivers++;
	}

	remove(connection: Connection): void {
		const { slice } = connection;
		if (!slice) return;
		removeMember(slice, connection);
		this.receivers--;
		if (slice.members.length === 0) this.#close(slice);
		else if (slice.members.length < MOST / 2) this.#small.add(slice);
	}

	append(group: Group, frame: Uint8Array): void {
		for (const slice of this.#of(group)) {
			if (slice.frames.length === 0 && this.#waiting++ === 0) this.#rotate();
			if (appendFrame(slice, frame)) this.#withEnough++;
		}
	}

	waiting(): Amount {
		if (this.#waiting === 0) return "nothing";
		return this.#withEnough > 0 ? "enough" : "some";
	}

	take(): Taken | undefined {
		const slice = this.#next();
		if (!slice) return undefined;
		const { frames, bytes } = slice;
		this.#empty(slice);
		slice.lastRound = this.#round;
		this.#step();
		return { slice, frames, bytes };
	}

	putBack(
		{ slice: { group }, frames }: Taken,
		members: readonly Connection[],
	): void {
		const slice = this.#open(group, this.#at);
		moveMembers(members, slice);
		this.#small.add(slice);
		this.#waiting++;
		for (const frame of frames)
			if (appendFrame(slice, frame)) this.#withEnough++;
	}

	endRound(): boolean {
		// Not by their number: some come and go meanwhile.
		const next = this.#next();
		if (next && next.lastRound !== this.#round) return false;
		this.#round++;
		for (const slice of this.#small) this.#join(slice);
		return true;
	}

	/** Puts the members of a slice into another for which the same waits, if one has room for all. */
	#join(slice: Slice): void {
		const { group, members, frames } = slice;
		const isFor = (other: Slice) =>
			other !== slice &&
			other.members.length + members.length <= MOST &&
			areSame(other.frames, frames);
		const other = this.#of(group).find(isFor);
		if (other) {
			moveMembers([...members], other);
			this.#close(slice);
		} else if (!hasRoom(slice) || this.#of(group).length === 1)
			this.#small.delete(slice);
	}

	#next(): Slice | undefined {
		if (this.#waiting === 0) return undefined;
		while (this.#ring[this.#at]?.frames.length === 0) this.#step();
		return this.#ring[this.#at];
	}

	#step(): void {
		this.#at = this.#at + 1 < this.#ring.length ? this.#at + 1 : 0;
	}

	/** After a pause not always the same are first. */
	#rotate(): void {
		this.#offset = rotate(this.#offset);
		this.#at = Math.floor(this.#offset * this.#ring.length);
	}

	#of(group: Group): readonly Slice[] {
		return this.#byGroup.get(group) ?? NONE;
	}

	#open(group: Group, place = this.#ring.length): Slice {
		const slice = createSlice<Connection>(group);
		this.#byGroup.set(group, [...this.#of(group), slice]);
		this.#ring.splice(place, 0, slice);
		return slice;
	}

	#empty(slice: Slice): void {
		if (slice.frames.length === 0) return;
		this.#waiting--;
		if (slice.hasEnough) this.#withEnough--;
		slice.frames = [];
		slice.bytes = 0;
		slice.hasEnough = false;
	}

	#close(slice: Slice): void {
		this.#empty(slice);
		this.#small.delete(slice);
		const others = this.#of(slice.group).filter((other) => other !== slice);
		if (others.length > 0) this.#byGroup.set(slice.group, others);
		else this.#byGroup.delete(slice.group);
		const place = this.#ring.indexOf(slice);
		this.#ring.splice(place, 1);
		if (place < this.#at) this.#at--;
		if (this.#at === this.#ring.length) this.#at = 0;
		// Nobody is left to end the way round.
		if (this.#waiting === 0) this.#round++;
	}
}

const NONE: readonly Slice[] = [];

function moveMembers(members: readonly Connection[], to: Slice): void {
	for (const member of members) {
		if (member.slice) removeMember(member.slice, member);
		addMember(to, member);
	}
}

function hasRoom({ members }: Slice): boolean {
	return members.length < MOST;
}
