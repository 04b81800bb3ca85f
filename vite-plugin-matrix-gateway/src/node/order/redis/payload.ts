/** What an entry of the stream holds: commands of a node, or how an epoch begins. */
import { createHash, randomBytes } from "node:crypto";
import type { Command, Entry } from "../../../core/world/command.ts";
import {
	COLUMNS,
	type Columns,
	decodeEntry,
	toEntryRow,
} from "../command-rows.ts";
import { FORMAT } from "../file-format.ts";
import { decodeValue, encodeValue, lineOf } from "../values.ts";

/** How an epoch begins [ORD11, ORD12]. */
export interface EpochStart {
	/** Which version of the gateway writes it; see `OWN_FORMAT`. */
	readonly format: string;
	/** Of the entries in it. */
	readonly columns: Columns;
	/**
	 * What the world that it begins with had applied: who has applied the same goes on, nobody else.
	 * Null where it cuts a history that goes on: then so does everyone whose last entry is in it.
	 */
	readonly base: Applied | null;
	/** The key of that world; null where it is an empty one, or there is no base. */
	readonly snapshot: string | null;
	/** No other beginning has the same. What is written in the epoch bears it; absent in what older versions wrote. */
	readonly mark?: string;
}

/** How far a world has come: the place of the last entry, and a checksum of all. */
export interface Applied {
	readonly id: string;
	readonly hash: number;
}

/** Nodes whose formats differ would not agree on a world; since entries bear marks it is another. */
export const OWN_FORMAT: string = `${FORMAT}.m.${digestOf(COLUMNS)}`;

const MARK_BYTES = 9;

export function encodePayload(entry: Entry): Buffer {
	const pieces: Uint8Array[] = [];
	const line = lineOf(toEntryRow(entry, pieces));
	return Buffer.concat([Buffer.from(line), ...pieces]);
}

export function encodeEpoch(
	given: Pick<EpochStart, "base" | "snapshot">,
): Buffer {
	const mark = randomBytes(MARK_BYTES).toString("base64url");
	return encodeValue({
		epoch: { format: OWN_FORMAT, columns: COLUMNS, ...given, mark },
	});
}

/** How an epoch begins, where that is what a payload says. */
export function decodeEpoch(payload: Buffer): EpochStart | undefined {
	// An entry is a list.
	if (payload[0] !== OBJECT) return undefined;
	const { epoch } = decodeValue(payload) as { readonly epoch?: EpochStart };
	return epoch;
}

/**
 * Reads an entry. Bytes of what is kept for long are copied out of the payload; broadcasts stay
 * views of it: they come together and go together.
 * @throws SyntaxError or TypeError where it is none.
 */
export function decodePayload(payload: Buffer, columns: Columns): Entry {
	const { node, sequence, commands } = decodeEntry(payload, columns);
	return { node, sequence, commands: commands.map(ownFrame) };
}

const OBJECT = 0x7b;

function ownFrame(command: Command): Command {
	if (command.type === "publish")
		return command.retain ? withOwnFrame(command) : command;
	return command.type === "send" ? withOwnFrame(command) : command;
}

function withOwnFrame<Framed extends { readonly frame: Uint8Array }>(
	command: Framed,
): Framed {
	return { ...command, frame: new Uint8Array(command.frame) };
}

function digestOf(columns: Columns): string {
	const text = JSON.stringify(columns);
	return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
