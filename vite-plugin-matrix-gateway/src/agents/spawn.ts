/** Starts threads. */
import { Worker } from "node:worker_threads";
import type { ThreadWorker } from "./thread-host.ts";
import type { ThreadData } from "./thread-messages.ts";

/** Megabytes of objects that an agent may have: past that it ends, and no other one. */
const MAX_MEMORY = 512;

/** @param entry The file that the thread runs. */
export function spawnThread(
	entry: string | URL,
	data: ThreadData,
): ThreadWorker {
	return new Worker(entry, {
		name: data.matrixAgent.name,
		workerData: data,
		stdout: true,
		stderr: true,
		resourceLimits: { maxOldGenerationSizeMb: MAX_MEMORY },
	}) as ThreadWorker;
}
