/**
 * Plain data with bytes in it, as bytes: a line of JSON, in which `{"$bytes": 5}` stands for five
 * bytes, and after it those bytes, one after the other. Frames are not made text; and the rest is
 * read by what every process has compiled already, which halves the time of a start.
 */

/** In the place of bytes. No object that is written has such a key. */
export interface Place {
	readonly $bytes: number;
}

/** Takes so many of the bytes after the line, which were not taken yet. */
export type Take = (length: number) => Uint8Array;

/** Writes plain data; what is undefined is left out, and in an array null. */
export function encodeValue(value: unknown): Buffer {
	const pieces: Uint8Array[] = [];
	const line = lineOf(withPlaces(value, pieces));
	return Buffer.concat([Buffer.from(line), ...pieces]);
}

/** The line of data that has places in it; the bytes of these follow it, in their order. */
export function lineOf(value: unknown): string {
	return `${JSON.stringify(value)}\n`;
}

/**
 * Reads what `encodeValue` wrote. Bytes in it are views of those that it is given.
 * @throws SyntaxError where it is none.
 */
export function decodeValue(bytes: Buffer): unknown {
	const { value, take, hasBytes } = decodePlaces(bytes);
	// Most of a large world's records have none.
	return hasBytes ? withBytes(value, take) : value;
}

/** The same, with places where there are bytes. They have to be taken in their order. */
export function decodePlaces(bytes: Buffer): {
	readonly value: unknown;
	readonly take: Take;
	readonly hasBytes: boolean;
} {
	const end = bytes.indexOf(NEWLINE);
	let at = bytes.byteOffset + end + 1;
	return {
		value: JSON.parse(bytes.toString("utf8", 0, end)),
		hasBytes: end + 1 < bytes.length,
		take(length) {
			at += length;
			// Not `subarray`: a Buffer takes longer to make than its view.
			return new Uint8Array(bytes.buffer, at - length, length);
		},
	};
}

/** Whether something stands for bytes. */
export function isPlace(value: unknown): value is Place {
	return typeof value === "object" && value !== null && "$bytes" in value;
}

const NEWLINE = 0x0a;

type Fields = Record<string, unknown>;

function withPlaces(value: unknown, pieces: Uint8Array[]): unknown {
	if (typeof value !== "object" || value === null) return value;
	if (value instanceof Uint8Array) {
		pieces.push(value);
		return { $bytes: value.byteLength };
	}
	if (Array.isArray(value))
		return value.map((item) => withPlaces(item, pieces));
	const fields: Fields = {};
	for (const [name, field] of Object.entries(value))
		fields[name] = withPlaces(field, pieces);
	return fields;
}

/** It changes what it is given. */
function withBytes(value: unknown, take: Take): unknown {
	if (typeof value !== "object" || value === null) return value;
	if (isPlace(value)) return take(value.$bytes);
	// An array has its places as keys.
	const fields = value as Fields;
	for (const name of Object.keys(fields))
		fields[name] = withBytes(fields[name], take);
	return fields;
}
