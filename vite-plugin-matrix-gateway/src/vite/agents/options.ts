import { resolve } from "node:path";
import type { ResolvedConfig } from "vite";
import { pathWithin } from "./path-within.ts";

/** Which files are agents. */
export interface AgentsOptions {
	/** Patterns of their files, from Vite's `root`: `"src/agents/*.ts"`. One with a `!` before it leaves files out. */
	readonly files: string | readonly string[];
	/**
	 * The folder, from Vite's `root`, to which `vite build` emits them, each as one file. It is no part
	 * of what is served: neither in `build.outDir` nor in `publicDir`.
	 * @default "dist-agents"
	 */
	readonly outDir?: string;
}

/** All that the plugin takes for it. */
export type AgentsOption = string | readonly string[] | AgentsOptions;

export interface ResolvedAgents {
	readonly patterns: readonly string[];
	readonly outDir: string;
}

/** @throws TypeError where it is none of these, or has no pattern. */
export function resolveAgents(
	agents: AgentsOption | undefined,
): ResolvedAgents | undefined {
	if (agents === undefined) return undefined;
	const isPatterns = typeof agents === "string" || Array.isArray(agents);
	const { files, outDir = "dist-agents" } = isPatterns
		? { files: agents }
		: (agents as AgentsOptions);
	const patterns = [files].flat() as unknown[];
	if (patterns.length > 0 && patterns.every(isPattern))
		return { patterns, outDir };
	throw new TypeError(
		`\`agents\` is a pattern such as "src/agents/*.ts", a list of patterns, or { files, outDir }, but ${JSON.stringify(agents)} was given.`,
	);
}

function isPattern(value: unknown): value is string {
	return typeof value === "string" && value !== "";
}

/** @throws TypeError where agents would be built into what is served. */
export function checkOutDir(
	{ root, publicDir, build, environments }: ResolvedConfig,
	{ outDir }: ResolvedAgents,
): void {
	const folder = resolve(root, outDir);
	// `build` is that of any environment, where Vite builds several.
	const page = environments.client?.build ?? build;
	const served = [resolve(root, page.outDir), publicDir].filter(Boolean);
	const place = served.find((place) => pathWithin(place, folder) !== undefined);
	if (place !== undefined)
		throw new TypeError(
			`Agents would be built to ${folder}, which is served with ${place}: whoever opens the page could read them. Set \`agents.outDir\` to another folder.`,
		);
}
