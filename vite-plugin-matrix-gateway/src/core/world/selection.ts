/** Whom a message is for, of all that have filters: found once for each type and sender, and then known. */
import type { Filter } from "./filter.ts";
import { type Agent, namesOf } from "./peer.ts";

export interface Selection<Filtered> {
	readonly size: number;
	add(one: Filtered): void;
	remove(one: Filtered): void;
	/** Those that a message is for; all, where it has no type, since then the gateway itself says it. */
	of(
		messageType: string | undefined,
		from: readonly Agent[],
	): readonly Filtered[];
}

/** Clients choose types, so that there may be any number of them. */
const MOST_TYPES = 1_000;

export function createSelection<
	Filtered extends { readonly filter: Filter },
>(): Selection<Filtered> {
	const all = new Set<Filtered>();
	// A peer's list of agents is another object when its agents are others.
	const known = new Map<
		string,
		WeakMap<readonly Agent[], readonly Filtered[]>
	>();
	let list: readonly Filtered[] | undefined;

	function changed(): void {
		known.clear();
		list = undefined;
	}

	function knownOf(
		messageType: string,
	): WeakMap<readonly Agent[], readonly Filtered[]> {
		let bySender = known.get(messageType);
		if (bySender) return bySender;
		if (known.size >= MOST_TYPES) known.clear();
		bySender = new WeakMap();
		known.set(messageType, bySender);
		return bySender;
	}

	return {
		get size() {
			return all.size;
		},
		add(one) {
			all.add(one);
			changed();
		},
		remove(one) {
			if (all.delete(one)) changed();
		},
		of(messageType, from) {
			if (messageType === undefined) {
				list ??= [...all];
				return list;
			}
			const bySender = knownOf(messageType);
			let selected = bySender.get(from);
			if (selected) return selected;
			const names = namesOf(from);
			selected = [...all].filter(({ filter }) =>
				filter.passes(messageType, names),
			);
			bySender.set(from, selected);
			return selected;
		},
	};
}
