/** How many errors one connection may be sent, and cause [ERR2]. */
import type { Refusal } from "../protocol/refusal.ts";
import { createBucket } from "./token-bucket.ts";

const RATE = { burst: 50, perSecond: 10 } as const;
const MOST_A_MINUTE = 500;
const MINUTE = 60_000;

/** What becomes of one more error. */
export type ErrorVerdict = "send" | "suppress" | "close";

/** One connection's account of errors. */
export interface ErrorBudget {
	spend(now: number): ErrorVerdict;
	/** Whether one more would be sent now. */
	maySpend(now: number): boolean;
}

/** Of whoever has to be told of each, and sends a bounded number of messages [HTTP7]. */
export const EVERY_ERROR: ErrorBudget = {
	spend: () => "send",
	maySpend: () => true,
};

/** Spends one more error of a connection, which has no account before its first. */
export function spendError(
	of: { errors: ErrorBudget | undefined },
	now: number,
): ErrorVerdict {
	of.errors ??= createErrorBudget(now);
	return of.errors.spend(now);
}

/**
 * Whether an error is told. One that its client waits for is, past the budget too: the client pairs
 * answers by their order, and the end of the connection bounds how many there are.
 */
export function mayTell(verdict: ErrorVerdict, of: Refusal["of"]): boolean {
	return verdict === "send" || (verdict === "suppress" && of !== undefined);
}

export function createErrorBudget(now: number): ErrorBudget {
	const bucket = createBucket(RATE, now);
	// Each one's time, since a count that starts anew each minute lets twice as many pass.
	const latest: number[] = [];

	function isTooMany(now: number): boolean {
		latest.push(now);
		if (latest.length < MOST_A_MINUTE) return false;
		return now - (latest.shift() ?? now) < MINUTE;
	}

	return {
		maySpend(now) {
			const [oldest = now] = latest;
			const isFull = latest.length + 1 >= MOST_A_MINUTE;
			return !(isFull && now - oldest < MINUTE) && bucket.has(now);
		},
		spend(now) {
			if (isTooMany(now)) return "close";
			return bucket.take(now) ? "send" : "suppress";
		},
	};
}
