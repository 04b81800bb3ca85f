/** The thread of an agent that was built: one file, which is imported as it is. */
import { pathToFileURL } from "node:url";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { runThread } from "./thread.ts";
import type { ThreadData } from "./thread-messages.ts";

/**
 * Runs an agent, where this is the thread of one. A program that is one file calls it first of all, and
 * names that file as the `entry` of `startAgents`.
 *
 * @returns whether it is, so that there is nothing else to do.
 */
export function runAgentThread(): boolean {
	if (isMainThread || !parentPort || !isOurs(workerData)) return false;
	process.setSourceMapsEnabled(true);
	runThread({
		matrixAgent: workerData.matrixAgent,
		port: parentPort,
		process,
		createLoader: ({ entry }) => ({
			load: () => import(/* @vite-ignore */ pathToFileURL(entry).href),
		}),
		isStrict: true,
	});
	return true;
}

function isOurs(data: unknown): data is ThreadData {
	return typeof Object(data).matrixAgent === "object";
}
