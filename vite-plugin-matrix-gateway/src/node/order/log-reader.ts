/** Reads a log as far as it is whole. */
import type { Entry } from "../../core/world/command.ts";
import { decodeEntry } from "./command-rows.ts";
import { type Generation, logPath, nameOf } from "./data-files.ts";
import { type Disk, readStart } from "./disk.ts";
import { type LogHeader, readHeader } from "./file-format.ts";
import { countRecords, RECORD_HEADER, readRecord } from "./records.ts";

/** A log that is read, entry by entry. */
export interface LogReader {
	/** Undefined where it is not whole; then no entry is either. */
	readonly header: LogHeader | undefined;
	/** The next entry; undefined where there is none that is whole. */
	next(): Entry | undefined;
	/** Where the entries that were read end. */
	readonly at: number;
	readonly size: number;
	/** How many whole records come after where reading has ended: if any, it was no torn end. */
	countRest(): number;
}

/** Bytes that hold any header. */
const HEADER_BYTES = 64 * 1024;

/**
 * Opens a log, of which all but the header is read when it is asked for.
 * @throws DataError where a newer version of the program wrote it.
 */
export function openLog(
	disk: Disk,
	folder: string,
	generation: Generation,
): LogReader {
	const path = logPath(folder, generation);
	const begin = readHeader(readStart(disk, path, HEADER_BYTES), nameOf(path));
	const header = begin?.header.kind === "log" ? begin.header : undefined;
	let at = header ? (begin?.end ?? 0) : 0;
	let sequence = 0;
	let content: Buffer | undefined;

	function file(): Buffer {
		content ??= disk.readFileSync(path);
		return content;
	}

	/** An entry that is whole and not the next one is none. */
	function decode(payload: Buffer, { columns }: LogHeader): Entry | undefined {
		try {
			const entry = decodeEntry(payload, columns);
			return entry.sequence === sequence + 1 ? entry : undefined;
		} catch {
			return undefined;
		}
	}

	return {
		header,
		get at() {
			return at;
		},
		get size() {
			return file().length;
		},
		next() {
			const payload = header && readRecord(file(), at);
			const entry = payload && decode(payload, header);
			if (!payload || !entry) return undefined;
			sequence++;
			at += RECORD_HEADER + payload.length;
			return entry;
		},
		countRest: () => countRecords(file(), at),
	};
}
