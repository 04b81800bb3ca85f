/** Before the core's tests on Redis: a Redis, and the thread that speaks to it as one file. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import type { TestProject } from "vitest/node";
import { IS_REDIS_MISSING, startRedis } from "./redis.ts";

const THREAD = fileURLToPath(
	new URL("../core/support/redis/thread.ts", import.meta.url),
);

export default async function setup(
	project: TestProject,
): Promise<() => Promise<void>> {
	if (IS_REDIS_MISSING) return async () => {};
	const folder = mkdtempSync(join(tmpdir(), "matrix-redis-thread-"));
	await build({
		...{ configFile: false, logLevel: "error" },
		ssr: { noExternal: true },
		build: {
			...{ ssr: THREAD, outDir: folder, target: "node20" },
			rolldownOptions: { output: { entryFileNames: "thread.mjs" } },
		},
	});
	const redis = await startRedis();
	const thread = join(folder, "thread.mjs");
	project.provide("redis", { url: redis.url, thread });
	return async () => {
		await redis.stop();
		rmSync(folder, { recursive: true, force: true });
	};
}
