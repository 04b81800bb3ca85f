/** From here on eight bytes at a time are faster than one. */
const LONG = 48;

/** Bytes of a mask, which are before the payload. */
export const MASK_LENGTH = 4;

const key = new Uint8Array(8);
const keyWord = new BigUint64Array(key.buffer);

// The same memory seen eight bytes at a time. It is the same one for nearly every message: the
// buffer into which all sockets are read.
let words: BigUint64Array = new BigUint64Array(1);

/**
 * Takes a client's mask off a payload, in place; the mask is the four bytes before it (RFC 6455,
 * section 5.3). Twice takes nothing off.
 *
 * Eight bytes at a time: 0.6 µs at 4 kB, where a loop over the bytes, which is what ws has
 * without a native addon, takes 5.6.
 */
export function unmask(chunk: Uint8Array, from: number, to: number): void {
	// Words begin at multiples of eight.
	const toWord = -(chunk.byteOffset + from) & 7;
	const start = to - from < LONG ? to : from + toWord;
	const end = start + ((to - start) & ~7);
	unmaskBytes(chunk, from, start, from);
	if (end > start) unmaskWords(chunk, start, end, from);
	unmaskBytes(chunk, end, to, from);
}

function unmaskBytes(
	chunk: Uint8Array,
	start: number,
	end: number,
	from: number,
): void {
	for (let i = start; i < end; i++)
		chunk[i] = (chunk[i] as number) ^ maskAt(chunk, from, i);
}

function unmaskWords(
	chunk: Uint8Array,
	start: number,
	end: number,
	from: number,
): void {
	for (let i = 0; i < 8; i++) key[i] = maskAt(chunk, from, start + i);
	const word = keyWord[0] as bigint;
	const { buffer, byteOffset } = chunk;
	if (words.buffer !== buffer)
		words = new BigUint64Array(buffer, 0, buffer.byteLength >> 3);
	const last = (byteOffset + end) / 8;
	for (let i = (byteOffset + start) / 8; i < last; i++)
		words[i] = (words[i] as bigint) ^ word;
}

function maskAt(chunk: Uint8Array, from: number, place: number): number {
	return chunk[from - MASK_LENGTH + ((place - from) & 3)] as number;
}
