/** Chance that is the same for the same seed. */
export type Chance = () => number;

/**
 * Numbers from 0 on and below 1: Mulberry32, of 32 bits of state, which is good enough for tests.
 * @param seed Any number.
 */
export function createChance(seed: number): Chance {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
