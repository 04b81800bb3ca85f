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
	const shown = new Map<string, { item: S; turn: number }>();
	const leaving = new Set<S>();
	let turn = 0;

	function show(id: string, value: Known): S {
		const known = shown.get(id);
		if (known) {
			known.turn = turn;
			return known.item;
		}
		const item = create(value);
		shown.set(id, { item, turn });
		return item;
	}

	function hideMissing() {
		for (const [id, entry] of shown)
			if (entry.turn !== turn) {
				shown.delete(id);
				leaving.add(entry.item);
			}
	}

	return {
		update(known, time, limit = Number.POSITIVE_INFINITY) {
			turn += 1;
			let room = limit;
			for (const [id, value] of known) {
				if (room-- <= 0) break;
				show(id, value).update(value, time);
			}
			hideMissing();
			for (const item of leaving) if (item.leave(time)) leaving.delete(item);
		},
		find: (id) => shown.get(id)?.item,
	};
}
