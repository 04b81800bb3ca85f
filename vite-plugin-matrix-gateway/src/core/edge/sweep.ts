/**
 * Who is written broadcasts when. A group's connections are cut into slices; the slices of all
 * groups are a ring, and each is written, in its turn, what has gathered for it since the turn before. So
 * what comes while some are written goes at once to those who are next, and with a way round of T
 * milliseconds a message waits for T/2 in the mean and T at most. Were all written the same at
 * a time, it would wait for the end of the writing under way, and then for its place in the next.
 */
import { areSame } from "./batches.ts";
import type { Connection } from "./connection.ts";
import type { Group } from "./group.ts";
import {
	addMember,
	createSlice,
	removeMember,
	type Slice,
	STEP,
} from "./slice.ts";

export interface Sweep {
	/** Connections that receive. */
	readonly receivers: number;
	/** Lets a connection receive what is appended from now on. */
	add(connection: Connection): void;
	/** Ends that. */
	remove(connection: Connection): void;
	/** A frame waits for all of a group. */
	append(group: Group, frame: Uint8Array): void;
	/** The slice for which something has waited longest; undefined where nothing waits. */
	next(): Slice | undefined;
	/** The next slice was written what waited for it. Returns whether it was the last one of a way round. */
	pass(slice: Slice): boolean;
	/**
	 * The next slice takes too long: these members become one of their own, which comes after it, until
	 * the same waits for them as for others.
	 */
	cut(slice: Slice, members: readonly Connection[]): void;
}

/**
 * So many are written in 0.3 ms. Fewer would be reached hardly sooner, and what they are
 * written is put together once for each slice.
 */
const MOST = 64;

export function createSweep(): Sweep {
	return new Ring();
}

class Ring implements Sweep {
	receivers = 0;
	readonly #ring: Slice[] = [];
	/** Slices for which something waits. */
	#waiting = 0;
	/** The place in the ring that is next. */
	#at = 0;
	/** The number of the way round. */
	#round = 0;
	/** Slices that others were cut into. */
	readonly #cuts = new Set<Slice>();
	/** Where a way round last began after a pause, as a part of the ring. */
	#turned = 0;

	add(connection: Connection): void {
		if (connection.slice) return;
		const { group } = connection;
		addMember(group.slices.find(hasRoom) ?? this.#open(group), connection);
		this.receivers++;
	}

	remove(connection: Connection): void {
		const { slice } = connection;
		if (!slice) return;
		removeMember(slice, connection);
		this.receivers--;
		if (slice.members.length === 0) this.#close(slice);
	}

	append({ slices }: Group, frame: Uint8Array): void {
		for (const slice of slices) {
			if (slice.frames.length === 0 && this.#waiting++ === 0) this.#turn();
			slice.frames.push(frame);
			slice.bytes += frame.length;
		}
	}

	next(): Slice | undefined {
		if (this.#waiting === 0) return undefined;
		while (this.#ring[this.#at]?.frames.length === 0) this.#step();
		return this.#ring[this.#at];
	}

	pass(slice: Slice): boolean {
		slice.frames = [];
		slice.bytes = 0;
		slice.round = this.#round;
		this.#waiting--;
		this.#step();
		// Not by their number: some come and go meanwhile.
		const next = this.next();
		if (next && next.round !== this.#round) return false;
		this.#round++;
		if (this.#cuts.size > 0) this.#mend();
		return true;
	}

	cut(slice: Slice, members: readonly Connection[]): void {
		const { group, bytes } = slice;
		// A copy: of what was written nothing changes any more.
		const frames = [...slice.frames];
		const other = { ...createSlice(group), frames, bytes };
		moveMembers(members, other);
		group.slices.push(other);
		this.#ring.splice(this.#at + 1, 0, other);
		this.#cuts.add(other);
		this.#waiting++;
	}

	/** Puts who was cut off to others for whom the same waits. */
	#mend(): void {
		for (const cut of this.#cuts) {
			const isFor = (slice: Slice) =>
				slice !== cut && hasRoom(slice) && areSame(slice.frames, cut.frames);
			for (const member of [...cut.members]) {
				const slice = cut.group.slices.find(isFor);
				if (slice) moveMembers([member], slice);
			}
			if (cut.members.length === 0) this.#close(cut);
		}
	}

	#step(): void {
		this.#at = this.#at + 1 < this.#ring.length ? this.#at + 1 : 0;
	}

	/** After a pause not always the same are first. */
	#turn(): void {
		this.#turned = (this.#turned + STEP) % 1;
		this.#at = Math.floor(this.#turned * this.#ring.length);
	}

	#open(group: Group): Slice {
		const slice = createSlice(group);
		group.slices.push(slice);
		this.#ring.push(slice);
		return slice;
	}

	#close(slice: Slice): void {
		const place = this.#ring.indexOf(slice);
		this.#ring.splice(place, 1);
		this.#cuts.delete(slice);
		const { slices } = slice.group;
		slices.splice(slices.indexOf(slice), 1);
		if (place < this.#at) this.#at--;
		if (this.#at === this.#ring.length) this.#at = 0;
		if (slice.frames.length > 0) this.#waiting--;
	}
}

function moveMembers(members: readonly Connection[], to: Slice): void {
	for (const member of members) {
		if (member.slice) removeMember(member.slice, member);
		addMember(to, member);
	}
}

function hasRoom({ members }: Slice): boolean {
	return members.length < MOST;
}
