/** How deep the objects and arrays of a message lie in each other. */

/**
 * The most levels, that of the message itself included [RT7]. Parsers have limits: past theirs some
 * end the program. The smallest that is usual is 64, of .NET; Ruby reads 100, Rust's serde 128.
 */
export const MAX_DEPTH = 64;

const LONGEST_SHALLOW = 2 * MAX_DEPTH + 1;

/**
 * Whether valid JSON is nested deeper than that. It reads the text, since of a key that is there
 * twice an object holds only the last.
 */
export function isTooDeep(json: string): boolean {
	if (json.length <= LONGEST_SHALLOW) return false;
	let depth = 0;
	for (let at = 0; at < json.length; at++) {
		const character = json.charCodeAt(at);
		if (character === QUOTE) at = endOfString(json, at);
		else if (character === OPEN_BRACE || character === OPEN_BRACKET) {
			if (++depth > MAX_DEPTH) return true;
		} else if (character === CLOSE_BRACE || character === CLOSE_BRACKET)
			depth--;
	}
	return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Returns the place of the quote that ends the string which begins there. */
function endOfString(json: string, start: number): number {
	let end = json.indexOf('"', start + 1);
	while (isEscaped(json, end)) end = json.indexOf('"', end + 1);
	return end;
}

function isEscaped(json: string, at: number): boolean {
	let before = at;
	while (json.charCodeAt(before - 1) === BACKSLASH) before--;
	return (at - before) % 2 === 1;
}
