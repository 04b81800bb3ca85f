/**
 * A world as lines of JSON, and back: for people, and for a folder of another version. Messages are
 * texts in it; of a session's token there is its digest, from which nobody finds the token.
 */
import type { WorldSnapshot } from "../../core/world/snapshot.ts";
import { encodeTextFrame, payloadStart } from "../frame.ts";
import { DataError } from "../order/data-error.ts";

/** The version of the lines. */
const FORMAT = 1;

/** The first line. */
interface First {
	readonly format: "matrix-gateway";
	readonly version: number;
	/** The world's name. */
	readonly world: string;
}

/** A value of the snapshot; of a list first how many items it has, then each on a line of its own. */
type Line =
	| { readonly at: string; readonly value: unknown }
	| { readonly at: string; readonly items: number }
	| { readonly at: string; readonly item: unknown };

/** Writes a world, line by line without line ends. */
export function* toLines(snapshot: WorldSnapshot): Generator<string> {
	const first: First = {
		format: "matrix-gateway",
		version: FORMAT,
		world: "default",
	};
	yield JSON.stringify(first);
	for (const line of linesOf("", snapshot)) yield JSON.stringify(line);
	yield JSON.stringify(LAST);
}

const LAST = { end: true };

/**
 * Reads a world back.
 * @throws DataError that names the line at fault.
 */
export async function fromLines(
	lines: AsyncIterable<string> | Iterable<string>,
): Promise<WorldSnapshot> {
	const snapshot: Fields = {};
	let number = 0;
	let isWhole = false;
	for await (const text of lines) {
		number++;
		if (text.trim() === "") continue;
		const line = parse(text, number);
		if (number === 1) checkFirst(line);
		else if ("end" in line) isWhole = true;
		else if (typeof line.at === "string")
			put(snapshot, line.at.split("."), line);
		else throw new DataError(`line ${number} is none of an export`);
	}
	if (!isWhole || !isComplete(snapshot))
		throw new DataError(`the export ends too early, with line ${number}`);
	return snapshot as unknown as WorldSnapshot;
}

type Fields = Record<string, unknown>;

function* linesOf(at: string, value: unknown): Generator<Line> {
	if (Array.isArray(value)) {
		yield { at, items: value.length };
		for (const item of value) yield { at, item: withTexts(item) };
	} else if (isRecord(value))
		for (const [name, inner] of Object.entries(value))
			yield* linesOf(at === "" ? name : `${at}.${name}`, inner);
	else yield { at, value: withTexts(value) };
}

function put(
	fields: Fields,
	[name = "", ...rest]: readonly string[],
	line: Fields,
): void {
	if (rest.length > 0) {
		// Else `__proto__` would be what all objects have.
		const own = Object.hasOwn(fields, name) ? fields[name] : undefined;
		const inner = isRecord(own) ? own : {};
		fields[name] = inner;
		put(inner, rest, line);
		return;
	}
	const before = fields[name];
	if ("items" in line) fields[name] = [];
	else if (!("item" in line)) fields[name] = withBytes(line.value);
	else if (Array.isArray(before)) before.push(withBytes(line.item));
}

/** A frame as the text that is in it, where it would be the same again; else as base64. */
function withTexts(value: unknown): unknown {
	if (value instanceof Uint8Array) {
		const frame = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
		const text = frame.toString("utf8", payloadStart(frame));
		return frame.equals(encodeTextFrame(text))
			? { $message: text }
			: { $base64: frame.toString("base64") };
	}
	return mapped(value, withTexts);
}

function withBytes(value: unknown): unknown {
	if (isRecord(value)) {
		const { $message, $base64 } = value;
		if (typeof $message === "string")
			return new Uint8Array(encodeTextFrame($message));
		if (typeof $base64 === "string")
			return new Uint8Array(Buffer.from($base64, "base64"));
	}
	return mapped(value, withBytes);
}

function mapped(value: unknown, change: (value: unknown) => unknown): unknown {
	if (Array.isArray(value)) return value.map(change);
	if (!isRecord(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, field]) => [name, change(field)]),
	);
}

function isRecord(value: unknown): value is Fields {
	return (
		typeof value === "object" &&
		value !== null &&
		!Array.isArray(value) &&
		!(value instanceof Uint8Array)
	);
}

function parse(text: string, number: number): Fields {
	try {
		const line: unknown = JSON.parse(text);
		if (isRecord(line)) return line;
	} catch {
		// Told below, without the text.
	}
	throw new DataError(`line ${number} is no object of JSON`);
}

function checkFirst({ format, version }: Fields): void {
	if (format !== "matrix-gateway")
		throw new DataError("line 1 is not that of an export");
	if (version !== FORMAT)
		throw new DataError(
			`the export is of version ${String(version)}, and this program reads ${FORMAT}`,
		);
}

const PARTS = [
	...["time", "counts", "members", "peers", "roster"],
	...["sessions", "waiting", "log", "retained"],
] as const satisfies readonly (keyof WorldSnapshot)[];

function isComplete(snapshot: Fields): boolean {
	return PARTS.every((name) => name in snapshot);
}
