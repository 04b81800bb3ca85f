/** The trials of some scenarios, each with every seed. */
import { describe, test } from "vitest";
import { IS_REDIS_MISSING } from "../../support/redis.ts";
import { SEEDS } from "./seeds.ts";
import { runTrial, type Scenario } from "./trial.ts";

/** Where there is no Redis they are skipped by name. */
export function tryAll(scenarios: readonly Scenario[]): void {
	describe.skipIf(IS_REDIS_MISSING)("three nodes on one Redis", () => {
		for (const scenario of scenarios)
			test.each(SEEDS)(
				`${scenario.name} (MATRIX_TRIAL_SEED=%i)`,
				async (seed) => {
					await runTrial(scenario, seed);
				},
				180_000,
			);
	});
}
