/** What a node tells of itself where several share a world, for the status of any of them [HTTP1]. */
/** What one node has counted since it was made. */
export interface NodeTotals {
	/** Messages that came in, whatever became of them. */
	received: number;
	/** Messages that were refused, target_offline included [ERR1]. */
	errors: number;
	/** Of these, messages that their sender sent too fast [ERR5, REG7]. */
	limited: number;
	/** Connections that stopped answering [HB2]. */
	pruned: number;
	/** Connections that were closed with 4201 [SLOW1, SLOW2]. */
	tooSlow: number;
	/** Connections that an error of the gateway's own ended [ERR3]. */
	failed: number;
}

/** How a node is. */
export interface NodeCounts {
	readonly connections: number;
	readonly viewers: number;
	readonly totals: Readonly<NodeTotals>;
}
