/** The messages of a body, each byte for byte as it was written [RT9]. */

/**
 * The one message that a body is, or those of its array.
 * @throws SyntaxError where it is no JSON, or neither.
 */
export function splitBody(body: Uint8Array): Uint8Array[] {
	const value: unknown = JSON.parse(DECODER.decode(body));
	if (Array.isArray(value)) return splitArray(body, value.length);
	if (typeof value === "object" && value !== null) return [trim(body)];
	throw new SyntaxError("neither an object nor an array");
}

// What comes before the text is no JSON, here as in a frame.
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** It is JSON, so that its commas and brackets are all that has to be found. */
function splitArray(text: Uint8Array, count: number): Uint8Array[] {
	const items: Uint8Array[] = [];
	let depth = 0;
	let start = 0;
	for (let at = 0; items.length < count; at++) {
		const byte = text[at] as number;
		if (byte === QUOTE) at = endOfString(text, at);
		else if (OPENING.has(byte) && depth++ === 0) start = at + 1;
		else if (
			(CLOSING.has(byte) && --depth === 0) ||
			(byte === COMMA && depth === 1)
		) {
			items.push(trim(text.subarray(start, at)));
			start = at + 1;
		}
	}
	return items;
}

function endOfString(text: Uint8Array, start: number): number {
	let at = start + 1;
	while (text[at] !== QUOTE) at += text[at] === BACKSLASH ? 2 : 1;
	return at;
}

function trim(text: Uint8Array): Uint8Array {
	let start = 0;
	let end = text.length;
	while (isSpace(text[start])) start++;
	while (isSpace(text[end - 1])) end--;
	return text.subarray(start, end);
}

function isSpace(byte: number | undefined): boolean {
	return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
