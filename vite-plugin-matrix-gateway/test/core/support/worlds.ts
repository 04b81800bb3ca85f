/** What a test of the core has begun, and the chance by which its orders delay. */

const FIRST_SEED = Number(process.env.MATRIX_TEST_SEED ?? 1);

/** Those that are to be ended after the test. */
export const worlds: Set<{ end(): void }> = new Set();

let seed = FIRST_SEED;

export function endWorlds(): void {
	for (const world of worlds) world.end();
}

/** Another one for each world of a file. */
export function nextSeed(): number {
	return seed++;
}

/** So that a file does the same whichever files came before it. */
export function restartSeeds(): void {
	seed = FIRST_SEED;
}
