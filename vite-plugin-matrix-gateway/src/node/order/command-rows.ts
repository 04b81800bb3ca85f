/**
 * Commands as rows, in which a field is known by its place: that takes half the time and two thirds
 * of the bytes of writing its name with each. The names are written once a file.
 */
import type { Command, Entry } from "../../core/world/command.ts";

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

/** An entry: its node, its number, and a row for each of its commands. */
export type EntryRow = readonly [
	node: string,
	sequence: number,
	commands: readonly CommandRow[],
];

type CommandRow = readonly [type: string, ...fields: unknown[]];

export function toEntryRow({ node, sequence, commands }: Entry): EntryRow {
	return [node, sequence, commands.map(toRow)];
}

/** @throws TypeError where it is none, or has a command of a type that the columns have not. */
export function fromEntryRow(row: unknown, columns: Columns): Entry {
	if (!isEntryRow(row)) throw new TypeError("this is no entry");
	const [node, sequence, rows] = row;
	return {
		node,
		sequence,
		commands: rows.map((command) => fromRow(command, columns)),
	};
}

function toRow(command: Command): CommandRow {
	const row: [string, ...unknown[]] = [command.type];
	const fields = command as unknown as Readonly<Record<string, unknown>>;
	for (const name of COLUMNS[command.type] ?? []) row.push(fields[name]);
	return row;
}

function fromRow([type, ...values]: CommandRow, columns: Columns): Command {
	const names = Object.hasOwn(columns, type) ? columns[type] : undefined;
	if (!names || !Object.hasOwn(COLUMNS, type))
		throw new TypeError(`there is no command ${type}`);
	const command: Record<string, unknown> = { type };
	// Null is how MessagePack writes what is undefined; no command has a null.
	for (const [place, name] of names.entries())
		command[name] = values[place] ?? undefined;
	return command as unknown as Command;
}

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
