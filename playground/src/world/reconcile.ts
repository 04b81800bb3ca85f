/** Keeps what is shown in step with what is known. */
export interface Reconciler<Known, S extends Shown<Known>> {
	/**
	 * Shows what is new, hides what is gone, and brings the rest up to date.
	 *
	 * @param time What each shown thing is given.
	 * @param limit The first so many are shown.
	 */
	update(known: ReadonlyMap<string, Known>, time: number, limit?: number): void;
	/** What is shown under an id, also while it is not yet quite there; not what is leaving. */
	find(id: string): S | undefined;
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
	const shown = new Map<string, Entry<S>>();
	const leaving = new Set<S>();
	let turn = 0;

	let now = 0;
	let room = 0;

	// Walked by `forEach`, which makes no pair of each entry as `for … of` does: a thousand, sixty times a second.
	function show(value: Known, id: string) {
		if (room-- <= 0) return;
		let entry = shown.get(id);
		if (!entry) {
			entry = { item: create(value), turn };
			shown.set(id, entry);
		}
		entry.turn = turn;
		entry.item.update(value, now);
	}

	function hideMissing(entry: Entry<S>, id: string) {
		if (entry.turn === turn) return;
		shown.delete(id);
		leaving.add(entry.item);
	}

	function leave(item: S) {
		if (item.leave(now)) leaving.delete(item);
	}

	return {
		update(known, time, limit = Number.POSITIVE_INFINITY) {
			turn += 1;
			now = time;
			room = limit;
			known.forEach(show);
			shown.forEach(hideMissing);
			leaving.forEach(leave);
		},
		find: (id) => shown.get(id)?.item,
	};
}

interface Entry<S> {
	readonly item: S;
	/** When it was last known. */
	turn: number;
}
