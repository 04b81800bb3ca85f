/**
 * Signals that Vite has no handler for, so that clients would be lost with 1006: Ctrl-C, a terminal
 * that closes, and on Windows Ctrl+Break. SIGTERM is Vite's, which closes the server.
 */
import { constants } from "node:os";

/** What closes one gateway. */
interface Closing {
	/** Tells everyone at once, and resolves when they are gone. */
	close(): Promise<void>;
	/** What has to be done before. */
	readonly prepare: (() => Promise<void>) | undefined;
}

const closings = new Set<Closing>();
let isPreparing = false;

const SIGNALS = ["SIGINT", "SIGHUP", "SIGBREAK"] as const;

/** Calls `prepare` and `close` on a signal, and lets the process end after it. Returns what cancels that. */
export function closeOnSignals(
	close: Closing["close"],
	prepare?: Closing["prepare"],
): () => void {
	if (closings.size === 0)
		for (const signal of SIGNALS) process.on(signal, closeAll);
	const closing = { close, prepare };
	closings.add(closing);
	return () => {
		closings.delete(closing);
		if (closings.size === 0) stopListening();
	};
}

async function closeAll(signal: NodeJS.Signals): Promise<void> {
	// A second one, as npm sends it, is not to keep anybody from being told.
	if (isPreparing) return;
	const preparing = [...closings].flatMap(({ prepare }) => prepare ?? []);
	if (preparing.length > 0) {
		isPreparing = true;
		await Promise.all(preparing.map((prepare) => prepare()));
		isPreparing = false;
	}
	const closed = Promise.all([...closings].map(({ close }) => close()));
	closings.clear();
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
