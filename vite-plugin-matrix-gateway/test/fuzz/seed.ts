/** How much is tried, and with what: MATRIX_FUZZ_SEED replays a run, MATRIX_FUZZ_RUNS is its length. */
export const SEED: number = Number(
	process.env.MATRIX_FUZZ_SEED ?? Date.now() % 2 ** 31,
);
export const RUNS: number = Number(process.env.MATRIX_FUZZ_RUNS ?? 50_000);
