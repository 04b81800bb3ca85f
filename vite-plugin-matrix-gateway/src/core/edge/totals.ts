import type { NodeTotals } from "../world/node-counts.ts";

/** What a node has counted since it was made: nothing yet. */
export function createTotals(): NodeTotals {
	return {
		...{ received: 0, errors: 0, limited: 0 },
		...{ pruned: 0, tooSlow: 0, failed: 0 },
	};
}
