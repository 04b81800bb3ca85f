/**
 * Vite's watcher tells one change of a file, and drops those that come within 50 ms after it. So whoever
 * edits a file as soon as the last edit shows would see the last but one. Here such a file is looked at
 * once more, and told again where it has changed since.
 */
import { statSync } from "node:fs";
import { normalizePath, type ViteDevServer } from "vite";
import { ENVIRONMENT } from "./environment.ts";

/** Milliseconds, more than those in which changes are dropped. */
const LOOK_AGAIN = 60;

/** Looks after the files that agents are made of. Returns what ends it. */
export function tellMissedChanges({
	watcher,
	environments,
}: ViteDevServer): () => void {
	const timers = new Map<string, NodeJS.Timeout>();

	function changed(file: string): void {
		clearTimeout(timers.get(file));
		timers.delete(file);
		const graph = environments[ENVIRONMENT]?.moduleGraph;
		if (!graph?.getModulesByFile(normalizePath(file))) return;
		const seen = stateOf(file);
		const look = () => {
			timers.delete(file);
			if (stateOf(file) !== seen) watcher.emit("change", file);
		};
		timers.set(file, setTimeout(look, LOOK_AGAIN));
	}

	watcher.on("change", changed);
	return () => {
		watcher.off("change", changed);
		for (const timer of timers.values()) clearTimeout(timer);
	};
}

/** The same for as long as nobody writes to it. One that is gone is told of otherwise. */
function stateOf(file: string): string | undefined {
	const found = statSync(file, { throwIfNoEntry: false });
	return found && `${found.ino} ${found.mtimeMs} ${found.size}`;
}
