/**
 * When to flush.
 *
 * At once when idle, which means after the input that is here has been read. While messages
 * keep coming no sooner than a few milliseconds after the last flush, or than that flush
 * itself took, so that flushing never takes more than about half of the time.
 */
import type { Host } from "./host.ts";

/** Batches never wait longer than this, however long a flush takes. */
const MAX_WINDOW = 20;

/** Past so many bytes a batch waits for no window. */
const MAX_WAITING_BYTES = 256 * 1024;

/**
 * Past so many it does not wait for the input that is here either: one read of a socket may
 * ask for a thousand rosters. Less than 64 agents are answered with would judge a newcomer
 * that registers them all at once too slow.
 */
const MAX_GATHERED_BYTES = 32 * 1024 * 1024;

/** Calls `flush` once something waits and its time has come. */
export interface Flusher {
	/** Something more waits, of so many bytes. */
	waiting(bytes: number): void;
	/** Flushes now if too much waits; not within an operation, of which a flush may end a party. */
	relieve(): void;
	/** Flushes now what waits, if anything does. */
	flush(): void;
}

export function createFlusher(
	host: Host,
	flushWindow: number,
	flush: () => void,
): Flusher {
	let bytes = 0;
	let scheduled: "no" | "timer" | "deferred" = "no";
	let stopTimer: (() => void) | undefined;
	let notBefore = 0;

	function schedule(): void {
		const wait = notBefore - host.now();
		if (wait > 0) {
			scheduled = "timer";
			stopTimer = host.setTimer(run, wait);
		} else defer();
	}

	function defer(): void {
		stopTimer?.();
		scheduled = "deferred";
		host.defer(() => scheduled === "deferred" && run());
	}

	function run(): void {
		stopTimer?.();
		stopTimer = undefined;
		scheduled = "no";
		bytes = 0;
		const start = host.now();
		flush();
		const end = host.now();
		notBefore = end + Math.min(MAX_WINDOW, Math.max(flushWindow, end - start));
	}

	return {
		waiting(size) {
			bytes += size;
			if (scheduled === "no") schedule();
			if (scheduled === "timer" && bytes > MAX_WAITING_BYTES) defer();
		},
		relieve() {
			if (bytes > MAX_GATHERED_BYTES) run();
		},
		flush() {
			if (scheduled !== "no") run();
		},
	};
}
