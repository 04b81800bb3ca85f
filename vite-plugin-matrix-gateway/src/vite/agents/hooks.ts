/** The plugin's hooks that are about the project's own agents. */
import type { ConfigEnv, Environment, ResolvedConfig, UserConfig } from "vite";
import { loadEntry, resolveEntry } from "./entry.ts";
import { checkOutDir, type ResolvedAgents } from "./options.ts";

/** What a hook of Vite's is called with as `this`, as far as it is used here. */
interface HookContext {
	readonly environment: Environment;
}

export interface AgentsHooks {
	config(config: UserConfig, env: ConfigEnv): Promise<UserConfig>;
	configResolved(config: ResolvedConfig): void;
	resolveId(id: string): string | undefined;
	load(id: string): string | undefined;
	writeBundle(this: HookContext): void;
	closeBundle: {
		readonly order: "post";
		readonly sequential: true;
		handler(this: HookContext): Promise<void>;
	};
}

export function createAgentsHooks(agents: ResolvedAgents): AgentsHooks {
	let config: ResolvedConfig;
	/** Whether the page's own build is done, and that of the agents is not. */
	let isDue = false;
	return {
		async config(given, { command, isPreview }) {
			if (isPreview) return {};
			if (command === "build") {
				const { agentsOfBuild } = await import("./build.ts");
				return agentsOfBuild(given);
			}
			const { agentsEnvironment, ENVIRONMENT } = await import(
				"./environment.ts"
			);
			return { environments: { [ENVIRONMENT]: agentsEnvironment() } };
		},
		configResolved(resolved) {
			config = resolved;
			checkOutDir(resolved, agents);
		},
		resolveId: resolveEntry,
		load: loadEntry,
		// An environment's name, since the hooks are called for each of them.
		writeBundle() {
			if (this.environment.name === "client") isDue = true;
		},
		closeBundle: {
			order: "post",
			sequential: true,
			async handler() {
				if (!isDue || this.environment.name !== "client") return;
				isDue = false;
				const { buildAgents } = await import("./build.ts");
				await buildAgents(config, agents);
			},
		},
	};
}
