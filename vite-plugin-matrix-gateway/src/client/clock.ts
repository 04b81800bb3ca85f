/** Time and chance, as a client goes by them: the real ones, or those of a test. */
export interface Clock {
	/** Milliseconds; they never run backwards. */
	now(): number;
	/** A number from 0 on and below 1. */
	random(): number;
	/**
	 * Calls back once, after so many milliseconds. Returns what stops it.
	 * @param isReturning Whether the client waits for a connection meanwhile.
	 */
	setTimer(
		callback: () => void,
		milliseconds: number,
		isReturning?: boolean,
	): () => void;
}

export const REAL_CLOCK: Clock = {
	// Not Date.now(), which may be set back while a client waits.
	now: () => performance.now(),
	random: () => Math.random(),
	setTimer(callback, milliseconds) {
		const timer = setTimeout(callback, milliseconds);
		return () => clearTimeout(timer);
	},
};
