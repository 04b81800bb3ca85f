/** What one connection is sent of its slice's frames and of its own. */
import { join } from "./batch.ts";
import type { OwnItem } from "./connection.ts";

/** The frames that one connection gets, in their order. */
export function weave(
	shared: readonly Uint8Array[],
	from: number,
	items: readonly OwnItem[],
): Uint8Array[] {
	const parts: Uint8Array[] = [];
	let next = from;
	for (const { at, frame } of items) {
		// Where a write has failed, what was shared is gone.
		const end = Math.min(at, shared.length);
		while (next < end) parts.push(shared[next++] as Uint8Array);
		if (frame) parts.push(frame);
		else next = at + 1;
	}
	while (next < shared.length) parts.push(shared[next++] as Uint8Array);
	return parts;
}

/** Joins what is small; what is large goes out as it is, so that a snapshot is not copied for each. */
export function gather(parts: Uint8Array[]): Uint8Array[] {
	const pieces: Uint8Array[] = [];
	let start = 0;
	const joinUntil = (end: number) => {
		if (end > start) pieces.push(join(parts.slice(start, end)));
		start = end + 1;
	};
	for (const [index, part] of parts.entries()) {
		if (part.length < LARGE) continue;
		joinUntil(index);
		pieces.push(part);
	}
	joinUntil(parts.length);
	return pieces;
}

/** From here on a write of its own costs less than a copy, and keeps the bytes shared. */
const LARGE = 64 * 1024;
