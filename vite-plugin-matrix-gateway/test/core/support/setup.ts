/**
 * The hooks of all tests of the core (`setupFiles` in vitest.config.ts). In a module that tests import
 * they would be those of the first file alone, where files share their modules.
 */
import { afterEach, beforeAll, beforeEach } from "vitest";
import { endWorlds, restartSeeds } from "./worlds.ts";

beforeAll(restartSeeds);
afterEach(endWorlds);

if (process.env.MATRIX_TEST_ORDER === "redis") {
	const { IS_REDIS_MISSING } = await import("../../support/redis.ts");
	if (IS_REDIS_MISSING)
		beforeEach(({ skip }) => skip("there is no redis-server"));
}
