/**
 * Commands as rows, in which a field is known by its place: that takes two thirds of the
 * time and of the bytes that writing its name with each would. The names are written once a file.
 */
import type { Command, Entry } from "../../core/world/command.ts";
import { decodePlaces, isPlace, type Place, type Take } from "./values.ts";

/** For each type of command the names of its fields, in their places. */
export type Columns = Readonly<Record<string, readonly string[]>>;

/** Each field has to be named, or it does not compile. */
type Fields<Type extends Command["type"]> = Readonly<
	Record<Exclude<keyof Extract<Command, { readonly type: Type }>, "type">, true>
>;

const FIELDS: { readonly [Type in Command["type"]]: Fields<Type> } = {
	publish: {
		conn: true,
		frame: true,
		echo: true,
		retain: true,
		answer: true,
		needsAgent: true,
		speaksFor: true,
		messageType: true,
	},
	send: {
		conn: true,
		target: true,
		frame: true,
		receipt: true,
		isMirrored: true,
		answer: true,
		needsAgent: true,
		speaksFor: true,
		messageType: true,
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
		maxAgents: true,
		subscribe: true,
		interest: true,
	},
	leave: { conn: true, agentId: true, answer: true },
	detach: { conn: true, code: true, reason: true, seen: true },
	subscribe: { conn: true, interest: true, answer: true },
	ping: { conn: true, received: true },
	renew: { conn: true, grant: true, answer: true },
	regrant: { key: true, grant: true, isForWorld: true },
	revoke: { key: true },
	disconnect: { conn: true, agentId: true },
	tick: { ms: true, report: true, at: true },
	up: { replaces: true, options: true },
	drain: { frame: true, isFinal: true },
	down: {},
	gone: { node: true, seen: true },
	epoch: { number: true },
};

/** As they are written. A reader goes by those that are in the file. */
export const COLUMNS: Columns = Object.fromEntries(
	Object.entries(FIELDS).map(([type, fields]) => [type, Object.keys(fields)]),
);

/**
 * An entry as it is written: its node, its number, and a row for each of its commands.
 * @param pieces Gets the bytes for which there are places in it.
 */
export function toEntryRow(
	{ node, sequence, commands }: Entry,
	pieces: Uint8Array[],
): unknown {
	const rows: Row[] = [];
	for (const command of commands) rows.push(toRow(command, pieces));
	return [node, sequence, rows];
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

/** The fields are in their columns. What comes thousands of times a second is not looked up. */
function toRow(command: Command, pieces: Uint8Array[]): Row {
	if (command.type === "publish") {
		const { type, conn, frame, echo, retain, answer } = command;
		const { needsAgent, speaksFor, messageType } = command;
		const place = toPlace(frame, pieces);
		const rest = [needsAgent, speaksFor, messageType];
		return [type, conn, place, echo, retain, answer, ...rest];
	}
	if (command.type === "send") {
		const { type, conn, target, frame, receipt, isMirrored, answer } = command;
		const { needsAgent, speaksFor, messageType } = command;
		const place = toPlace(frame, pieces);
		const rest = [needsAgent, speaksFor, messageType];
		return [type, conn, target, place, receipt, isMirrored, answer, ...rest];
	}
	const row: [string, ...unknown[]] = [command.type];
	const fields = command as unknown as Readonly<Record<string, unknown>>;
	for (const name of COLUMNS[command.type] ?? []) {
		const value = fields[name];
		row.push(value instanceof Uint8Array ? toPlace(value, pieces) : value);
	}
	return row;
}

function toPlace(bytes: Uint8Array, pieces: Uint8Array[]): Place {
	pieces.push(bytes);
	return { $bytes: bytes.byteLength };
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
