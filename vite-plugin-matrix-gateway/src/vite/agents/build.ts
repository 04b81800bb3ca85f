/**
 * `vite build` of the project's own agents, after that of the page: each becomes one file, and so has an
 * environment of its own, in a builder that has nothing else to do.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { basename, relative, resolve } from "node:path";
import {
	createBuilder,
	type EnvironmentOptions,
	mergeConfig,
	type ResolvedConfig,
	type UserConfig,
	version,
} from "vite";
import { PLUGIN_NAME } from "../conflicts.ts";
import { ENVIRONMENT } from "./environment.ts";
import { findAgents, warnOfNone } from "./find.ts";
import type { ResolvedAgents } from "./options.ts";

/** What the builder of the agents adds to the config that it reads again. */
const building = new AsyncLocalStorage<
	(own: EnvironmentOptions) => UserConfig
>();

/** Has the page's build leave out what is set for the agents, and that of the agents have it. */
export function agentsOfBuild(config: UserConfig): UserConfig {
	const own = config.environments?.[ENVIRONMENT] ?? {};
	// Vite would build it with the others, and as one.
	delete config.environments?.[ENVIRONMENT];
	return building.getStore()?.(own) ?? {};
}

/** Builds all of them into their folder. */
export async function buildAgents(
	config: ResolvedConfig,
	{ patterns, outDir }: ResolvedAgents,
): Promise<void> {
	const { root, inlineConfig } = config;
	const files = findAgents(root, patterns);
	if (files.length === 0) warnOfNone(config, patterns);
	const builds = namesOf(files, root).map((name, index) => ({
		environment: `agent${index}_${name.replace(/\W/g, "_")}`,
		options: optionsOf(String(files[index]), name, outDir, index === 0),
	}));
	const environments = (own: EnvironmentOptions) => ({
		environments: Object.fromEntries(
			builds.map(({ environment, options }) => [
				environment,
				mergeConfig(options, own),
			]),
		),
	});
	const once = { build: { watch: null } };
	await building.run(environments, async () => {
		const builder = await createBuilder(mergeConfig(inlineConfig, once), false);
		for (const { environment } of builds) {
			const built = builder.environments[environment];
			if (built) await builder.build(built);
		}
	});
}

/** @throws Error where two would be one file. */
function namesOf(files: readonly string[], root: string): string[] {
	const names = files.map((file) => basename(file).replace(/\.[^.]+$/, ""));
	const twin = names.findIndex((name, index) => names.indexOf(name) !== index);
	if (twin < 0) return names;
	const both = files.filter((_, index) => names[index] === names[twin]);
	throw new Error(
		`[${PLUGIN_NAME}] Two agents would be built to ${names[twin]}.js: ${both.map((file) => relative(root, file)).join(" and ")}. Rename one.`,
	);
}

function optionsOf(
	file: string,
	name: string,
	outDir: string,
	isFirst: boolean,
): EnvironmentOptions {
	return {
		consumer: "server",
		resolve: { noExternal: true },
		build: {
			outDir,
			target: "node20",
			copyPublicDir: false,
			manifest: false,
			ssrManifest: false,
			// Of what was built before, once: as Vite does it, within the root alone.
			...(!isFirst && { emptyOutDir: false }),
			rollupOptions: {
				input: { [name]: resolve(file) },
				output: { entryFileNames: "[name].js", ...ONE_FILE },
			},
		},
	};
}

/** As each of Vite's bundlers says it. */
const ONE_FILE =
	Number.parseInt(version, 10) >= 8
		? { codeSplitting: false }
		: { inlineDynamicImports: true };
