/** Connections of one group that are written together, and what waits for them. */
import { type Connection, NO_PLACE } from "./connection.ts";
import type { Group } from "./group.ts";

export interface Slice {
	readonly group: Group;
	readonly members: Connection[];
	/** What waits for them; of those who get something else, more or less (see `OwnFrames`). */
	frames: Uint8Array[];
	/** The size of that. */
	bytes: number;
	/** The last way round in which they were written to. */
	round: number;
	/** Where in the circle of members the last flush began, as a part of it. */
	turned: number;
}

export function createSlice(group: Group): Slice {
	return { group, members: [], frames: [], bytes: 0, round: -1, turned: 0 };
}

export function addMember(slice: Slice, connection: Connection): void {
	connection.slice = slice;
	connection.place = slice.members.length;
	slice.members.push(connection);
}

export function removeMember({ members }: Slice, connection: Connection): void {
	const { place } = connection;
	connection.slice = undefined;
	connection.place = NO_PLACE;
	const last = members.pop();
	if (!last || last === connection) return;
	members[place] = last;
	last.place = place;
}

/** The part of a circle by which each flush begins later: the golden ratio, which spreads them best. */
export const STEP = 0.618034;

/**
 * Calls for each member until a call returns false, each time from another one on, since who is
 * last waits for the writes to all others. Returns those it did not call for. Nobody comes or goes
 * meanwhile.
 */
export function walk(
	slice: Slice,
	call: (connection: Connection) => boolean,
): readonly Connection[] {
	const { members } = slice;
	slice.turned = (slice.turned + STEP) % 1;
	const start = Math.floor(slice.turned * members.length);
	for (let at = start; at < members.length; at++)
		if (!call(members[at] as Connection))
			return [...members.slice(at + 1), ...members.slice(0, start)];
	for (let at = 0; at < start; at++)
		if (!call(members[at] as Connection)) return members.slice(at + 1, start);
	return NOBODY;
}

const NOBODY: readonly Connection[] = [];
