/** Which tokens have come to allow another thing lately, on this node [AUTH5]. */
import type { Grant } from "../protocol/grant.ts";

export interface RegrantHistory {
	/** How often any has. */
	readonly regrants: number;
	/** Whether that of a grant has since there were so many. Where that is too long ago to know, it has. */
	isStale(grant: Grant, since: number): boolean;
	add(key: string): void;
}

/** So many keys are remembered, which is for as long as a host takes to judge a token. */
const KEPT = 1_000;

export function createRegrantHistory(): RegrantHistory {
	const latest = new Map<string, number>();
	let regrants = 0;
	/** The last one that is forgotten. */
	let forgotten = 0;

	return {
		get regrants() {
			return regrants;
		},
		isStale: ({ key }, since) =>
			key !== undefined &&
			(since < forgotten || (latest.get(key) ?? 0) > since),
		add(key) {
			latest.delete(key);
			latest.set(key, ++regrants);
			if (latest.size <= KEPT) return;
			const [oldest] = latest;
			if (!oldest) return;
			latest.delete(oldest[0]);
			forgotten = oldest[1];
		},
	};
}
