import { readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

const PLUGIN = "vite-plugin-matrix-gateway/test";
const CORE_SETUP = `${PLUGIN}/core/support/setup.ts`;
const SETUP = `${PLUGIN}/support/setup.ts`;
const SPEED = "sidecar/test/process/speed.test.ts";

/** What makes a gateway on the order that MATRIX_TEST_ORDER names, and what imports that. */
const ON_ORDERS = [
	"world.ts",
	...importing(`${PLUGIN}/core/support`, ["./world.ts"]),
];

/** Tests of the core that make no such gateway: they would be the same again, at half a minute's cost. */
const SAME_ON_ALL = without(
	`${PLUGIN}/core`,
	ON_ORDERS.map((name) => `./support/${name}`),
);

/** Tests that have an order of their own, or are about what is in memory alone. */
const NOT_SHARED = [
	...SAME_ON_ALL,
	`${PLUGIN}/core/{restart,restarts.property,snapshot.property}.test.ts`,
	`${PLUGIN}/core/{cluster,hostile}.property.test.ts`,
	`${PLUGIN}/core/{flushing,flush-pace}.test.ts`,
];

/** Fewer runs of what takes minutes where each step is read back from a disk or a Redis. */
const runs = (EXACTLY_ONCE_RUNS: string) => ({
	EXACTLY_ONCE_RUNS: process.env.EXACTLY_ONCE_RUNS ?? EXACTLY_ONCE_RUNS,
	MODEL_RUNS: process.env.MODEL_RUNS ?? EXACTLY_ONCE_RUNS,
});

/**
 * The units keep nothing in their modules, so that their tests' files may share a process: loading all of
 * it anew for each of them cost more CPU time than most of them do.
 */
const SHARING = { isolate: false, setupFiles: [CORE_SETUP] };

/** And a shorter time of cuts, where cuts are not what differs. */
const CHAOS_ON_REDIS = {
	MATRIX_TEST_ORDER: "redis",
	MATRIX_CHAOS_MS: process.env.MATRIX_CHAOS_MS ?? "15000",
	MATRIX_CHAOS_CUTS: process.env.MATRIX_CHAOS_CUTS ?? "300",
};

/** Minutes each, and only where they are asked for: see scripts/trial.mjs. */
const TRIALS = {
	test: {
		name: "trials",
		include: [`${PLUGIN}/trials/**/*.test.ts`],
		globalSetup: SETUP,
		testTimeout: 3_600_000,
		disableConsoleIntercept: true,
	},
};

/** `npx vitest run` is everything but the browser tests, which are Playwright's. */
export default defineConfig({
	test: {
		// Most tests on hosts wait for timers, not for a core.
		maxWorkers: 4,
		projects: [
			...(process.env.MATRIX_TRIALS ? [TRIALS] : []),
			{
				test: {
					name: "units",
					...SHARING,
					include: [
						`${PLUGIN}/{agents,core,mcp,messages,node,python,recording,testing}/**/*.test.ts`,
						`${PLUGIN}/*.test.ts`,
						"playground/test/**/*.test.ts",
					],
					// Some compile, some ask for a thousand rosters: seconds, on a busy machine.
					testTimeout: 60_000,
				},
			},
			{
				test: {
					// Its hooks are in modules that its tests import, and those of a shared module are the first file's.
					name: "client",
					include: [`${PLUGIN}/client/**/*.test.ts`],
					testTimeout: 60_000,
				},
			},
			{
				test: {
					// The core's tests once more, on an order that takes its time [LOG3].
					name: "delaying",
					...SHARING,
					include: [`${PLUGIN}/core/**/*.test.ts`],
					// Those that have an order of their own, as these properties, and what waits on its way out [ORD10].
					exclude: [
						...SAME_ON_ALL,
						`${PLUGIN}/core/{restarts,snapshot,cluster,hostile}.property.test.ts`,
						`${PLUGIN}/core/{restart,shared-order,flushing,flush-pace}.test.ts`,
					],
					env: { MATRIX_TEST_ORDER: "delaying", ...runs("500") },
					testTimeout: 60_000,
				},
			},
			{
				test: {
					// And on a folder, which has to have the world of each test at its end.
					name: "file",
					...SHARING,
					include: [`${PLUGIN}/core/**/*.test.ts`],
					// Those that have an order of their own; and what is refused before any order, a minute long.
					exclude: [
						...SAME_ON_ALL,
						`${PLUGIN}/core/{restart,restarts.property,snapshot.property,shared-order}.test.ts`,
						`${PLUGIN}/core/{cluster,hostile}.property.test.ts`,
					],
					env: { MATRIX_TEST_ORDER: "file", ...runs("150") },
					testTimeout: 120_000,
				},
			},
			{
				test: {
					// And on a Redis, by the driver in a thread of its own, for which the tests wait.
					name: "redis",
					...SHARING,
					include: [`${PLUGIN}/core/**/*.test.ts`],
					exclude: NOT_SHARED,
					globalSetup: `${PLUGIN}/support/redis-setup.ts`,
					env: { MATRIX_TEST_ORDER: "redis", ...runs("60") },
					testTimeout: 120_000,
				},
			},
			{
				test: {
					// Its files share processes too: half a gateway and a Vite, loaded anew, are a second of each.
					name: "hosts",
					isolate: false,
					include: [
						`${PLUGIN}/{contract,vite}/**/*.test.ts`,
						"sidecar/test/**/*.test.ts",
					],
					exclude: [SPEED],
					globalSetup: SETUP,
					testTimeout: 60_000,
					hookTimeout: 60_000,
				},
			},
			{
				test: {
					name: "chaos",
					include: [`${PLUGIN}/chaos/**/*.test.ts`],
					// After all others: it is about failures, not about a lack of cores.
					sequence: { groupOrder: 1 },
				},
			},
			{
				test: {
					name: "chaos on Redis",
					include: [`${PLUGIN}/chaos/chaos.test.ts`],
					env: CHAOS_ON_REDIS,
					sequence: { groupOrder: 1 },
				},
			},
			{
				test: {
					name: "speed",
					include: [SPEED],
					globalSetup: SETUP,
					// Alone: what it measures is not how busy the other tests are.
					sequence: { groupOrder: 2 },
				},
			},
			{
				test: {
					name: "consumer",
					include: [`${PLUGIN}/consumer/**/*.test.ts`],
					globalSetup: SETUP,
					testTimeout: 60_000,
					hookTimeout: 180_000,
				},
			},
		],
	},
});

/** The names of a folder's modules that import one of some. */
function importing(folder: string, modules: readonly string[]): string[] {
	return readdirSync(folder).filter(
		(name) =>
			name.endsWith(".ts") &&
			modules.some((module) =>
				readFileSync(`${folder}/${name}`, "utf8").includes(`"${module}"`),
			),
	);
}

/** The paths of a folder's tests that import none of some. */
function without(folder: string, modules: readonly string[]): string[] {
	const those = importing(folder, modules);
	return readdirSync(folder)
		.filter((name) => name.endsWith(".test.ts") && !those.includes(name))
		.map((name) => `${folder}/${name}`);
}
