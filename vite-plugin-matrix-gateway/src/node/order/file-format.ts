/**
 * How every file begins: a line for people, and a record that says what the file is. That much is the
 * same in all versions, so that a program tells a file of a newer one from a broken one.
 */
import type { WorldOptions } from "../../core/world/state.ts";
import type { Columns } from "./command-rows.ts";
import { DataError } from "./data-error.ts";
import { RECORD_HEADER, readRecord, toRecord } from "./records.ts";
import { decodeValue, encodeValue } from "./values.ts";

/**
 * The version of the files. To be raised by whoever changes what is in them, or what a command that
 * is in them does to a world.
 */
export const FORMAT = 3;

const FIRST_LINE = Buffer.from("matrix-gateway data\n");

/** What a file says of itself. */
export interface FileHeader {
	readonly kind: "log" | "snapshot";
	/** The number in its name. */
	readonly generation: number;
	/** When it was begun, in milliseconds since 1970. */
	readonly at: number;
}

/** A log of what was applied to a world. */
export interface LogHeader extends FileHeader {
	readonly kind: "log";
	/** The world that its first entry meets. */
	readonly begins: Beginning;
	/** Those under which its entries were applied. */
	readonly options: WorldOptions;
	readonly columns: Columns;
}

/**
 * - `empty`: nothing was before.
 * - `snapshot`: that of this number alone; what was before it is not all in the files.
 * - else where another log ended, of which so many bytes count.
 */
export type Beginning =
	| "empty"
	| "snapshot"
	| { readonly generation: number; readonly bytes: number };

/** A world as it was when the log of the same number began. */
export interface SnapshotHeader extends FileHeader {
	readonly kind: "snapshot";
}

/** How a file begins. */
export function encodeHeader(header: LogHeader | SnapshotHeader): Buffer {
	const record = toRecord(encodeValue({ format: FORMAT, ...header }));
	return Buffer.concat([FIRST_LINE, record]);
}

/** A header, and where what follows it begins. */
export interface ReadHeader {
	readonly header: LogHeader | SnapshotHeader;
	readonly end: number;
}

/**
 * Reads how a file begins; undefined where that is not whole.
 * @throws DataError where a newer version of the program wrote it.
 */
export function readHeader(file: Buffer, name: string): ReadHeader | undefined {
	if (!file.subarray(0, FIRST_LINE.length).equals(FIRST_LINE)) return undefined;
	const payload = readRecord(file, FIRST_LINE.length);
	const fields = payload && decodeValue(payload);
	if (!payload || !isFields(fields)) return undefined;
	const { format, ...header } = fields;
	if (typeof format !== "number") return undefined;
	if (format > FORMAT)
		throw new DataError(
			`${name} is of format ${format}, and this version reads up to ${FORMAT}: a newer one wrote it`,
		);
	return {
		// Its checksum is right, so it is what this format has.
		header: header as unknown as LogHeader | SnapshotHeader,
		end: FIRST_LINE.length + RECORD_HEADER + payload.length,
	};
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null;
}
