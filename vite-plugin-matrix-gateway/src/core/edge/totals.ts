/** What one node has counted since it was made. */
export interface EdgeTotals {
	/** Messages that came in, whatever became of them. */
	received: number;
	/** Messages that were refused, target_offline included [ERR1]. */
	errors: number;
	/** Connections that stopped answering [HB2]. */
	pruned: number;
	/** Connections that were closed with 4201 [SLOW1, SLOW2]. */
	tooSlow: number;
	/** Connections that an error of the gateway's own ended [ERR3]. */
	failed: number;
}

export function createTotals(): EdgeTotals {
	return { received: 0, errors: 0, pruned: 0, tooSlow: 0, failed: 0 };
}
