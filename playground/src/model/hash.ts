/** A number from 0 up to 1 that is always the same for the same text (FNV-1a). */
export function hash(text: string): number {
	let value = 0x811c9dc5;
	for (const character of text) {
		value ^= character.codePointAt(0) ?? 0;
		value = Math.imul(value, 0x01000193);
	}
	// The low bits of FNV-1a mix best after one more round.
	value ^= value >>> 15;
	value = Math.imul(value, 0x2c1b3c6d);
	value ^= value >>> 12;
	return (value >>> 0) / 2 ** 32;
}
