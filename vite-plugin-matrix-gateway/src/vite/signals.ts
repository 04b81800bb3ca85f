/**
 * Signals that Vite has no handler for, so that clients would be lost with 1006: Ctrl-C, a terminal
 * that closes, and on Windows Ctrl+Break. SIGTERM is Vite's, which closes the server.
 */
import { constants } from "node:os";
import type { Serving } from "./serve.ts";

const servings = new Set<Serving>();

const SIGNALS = ["SIGINT", "SIGHUP", "SIGBREAK"] as const;

/** Closes on a signal before the process ends as it would have. Returns what takes that back. */
export function closeOnSignals(serving: Serving): () => void {
	if (servings.size === 0)
		for (const signal of SIGNALS) process.on(signal, closeAll);
	servings.add(serving);
	return () => {
		servings.delete(serving);
		if (servings.size === 0) stopListening();
	};
}

async function closeAll(signal: NodeJS.Signals): Promise<void> {
	const closed = Promise.all(
		[...servings].map(({ close }) => close("shutdown")),
	);
	servings.clear();
	// Only now that all goodbyes are on their way: a second signal ends the process at once.
	stopListening();
	// Whoever else listens decides how it ends; alone, it ends by the signal itself.
	const alone = process.listenerCount(signal) === 0;
	await closed;
	if (alone) endBy(signal);
}

function stopListening(): void {
	for (const signal of SIGNALS) process.off(signal, closeAll);
}

function endBy(signal: NodeJS.Signals): void {
	try {
		process.kill(process.pid, signal);
	} catch {
		// Windows cannot send itself all that it gets.
		process.exit(128 + constants.signals[signal]);
	}
}
