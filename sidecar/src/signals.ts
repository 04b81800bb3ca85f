/** What asks a process to end. */

/**
 * Each of which ends a process that does not listen for it. A terminal that closes sends SIGHUP,
 * on Windows too, and Ctrl+Break is SIGBREAK there, which elsewhere never comes.
 */
export const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK"] as const;

/**
 * Leaves the gateway on the first of the signals and ends the process; the second one of a kind ends it at once.
 * @param leave Says goodbye.
 * @returns Does the same, for other reasons to end.
 */
export function leaveOnSignals(leave: () => Promise<void>): () => void {
	let isLeaving = false;
	const end = async () => {
		if (isLeaving) return;
		isLeaving = true;
		await leave();
		// Its goodbye is on the way, and a gateway that does not answer is not waited for.
		setTimeout(() => process.exit(0), FAREWELL);
	};
	for (const signal of SIGNALS) process.once(signal, end);
	return end;
}

/** Milliseconds. */
const FAREWELL = 300;
