/** Ctrl-C: Vite has no handler for SIGINT, so clients would be lost with 1006. */
import type { Serving } from "./serve.ts";

const servings = new Set<Serving>();

/** Stops serving on SIGINT before the process ends as it would have. Returns what takes that back. */
export function closeOnInterrupt(serving: Serving): () => void {
	if (servings.size === 0) process.once("SIGINT", interrupt);
	servings.add(serving);
	return () => {
		servings.delete(serving);
		if (servings.size === 0) process.off("SIGINT", interrupt);
	};
}

async function interrupt(): Promise<void> {
	// Whoever else listens decides how the process ends; alone, it ends by the signal itself.
	// A second Ctrl-C finds no handler and ends it at once.
	const alone = process.listenerCount("SIGINT") === 0;
	await Promise.all([...servings].map(({ stop }) => stop("shutdown")));
	servings.clear();
	if (alone) process.kill(process.pid, "SIGINT");
}
