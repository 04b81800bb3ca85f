/** The project's own agents in `vite dev`. */
import { existsSync } from "node:fs";
import type { ViteDevServer } from "vite";
import { createAgents, type LeftAgents } from "../../agents/agents.ts";
import { packageFile } from "../../agents/package-file.ts";
import { spawnThread } from "../../agents/spawn.ts";
import type { Worlds } from "../../node/worlds.ts";
import { entryOf } from "./entry.ts";
import { channelOf } from "./environment.ts";
import { findAgents, warnOfNone } from "./find.ts";
import { tellMissedChanges } from "./missed-changes.ts";
import type { ResolvedAgents } from "./options.ts";
import { createOverlay } from "./overlay.ts";
import { createTelling } from "./telling.ts";
import type { ViteAgents } from "./vite-agents.ts";

/** Milliseconds in which a file that is gone may come back, as where an editor replaces it. */
const SETTLE = 200;

export function startDevelopmentAgents(
	server: ViteDevServer,
	worlds: Worlds,
	{ patterns }: ResolvedAgents,
	before: LeftAgents,
): ViteAgents {
	const { root, logger } = server.config;
	const channel = channelOf(server);
	const overlay = createOverlay(server);
	const tell = createTelling({ logger, root, overlay });
	let files: readonly string[] = [];
	let timer: NodeJS.Timeout | undefined;
	const agents = createAgents(
		{
			worlds,
			isEdited: true,
			createWorker: ({ name, file, left }) =>
				spawnThread(packageFile("vite-agent-thread.js"), {
					matrixAgent: { name, entry: entryOf(root, file), left },
				}),
			takeOfLoader: (text, answer) => channel.take(String(text), answer),
			onEvent(event) {
				// One that is gone is about to leave.
				const isGone = event.event === "unloadable" && !existsSync(event.file);
				if (!isGone) tell(event);
			},
		},
		before,
	);
	channel.connect(({ type }, text) => {
		agents.postToLoaders(text);
		if (type === "update" || type === "full-reload") agents.edited();
	});

	function follow(): void {
		const found = findAgents(root, patterns);
		for (const file of files) if (!found.includes(file)) remove(file);
		for (const file of found) agents.add(file);
		files = found;
	}

	function remove(file: string): void {
		overlay.clear(file);
		void agents.remove(file);
	}

	function settle(): void {
		clearTimeout(timer);
		timer = setTimeout(follow, SETTLE);
	}

	function end(): void {
		clearTimeout(timer);
		forgetChanges();
		for (const event of EVENTS) server.watcher.off(event, settle);
	}

	const forgetChanges = tellMissedChanges(server);
	follow();
	if (files.length === 0) warnOfNone(server.config, patterns);
	for (const event of EVENTS) server.watcher.on(event, settle);
	return {
		leave() {
			end();
			return agents.leave();
		},
		handOver() {
			end();
			return agents.handOver();
		},
	};
}

const EVENTS = ["add", "unlink"] as const;
