/** How long something took, often: as many counts as there are bounds, whatever happens. */
export interface Durations {
	/** Upper bounds in milliseconds, ascending; what took longer than the last one has no count of its own. */
	readonly bounds: readonly number[];
	/** How many took no longer than each bound, and longer than the one before it. */
	readonly counts: readonly number[];
	readonly count: number;
	/** Of all, in milliseconds. */
	readonly sum: number;
	/** Adds one. */
	add(milliseconds: number): void;
}

/** From what two sockets take to what everybody notices. */
const BOUNDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1_000];

export function createDurations(): Durations {
	const counts = BOUNDS.map(() => 0);
	const durations = {
		bounds: BOUNDS,
		counts,
		count: 0,
		sum: 0,
		add(milliseconds: number) {
			const place = BOUNDS.findIndex((bound) => milliseconds <= bound);
			if (place >= 0) counts[place] = (counts[place] ?? 0) + 1;
			durations.count++;
			durations.sum += milliseconds;
		},
	};
	return durations;
}
