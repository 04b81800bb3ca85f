/** Keeps what is shown in step with what is known. */
export interface Reconciler<Known> {
	/** Shows what is new, hides what is gone, and brings the rest up to date. */
	update(known: ReadonlyMap<string, Known>, seconds: number): void;
}

/** One thing that is shown. */
export interface Shown<Known> {
	/** Called in each frame. */
	update(known: Known, seconds: number): void;
	/** Called in each frame once it is no longer known, until it says that it is gone. */
	leave(seconds: number): boolean;
}

/** @param create Shows something for the first time. */
export function createReconciler<Known>(
	create: (known: Known) => Shown<Known>,
): Reconciler<Known> {
	const shown = new Map<string, Shown<Known>>();
	const leaving = new Set<Shown<Known>>();

	function hideMissing(known: ReadonlyMap<string, Known>) {
		for (const [id, item] of shown)
			if (!known.has(id)) {
				shown.delete(id);
				leaving.add(item);
			}
	}

	function show(id: string, value: Known): Shown<Known> {
		const item = shown.get(id) ?? create(value);
		shown.set(id, item);
		return item;
	}

	return {
		update(known, seconds) {
			hideMissing(known);
			for (const [id, value] of known) show(id, value).update(value, seconds);
			for (const item of leaving) if (item.leave(seconds)) leaving.delete(item);
		},
	};
}
