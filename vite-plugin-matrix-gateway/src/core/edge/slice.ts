/** Connections of one group that are written to together, and what waits for them. */
import type { Group } from "./group.ts";

export interface Slice<Of> {
	readonly group: Group;
	readonly members: Of[];
	/** What waits for them, but for what one gets besides or instead (`OwnFrames` of connection.ts). */
	frames: Uint8Array[];
	/** The size of that. */
	bytes: number;
	/** Whether that is so much that it waits for no more. */
	hasEnough: boolean;
	/** The number of the way round in which they were last written to. */
	lastRound: number;
	/** Where in the circle of members the last flush began, as a part of it. */
	offset: number;
}

/** Knows where it is. */
export interface Member<Of> {
	/** The slice that it is in; undefined where it is in none. */
	slice: Slice<Of> | undefined;
	/** Where it is among the slice's members. */
	place: number;
}

/** The place of what is in no slice. */
export const NO_PLACE = -1;

/** So many frames wait for no more: a larger write is hardly cheaper. */
const ENOUGH = 48;

/** So many bytes wait for no more, however few frames they are. */
const ENOUGH_BYTES = 256 * 1024;

export function createSlice<Of>(group: Group): Slice<Of> {
	return {
		group,
		members: [],
		frames: [],
		bytes: 0,
		hasEnough: false,
		lastRound: -1,
		offset: 0,
	};
}

/** Lets a frame wait. Returns whether it is the one with which there is enough. */
export function appendFrame(slice: Slice<unknown>, frame: Uint8Array): boolean {
	slice.frames.push(frame);
	slice.bytes += frame.length;
	if (slice.hasEnough) return false;
	slice.hasEnough =
		slice.frames.length >= ENOUGH || slice.bytes >= ENOUGH_BYTES;
	return slice.hasEnough;
}

export function addMember<Of extends Member<Of>>(
	slice: Slice<Of>,
	member: Of,
): void {
	member.slice = slice;
	member.place = slice.members.length;
	slice.members.push(member);
}

export function removeMember<Of extends Member<Of>>(
	{ members }: Slice<Of>,
	member: Of,
): void {
	const { place } = member;
	member.slice = undefined;
	member.place = NO_PLACE;
	const last = members.pop();
	if (!last || last === member) return;
	members[place] = last;
	last.place = place;
}

/**
 * Where in a circle the next turn begins, as a part of it, after one that began there: later by
 * the golden ratio, which spreads them best.
 */
export function rotate(offset: number): number {
	return (offset + 0.618034) % 1;
}

/**
 * Calls for each member until a call returns false, each time from another one on, since who is
 * last waits for the writes to all others. Returns those it did not call for. Nobody comes or goes
 * meanwhile.
 */
export function walk<Of>(
	slice: Slice<Of>,
	call: (member: Of) => boolean,
): readonly Of[] {
	const { members } = slice;
	slice.offset = rotate(slice.offset);
	const start = Math.floor(slice.offset * members.length);
	for (let at = start; at < members.length; at++)
		if (!call(members[at] as Of))
			return [...members.slice(at + 1), ...members.slice(0, start)];
	for (let at = 0; at < start; at++)
		if (!call(members[at] as Of)) return members.slice(at + 1, start);
	return [];
}
