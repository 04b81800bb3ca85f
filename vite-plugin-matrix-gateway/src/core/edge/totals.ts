import type { NodeTotals } from "../world/node-counts.ts";

/** What one node has counted since it was made. */
export type EdgeTotals = NodeTotals;

export function createTotals(): EdgeTotals {
	return { received: 0, errors: 0, pruned: 0, tooSlow: 0, failed: 0 };
}
