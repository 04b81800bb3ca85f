/** Has one connection get something besides, or instead of, what waits for its slice. */
import type { Connection, OwnFrames, OwnItem } from "./connection.ts";

/** Adds a frame for one, or leaves its slice's next one out. */
export function addItem(
	connection: Connection,
	frame: Uint8Array | undefined,
): OwnFrames {
	const item = { at: connection.slice?.frames.length ?? 0, frame };
	const { own } = connection;
	// Not pushed: an array that was empty would make room for 17.
	if (!own) return beginOwn(connection, [item]);
	own.items.push(item);
	return own;
}

export function beginOwn(connection: Connection, items: OwnItem[]): OwnFrames {
	// Who does not take part yet gets its own frames and nothing else.
	const from = connection.slice ? 0 : Number.POSITIVE_INFINITY;
	const own = { from, isUrgent: false, items, extra: 0 };
	connection.own = own;
	return own;
}

/** Of what its slice is written a connection gets what comes from here on. */
export function startHere(connection: Connection): void {
	const { slice, own } = connection;
	if (!slice) return;
	const { length } = slice.frames;
	if (own) own.from = length;
	else if (length > 0) beginOwn(connection, []).from = length;
}
