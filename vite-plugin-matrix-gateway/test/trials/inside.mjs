/** Loaded into a sidecar before it: at SIGUSR2 it prints what is in memory, and how many timers run. */
import { createHook } from "node:async_hooks";

const timers = new Set();
createHook({
	init(id, type) {
		if (type === "Timeout") timers.add(id);
	},
	destroy(id) {
		timers.delete(id);
	},
}).enable();

process.on("SIGUSR2", () => {
	// What a marking that was under way found alive goes with the second one.
	globalThis.gc?.();
	globalThis.gc?.();
	const { heapUsed, arrayBuffers } = process.memoryUsage();
	const inside = { heap: heapUsed + arrayBuffers, timers: timers.size };
	process.stdout.write(`inside ${JSON.stringify(inside)}\n`);
});
