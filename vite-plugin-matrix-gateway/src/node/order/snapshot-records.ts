/** A snapshot as records, none of which takes long to make or to read. */
import type { WorldSnapshot } from "../../core/world/snapshot.ts";
import { RECORD_HEADER, readRecord, toRecord } from "./records.ts";
import { decodeValue, encodeValue } from "./values.ts";

/** About so many bytes are one record. */
const ENOUGH = 64 * 1024;

/** Where in a snapshot a value is, and the value; of a list a part. */
type Piece = readonly [path: readonly string[], value: unknown];

/** Makes the records one by one, each of one piece. The last one says how many there are. */
export function* toSnapshotRecords(
	snapshot: WorldSnapshot,
): Generator<Buffer, void> {
	let count = 0;
	for (const piece of piecesOf([], snapshot)) {
		count++;
		yield toRecord(encodeValue(piece));
	}
	yield toRecord(encodeValue([END, count]));
}

/** Nothing but the snapshot itself has this path. */
const END: readonly string[] = [];

/** Reads records back; undefined where one is not whole, or some are not there. Bytes in it are views of the file's. */
export function fromSnapshotRecords(
	file: Buffer,
	start: number,
): WorldSnapshot | undefined {
	const snapshot: Fields = {};
	let count = 0;
	for (let at = start; ; count++) {
		const payload = readRecord(file, at);
		if (!payload) return undefined;
		at += RECORD_HEADER + payload.length;
		const [path, value] = decodeValue(payload) as Piece;
		if (path.length > 0) put(snapshot, path, value);
		// Each record is as it was written, by the same version of the format.
		else if (value === count && at === file.length)
			return snapshot as unknown as WorldSnapshot;
		else return undefined;
	}
}

type Fields = Record<string, unknown>;

function put(
	fields: Fields,
	[name = "", ...rest]: readonly string[],
	value: unknown,
): void {
	const before = fields[name];
	if (rest.length > 0) {
		const inner = (before ?? {}) as Fields;
		fields[name] = inner;
		put(inner, rest, value);
	} else if (Array.isArray(before) && Array.isArray(value))
		for (const item of value) before.push(item);
	else fields[name] = value;
}

function* piecesOf(
	path: readonly string[],
	value: unknown,
): Generator<Piece, void> {
	if (Array.isArray(value)) {
		for (const part of partsOf(value)) yield [path, part];
		return;
	}
	const fields = fieldsOf(value);
	if (fields.length === 0) yield [path, value];
	else
		for (const [name, inner] of fields)
			if (inner !== undefined) yield* piecesOf([...path, name], inner);
}

function fieldsOf(value: unknown): readonly [string, unknown][] {
	const isRecord =
		typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
	return isRecord ? Object.entries(value) : [];
}

function* partsOf(list: readonly unknown[]): Generator<readonly unknown[]> {
	let start = 0;
	let weight = 0;
	for (const [index, item] of list.entries()) {
		weight += weightOf(item);
		if (weight < ENOUGH) continue;
		yield list.slice(start, index + 1);
		start = index + 1;
		weight = 0;
	}
	if (start < list.length || list.length === 0) yield list.slice(start);
}

/** About how many bytes a value takes. */
function weightOf(value: unknown): number {
	if (typeof value === "string") return value.length;
	if (value instanceof Uint8Array) return value.byteLength;
	if (typeof value !== "object" || value === null) return 4;
	let weight = 4;
	for (const item of Object.values(value)) weight += 4 + weightOf(item);
	return weight;
}
