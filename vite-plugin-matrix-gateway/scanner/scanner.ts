/**
 * Reads messages where they lie, sixteen bytes at a time: WebAssembly in AssemblyScript, which has
 * TypeScript's syntax. `build.mjs` compiles it.
 *
 * What it knows of a message is what `JSON.parse` would find. It may say that it does not know,
 * as it does of what is broken or rare; so it needs no errors, and knows neither escapes in names
 * nor names twice.
 */

/** Where what was read from a socket lies, and how long that may be. */
export const INPUT: usize = 16 * 1024;
export const INPUT_LENGTH: usize = 64 * 1024;

/** Four numbers: where the values of `type` and `target_id` begin and end, 0 where there is none. */
export const FOUND: usize = 1024;
const TYPE: usize = FOUND;
const TARGET: usize = FOUND + 8;

/** What ends the objects and arrays around a value, the innermost last; as many as core's MAX_DEPTH. */
const NESTING: usize = 2 * 1024;
const MOST_NESTING: usize = NESTING + 64;

/**
 * Instead of a position: not there, or not known. Up to `FOUND` all is zero and stays so; whoever
 * reads on from here finds nothing either, so that few places have to ask.
 */
const NONE: usize = 0;

/**
 * Takes a client's mask off a payload; the mask is the four bytes before it (RFC 6455, section
 * 5.3). Returns whether the payload is all ASCII.
 */
export function unmask(from: usize, to: usize): bool {
	let mask = load<u32>(from - 4);
	const masks = i32x4.splat(mask);
	let seen = i32x4.splat(0);
	let at = from;
	for (; at + 16 <= to; at += 16) {
		const plain = v128.xor(v128.load(at), masks);
		v128.store(at, plain);
		seen = v128.or(seen, plain);
	}
	let seenLast: u8 = 0;
	for (; at < to; at++) {
		const plain = load<u8>(at) ^ <u8>mask;
		store<u8>(at, plain);
		seenLast |= plain;
		mask = rotr(mask, 8);
	}
	return (i8x16.bitmask(seen) | (seenLast & 0x80)) === 0;
}

/**
 * Whether a payload, valid UTF-8, is one JSON object with a `type`, without `retain` and `receipt`.
 * Its `type` and `target_id`, both plain ASCII, are at `FOUND` then.
 */
export function scan(from: usize, to: usize): bool {
	v128.store(FOUND, i32x4.splat(0));
	const next = load<u8>(to);
	// A sentinel: nothing in JSON holds a zero byte, so each loop stops here, and none compares with `to`.
	store<u8>(to, 0);
	const end = scanObject(skipSpaces(from));
	store<u8>(to, next);
	return end === to && load<u32>(TYPE) !== 0;
}

/**
 * Returns the end of the object and of the spaces behind it. It calls itself for nothing: what
 * closes the objects and arrays that are open is on a stack at `NESTING`.
 */
function scanObject(from: usize): usize {
	if (load<u8>(from) !== 0x7b /* { */) return NONE;
	let nesting = NESTING;
	store<u8>(nesting, 0x7d /* } */);
	let at = skipSpaces(from + 1);
	let isEmpty = true;
	while (true) {
		const close = load<u8>(nesting);
		if (!isEmpty || load<u8>(at) !== close) {
			if (close === 0x7d) at = scanName(at, nesting === NESTING);
			const first = load<u8>(at);
			if (first === 0x7b || first === 0x5b /* [ */) {
				if (++nesting === MOST_NESTING) return NONE;
				// In ASCII } and ] are two past { and [.
				store<u8>(nesting, first + 2);
				at = skipSpaces(at + 1);
				isEmpty = true;
				continue;
			}
			at = skipSpaces(scanScalar(at));
		}
		while (load<u8>(at) === load<u8>(nesting)) {
			at = skipSpaces(at + 1);
			if (nesting-- === NESTING) return at;
		}
		if (load<u8>(at) !== 0x2c /* , */) return NONE;
		at = skipSpaces(at + 1);
		isEmpty = false;
	}
}

/** Returns the place of the value that the name is for. */
function scanName(at: usize, isOuter: bool): usize {
	if (load<u8>(at) !== 0x22 /* " */) return NONE;
	const end = endOfString(at + 1);
	const colon = skipSpaces(end + 1);
	if (end === NONE || load<u8>(colon) !== 0x3a /* : */) return NONE;
	const value = skipSpaces(colon + 1);
	return isOuter ? readName(at + 1, end, value) : value;
}

function readName(from: usize, to: usize, value: usize): usize {
	if (hasEscapes) return NONE;
	const length = to - from;
	const start = load<u32>(from);
	// Little-endian: "type", "targ" "et_i" "d", "reta" "in" and "rece" "eipt".
	if (length === 4 && start === 0x65707974) return find(TYPE, value);
	if (length === 9 && start === 0x67726174)
		if (load<u32>(from + 4) === 0x695f7465 && load<u8>(from + 8) === 0x64)
			return find(TARGET, value);
	if (length === 6 && start === 0x61746572 && load<u16>(from + 4) === 0x6e69)
		return NONE;
	if (
		length === 7 &&
		start === 0x65636572 &&
		load<u32>(from + 3) === 0x74706965
	)
		return NONE;
	return value;
}

/** Keeps where a text that is not empty begins and ends; ASCII, which needs no decoder. */
function find(place: usize, value: usize): usize {
	if (load<u32>(place) !== 0 || load<u8>(value) !== 0x22) return NONE;
	const from = value + 1;
	const to = endOfString(from);
	if (to === NONE || to === from || hasEscapes) return NONE;
	for (let at = from; at < to; at++) if (load<u8>(at) > 0x7e) return NONE;
	store<u32>(place, <u32>from);
	store<u32>(place, <u32>to, 4);
	return value;
}

function scanScalar(at: usize): usize {
	const first = load<u8>(at);
	if (first === 0x22) {
		const end = endOfString(at + 1);
		return end === NONE ? NONE : end + 1;
	}
	// Little-endian: "true", "null", "fals".
	const start = load<u32>(at);
	if (start === 0x65757274 || start === 0x6c6c756e) return at + 4;
	if (start === 0x736c6166 && load<u8>(at + 4) === 0x65) return at + 5;
	return scanNumber(at);
}

function scanNumber(at: usize): usize {
	if (load<u8>(at) === 0x2d /* - */) at++;
	if (load<u8>(at) === 0x30 /* 0 */) at++;
	else at = scanDigits(at);
	if (load<u8>(at) === 0x2e /* . */) at = scanDigits(at + 1);
	if ((load<u8>(at) | 0x20) !== 0x65 /* e */) return at;
	const sign = load<u8>(at + 1);
	return scanDigits(at + (sign === 0x2b || sign === 0x2d ? 2 : 1));
}

function scanDigits(at: usize): usize {
	const from = at;
	while (load<u8>(at) - 0x30 < 10) at++;
	return at === from ? NONE : at;
}

/** A second result of `endOfString`: whether the string has some. */
let hasEscapes: bool = false;

/** Returns the place of the quote. */
function endOfString(at: usize): usize {
	hasEscapes = false;
	while (true) {
		const bytes = v128.load(at);
		const stops = v128.or(
			i8x16.lt_u(bytes, i8x16.splat(0x20)),
			v128.or(
				i8x16.eq(bytes, i8x16.splat(0x22)),
				i8x16.eq(bytes, i8x16.splat(0x5c)),
			),
		);
		const mask = i8x16.bitmask(stops);
		if (mask === 0) {
			at += 16;
			continue;
		}
		at += ctz(mask);
		if (load<u8>(at) === 0x22) return at;
		if (load<u8>(at) !== 0x5c /* \ */) return NONE;
		hasEscapes = true;
		at = scanEscape(at + 1);
		if (at === NONE) return NONE;
	}
}

function scanEscape(at: usize): usize {
	switch (load<u8>(at)) {
		case 0x22: // "
		case 0x5c: // \
		case 0x2f: // /
		case 0x62: // b
		case 0x66: // f
		case 0x6e: // n
		case 0x72: // r
		case 0x74: // t
			return at + 1;
		case 0x75: // u
			for (let i: usize = 1; i <= 4; i++)
				if (!isHex(load<u8>(at + i))) return NONE;
			return at + 5;
		default:
			return NONE;
	}
}

function isHex(character: u8): bool {
	return character - 0x30 < 10 || (character | 0x20) - 0x61 < 6;
}

function skipSpaces(at: usize): usize {
	while (true) {
		const character = load<u8>(at);
		if (character > 0x20 || character === 0) return at;
		if (
			character !== 0x20 &&
			character !== 0x0a &&
			character !== 0x0d &&
			character !== 0x09
		)
			return at;
		at++;
	}
}
