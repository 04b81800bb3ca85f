/** A snapshot in pieces, for whoever writes it over many turns. */
import type { WorldSnapshot } from "../../core/world/snapshot.ts";
import { toSnapshotRecords } from "./snapshot-records.ts";

/** Milliseconds of one turn that go into a snapshot. */
const SLICE = 2;

/** Bytes that are written at once. */
const PIECE = 256 * 1024;

/** Makes as much of it as one turn may; `head` goes before all. */
export function* toSnapshotPieces(
	snapshot: WorldSnapshot,
	head?: Buffer,
): Generator<Buffer> {
	let piece = head ? [head] : [];
	let bytes = 0;
	let end = performance.now() + SLICE;
	for (const record of toSnapshotRecords(snapshot)) {
		piece.push(record);
		bytes += record.length;
		if (bytes < PIECE && performance.now() < end) continue;
		yield Buffer.concat(piece);
		piece = [];
		bytes = 0;
		end = performance.now() + SLICE;
	}
	yield Buffer.concat(piece);
}
