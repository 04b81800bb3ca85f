/**
 * Records in a file, each of which says whether it is whole: a mark, the length, a checksum, the
 * bytes. The mark is there to find records after one that is not whole.
 */
import { crc32 } from "node:zlib";

/** Bytes of a record before its payload. */
export const RECORD_HEADER = 12;

/** Begins each record; no UTF-8 has these bytes. */
const MARK = Buffer.from([0xf5, 0x4d, 0x58, 0xf6]);

/** Makes a record of a payload. */
export function toRecord(payload: Uint8Array): Buffer {
	const record = Buffer.allocUnsafe(RECORD_HEADER + payload.byteLength);
	record.set(payload, RECORD_HEADER);
	return finish(record);
}

/** Makes records one after the other in the same memory: each is of use until the next one. */
export interface RecordMaker {
	/** Makes a record of a text and of bytes after it. */
	make(text: string, pieces: readonly Uint8Array[]): Buffer;
}

/** Bytes of the memory that is kept, which is enough for nearly all; a larger one is of use once. */
const KEPT = 256 * 1024;

export function createRecordMaker(): RecordMaker {
	const kept = Buffer.allocUnsafeSlow(KEPT);
	return {
		make(text, pieces) {
			// UTF-8 takes three bytes at most for each unit of UTF-16.
			let most = RECORD_HEADER + 3 * text.length;
			for (const piece of pieces) most += piece.byteLength;
			const memory = most > KEPT ? Buffer.allocUnsafeSlow(most) : kept;
			let end = RECORD_HEADER + memory.write(text, RECORD_HEADER);
			for (const piece of pieces) {
				memory.set(piece, end);
				end += piece.byteLength;
			}
			return finish(memory.subarray(0, end));
		},
	};
}

/** Fills in what stands before the payload. */
function finish(record: Buffer): Buffer {
	const payload = record.subarray(RECORD_HEADER);
	MARK.copy(record);
	record.writeUInt32LE(payload.length, 4);
	record.writeUInt32LE(crc32(payload), 8);
	return record;
}

/** The payload of the record that begins at a place; undefined where none does, or it is not whole. */
export function readRecord(file: Buffer, at: number): Buffer | undefined {
	const start = at + RECORD_HEADER;
	if (start > file.length) return undefined;
	if (file.compare(MARK, 0, MARK.length, at, at + MARK.length) !== 0)
		return undefined;
	const end = start + file.readUInt32LE(at + 4);
	if (end > file.length) return undefined;
	const payload = file.subarray(start, end);
	return crc32(payload) === file.readUInt32LE(at + 8) ? payload : undefined;
}

/** How many whole records there are from a place on, whatever is between them. */
export function countRecords(file: Buffer, from: number): number {
	let count = 0;
	let at = file.indexOf(MARK, from);
	while (at !== -1) {
		const payload = readRecord(file, at);
		if (payload) count++;
		const next = payload ? at + RECORD_HEADER + payload.length : at + 1;
		at = file.indexOf(MARK, next);
	}
	return count;
}
