/** Random numbers that a seed gives again. */
export interface Random {
	/** A whole number of at least `min` and less than `max`. */
	between(min: number, max: number): number;
	pick<T>(items: readonly T[]): T;
	/** Another one, whose numbers do not depend on how often this one is asked. */
	fork(): Random;
}

/** Mulberry32, by Tommy Ettinger, in the public domain. */
export function createRandom(seed: number): Random {
	let state = seed >>> 0;
	function next(): number {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}
	const random: Random = {
		between: (min, max) => min + Math.floor(next() * (max - min)),
		pick: (items) => items[random.between(0, items.length)] as never,
		fork: () => createRandom(Math.floor(next() * 2 ** 32)),
	};
	return random;
}
