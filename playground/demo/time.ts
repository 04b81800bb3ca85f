import type { Clock } from "vite-plugin-matrix-gateway/client";

/** Time and chance of the real world; a test gives those of its gateway. */
export const REAL_TIME: Clock = {
	now: () => performance.now(),
	random: () => Math.random(),
	setTimer(callback, milliseconds) {
		const timer = setTimeout(callback, milliseconds);
		return () => clearTimeout(timer);
	},
};

/**
 * Waits, but not past `wake`'s end.
 *
 * @throws The signal's reason once it aborts.
 */
export async function wait(
	clock: Clock,
	seconds: number,
	signal: AbortSignal,
	wake?: AbortSignal,
): Promise<void> {
	signal.throwIfAborted();
	if (wake?.aborted) return;
	await new Promise<void>((resolve) => {
		const done = () => {
			stop();
			signal.removeEventListener("abort", done);
			wake?.removeEventListener("abort", done);
			resolve();
		};
		const stop = clock.setTimer(done, seconds * 1000);
		signal.addEventListener("abort", done);
		wake?.addEventListener("abort", done);
	});
	signal.throwIfAborted();
}

export function pick<T>(all: readonly T[], random: Clock["random"]): T {
	return all[Math.floor(random() * all.length)] as T;
}
