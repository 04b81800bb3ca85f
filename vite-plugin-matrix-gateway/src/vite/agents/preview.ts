/** The project's own agents, as they were built, in `vite preview`. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { PreviewServer } from "vite";
import { startAgents } from "../../agents/start-agents.ts";
import type { Worlds } from "../../node/worlds.ts";
import type { ResolvedAgents } from "./options.ts";
import { createTelling } from "./telling.ts";
import type { ViteAgents } from "./vite-agents.ts";

/** Those that there are: a page can be looked at without them. */
export function startPreviewAgents(
	{ config }: PreviewServer,
	worlds: Worlds,
	{ outDir }: ResolvedAgents,
): ViteAgents | undefined {
	const { root, logger } = config;
	const directory = resolve(root, outDir);
	if (!existsSync(directory)) return undefined;
	const onEvent = createTelling({ logger, root });
	const { stop } = startAgents(worlds, { directory, onEvent });
	return { leave: stop, handOver: async () => new Map() };
}
