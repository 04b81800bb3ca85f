/** Keeps what is shown in step with what is known. */
export interface Reconciler<Known, S extends Shown<Known>> {
	/** What is shown by its id, also while it is not yet quite there; without what is leaving. */
	readonly shown: ReadonlyMap<string, S>;
	readonly leaving: ReadonlySet<S>;
	/**
	 * Shows what is new, hides what is gone, and brings the rest up to date.
	 *
	 * @param time What each shown thing is given.
	 * @param limit The first so many are shown.
	 */
	update(known: ReadonlyMap<string, Known>, time: number, limit?: number): void;
}

/** One thing that is shown. */
export interface Shown<Known> {
	/** Called in each frame. */
	update(known: Known, time: number): void;
	/** Called in each frame once it is no longer known, until it says that it is gone. */
	leave(time: number): boolean;
}

/** @param create Shows something for the first time. */
export function createReconciler<Known, S extends Shown<Known>>(
	create: (known: Known) => S,
): Reconciler<Known, S> {
	const shown = new Map<string, S>();
	const leaving = new Set<S>();
	let now = 0;
	let room = 0;

	// Walked by `forEach`, which makes no pair of each entry as `for … of` does: a thousand, sixty times a second.
	function show(value: Known, id: string) {
		if (room-- <= 0) return;
		let item = shown.get(id);
		if (!item) {
			item = create(value);
			shown.set(id, item);
		}
		item.update(value, now);
	}

	function hideAllBut(wanted: ReadonlySet<string>) {
		for (const [id, item] of shown) {
			if (wanted.has(id)) continue;
			shown.delete(id);
			leaving.add(item);
		}
	}

	function leave(item: S) {
		if (item.leave(now)) leaving.delete(item);
	}

	return {
		shown,
		leaving,
		update(known, time, limit = Number.POSITIVE_INFINITY) {
			now = time;
			room = limit;
			known.forEach(show);
			// All that is wanted is there by now: if there is more, some of it is gone.
			if (shown.size > Math.min(known.size, limit))
				hideAllBut(new Set([...known.keys()].slice(0, limit)));
			leaving.forEach(leave);
		},
	};
}
