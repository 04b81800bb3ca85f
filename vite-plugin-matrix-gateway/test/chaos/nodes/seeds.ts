/**
 * Which seeds the trials have: `MATRIX_TRIAL_SEED` names one, `MATRIX_TRIAL_SEEDS` says how many.
 * Processes, sockets and clocks are not the seed's: it decides what is tried, not what happens.
 */
const FIRST = Number(process.env.MATRIX_TRIAL_SEED ?? Date.now() % 2 ** 31);

export const SEEDS: readonly number[] = Array.from(
	{ length: Number(process.env.MATRIX_TRIAL_SEEDS ?? 1) },
	(_, n) => FIRST + n,
);
