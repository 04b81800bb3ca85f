import { resolve } from "node:path";
import { globSync } from "tinyglobby";
import type { ResolvedConfig } from "vite";
import { PLUGIN_NAME } from "../conflicts.ts";

/** The files that patterns name, as absolute paths. */
export function findAgents(
	root: string,
	patterns: readonly string[],
): string[] {
	const options = { cwd: root, absolute: true, expandDirectories: false };
	return globSync([...patterns], { ...options, ignore: ["**/node_modules/**"] })
		.filter((file) => !file.endsWith(".d.ts"))
		.map((file) => resolve(file))
		.sort();
}

/** Says that patterns name no file: they are misspelled, most likely. */
export function warnOfNone(
	{ root, logger }: Pick<ResolvedConfig, "root" | "logger">,
	patterns: readonly string[],
): void {
	logger.warn(
		`[${PLUGIN_NAME}] No file is an agent: \`agents\` is ${JSON.stringify(patterns)}, from ${root}.`,
	);
}
