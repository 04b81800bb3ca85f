/**
 * Commands as rows, in which a field is known by its place: that takes two thirds of the
 * time and of the bytes that writing its name with each would. The names are written once a file.
 */
import type { Command, Entry } from "../../core/world/command.ts";
import { decodePlaces, encodePlaces, isPlace, type Take } from "./values.ts";

/** For each type of command the names of its fields, in their places. */
export type Columns = Readonly<Record<string, readonly string[]>>;

/** Each field has to be named, or it does not compile. */
type Fields<Type extends Command["type"]> = Readonly<
	Record<Exclude<keyof Extract<Command, { readonly type: Type }>, "type">, true>
>;

const FIELDS: { readonly [Type in Command["type"]]: Fields<Type> } = {
	publish: { conn: true, frame: true, echo: true, retain: true, answer: true },
	send: {
		conn: true,
		target: true,
		frame: true,
		receipt: true,
		isMirrored: true,
		answer: true,
	},
	refuse: { conn: true, frame: true, isCounted: true, isLast: true },
	join: {
		conn: true,
		agentId: true,
		role: true,
		grant: true,
		at: true,
		isNewcomer: true,
		session: true,
		resume: true,
		answer: true,
	},
	leave: { conn: true, agentId: true, answer: true },
	detach: { conn: true, code: true, reason: true, seen: true },
	ping: { conn: true, received: true },
	tick: { ms: true },
	up: { replaces: true },
	drain: { frame: true, isFinal: true },
	down: {},
	gone: { node: true },
};

/** As they are written. A reader goes by those that are in the file. */
export const COLUMNS: Columns = Object.fromEntries(
	Object.entries(FIELDS).map(([type, fields]) => [type, Object.keys(fields)]),
);

/** Writes an entry: its node, its number, and a row for each of its commands. */
export function encodeEntry({ node, sequence, commands }: Entry): Buffer {
	const pieces: Uint8Array[] = [];
	const rows = commands.map((command) => toRow(command, pieces));
	return encodePlaces([node, sequence, rows], pieces);
}

/**
 * Reads an entry. Bytes in it are views of those that it is given.
 * @throws SyntaxError or TypeError where it is none, or has a command of a type that is none.
 */
export function decodeEntry(bytes: Buffer, columns: Columns): Entry {
	const { value, take } = decodePlaces(bytes);
	if (!isEntryRow(value)) throw new TypeError("this is no entry");
	const [node, sequence, rows] = value;
	const commands = rows.map((row) => fromRow(row, columns, take));
	return { node, sequence, commands };
}

type Row = readonly [type: string, ...fields: unknown[]];

function toRow(command: Command, pieces: Uint8Array[]): Row {
	const row: [string, ...unknown[]] = [command.type];
	const fields = command as unknown as Readonly<Record<string, unknown>>;
	for (const name of COLUMNS[command.type] ?? []) {
		const value = fields[name];
		const isBytes = value instanceof Uint8Array;
		if (isBytes) pieces.push(value);
		row.push(isBytes ? { $bytes: value.byteLength } : value);
	}
	return row;
}

function fromRow(
	[type, ...values]: Row,
	columns: Columns,
	take: Take,
): Command {
	const names = Object.hasOwn(columns, type) ? columns[type] : undefined;
	if (!names || !Object.hasOwn(COLUMNS, type))
		throw new TypeError(`there is no command ${type}`);
	const command: Record<string, unknown> = { type };
	for (const [index, name] of names.entries()) {
		const value = values[index];
		// Null is how JSON writes what is undefined in a list; no command has a null.
		command[name] = isPlace(value) ? take(value.$bytes) : (value ?? undefined);
	}
	return command as unknown as Command;
}

type EntryRow = readonly [string, number, readonly Row[]];

function isEntryRow(row: unknown): row is EntryRow {
	if (!Array.isArray(row) || row.length !== 3) return false;
	const [node, sequence, commands] = row;
	return (
		typeof node === "string" &&
		Number.isSafeInteger(sequence) &&
		Array.isArray(commands) &&
		commands.every((command) => Array.isArray(command) && command.length > 0)
	);
}
