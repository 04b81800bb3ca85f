/**
 * Signals that Vite has no handler for, so that clients would be lost with 1006: Ctrl-C, a terminal
 * that closes, and on Windows Ctrl+Break. SIGTERM is Vite's, which closes the server.
 */
import { constants } from "node:os";

/** What closes one gateway. */
type Close = () => Promise<void>;

const closes = new Set<Close>();

const SIGNALS = ["SIGINT", "SIGHUP", "SIGBREAK"] as const;

/** Calls `close` on a signal, and lets the process end after it. Returns what cancels that. */
export function closeOnSignals(close: Close): () => void {
	if (closes.size === 0)
		for (const signal of SIGNALS) process.on(signal, closeAll);
	closes.add(close);
	return () => {
		closes.delete(close);
		if (closes.size === 0) stopListening();
	};
}

async function closeAll(signal: NodeJS.Signals): Promise<void> {
	const closed = Promise.all([...closes].map((close) => close()));
	closes.clear();
	// Only after every close frame was sent: a second signal ends the process at once.
	stopListening();
	// Another listener decides how the process ends; without one the signal itself ends it.
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
