/** Agents that were built, beside a gateway. */
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Gateway } from "../core/gateway.ts";
import { type Worlds, worldsOf } from "../node/worlds.ts";
import type { AgentEvent } from "./agent-event.ts";
import { createAgents } from "./agents.ts";
import { packageFile } from "./package-file.ts";
import { spawnThread } from "./spawn.ts";

export interface StartAgentsOptions {
	/** The folder of the agents: each `.js` and `.mjs` in it is one, those of folders below are none. */
	readonly directory: string;
	/** Told what becomes of them, what they print among it. */
	readonly onEvent: (event: AgentEvent) => void;
	/**
	 * The file that their threads run, which calls `runAgentThread`.
	 * @default one of this package's
	 */
	readonly entry?: string | URL;
}

export interface RunningAgents {
	/** Their files. */
	readonly files: readonly string[];
	/** Has all of them clean up and leave, within four seconds. */
	stop(): Promise<void>;
}

/**
 * Starts the agents that `vite build` has made of a project's own, each in a thread of its own. One that
 * fails, or hangs, is begun anew after 1 to 60 seconds; a folder that is not there has none.
 */
export function startAgents(
	target: Gateway | Worlds,
	{ directory, onEvent, entry }: StartAgentsOptions,
): RunningAgents {
	const agents = createAgents({
		worlds: worldsOf(target),
		isEdited: false,
		createWorker: ({ name, file, left }) =>
			spawnThread(entry ?? packageFile("agent-thread.js"), {
				matrixAgent: { name, entry: file, left },
			}),
		onEvent,
	});
	const files = builtAgentsIn(directory);
	for (const file of files) agents.add(file);
	return { files, stop: agents.leave };
}

/** The files of a folder that are agents. */
export function builtAgentsIn(directory: string): string[] {
	return readdirSync(directory, { withFileTypes: true })
		.filter((entry) => entry.isFile() && /\.m?js$/.test(entry.name))
		.map((entry) => resolve(join(directory, entry.name)))
		.sort();
}
