/**
 * Types and names come again and again: a text that came before is found by its bytes, which takes a
 * fifth of making it a string, and what looks it up has its hash already.
 */

/** The text of bytes of ASCII in the buffer, from a place to another. */
export type TextCache = (from: number, to: number) => string;

/** 2 to the power of that many slots: few enough to stay in the processor's cache. */
const BITS = 11;

/** Longer texts are not kept: hardly any type or name is. */
const LONGEST = 64;

/** 2³² over the golden ratio. */
const SPREAD = 0x9e3779b1;

export function createTextCache(buffer: Buffer): TextCache {
	const slots: (string | undefined)[] = new Array(2 ** BITS).fill(undefined);

	function isAt(text: string, from: number): boolean {
		for (let index = 0; index < text.length; index++)
			if (text.charCodeAt(index) !== buffer[from + index]) return false;
		return true;
	}

	return (from, to) => {
		const length = to - from;
		if (length > LONGEST) return buffer.toString("latin1", from, to);
		let hash = length;
		for (let at = from; at < to; at++)
			hash = (Math.imul(hash, 31) + (buffer[at] as number)) | 0;
		// The upper bits of a product depend on all of it: names that are numbered share few slots.
		const slot = Math.imul(hash, SPREAD) >>> (32 - BITS);
		const known = slots[slot];
		if (known?.length === length && isAt(known, from)) return known;
		const text = buffer.toString("latin1", from, to);
		slots[slot] = text;
		return text;
	};
}
