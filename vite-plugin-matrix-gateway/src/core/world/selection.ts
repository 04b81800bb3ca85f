/**
 * Whom a message is for, of all that have filters. It is looked up by the message, and known where
 * it was asked for before; clients choose types and filters, so that neither may cost much.
 */
import type { Filter } from "./filter.ts";
import { createPatternIndex, type PatternIndex } from "./pattern-index.ts";
import { type Agent, namesOf } from "./peer.ts";

export interface Selection<Filtered> {
	add(one: Filtered): void;
	remove(one: Filtered): void;
	/** Those that a message is for; all, where it has no type, since then the gateway itself says it. */
	of(
		messageType: string | undefined,
		from: readonly Agent[],
	): readonly Filtered[];
}

/** What is known at most, of all types and senders, in places of lists: about a megabyte. */
const MOST_KNOWN = 100_000;
/** What an empty list takes, with its type and sender. */
const KNOWN_OVERHEAD = 32;
/** Longer types are looked up each time. */
const LONGEST_KNOWN = 128;

export function createSelection<
	Filtered extends { readonly filter: Filter },
>(): Selection<Filtered> {
	const all = new Set<Filtered>();
	const allowed = createLists<Filtered>(({ filter }) => filter.allowed);
	const types = createLists<Filtered>(({ filter }) => filter.interest?.types);
	const senders = createLists<Filtered>(({ filter }) => filter.interest?.from);
	const lists = [allowed, types, senders];
	// A peer's list of agents is another object when its agents are others.
	let known = new Map<string, WeakMap<readonly Agent[], readonly Filtered[]>>();
	let knownPlaces = 0;
	let list: readonly Filtered[] | undefined;

	function forget(): void {
		known = new Map();
		knownPlaces = 0;
	}

	function changed(): void {
		forget();
		list = undefined;
	}

	function remember(
		messageType: string,
		from: readonly Agent[],
		selected: readonly Filtered[],
	): void {
		if (messageType.length > LONGEST_KNOWN) return;
		knownPlaces += KNOWN_OVERHEAD + selected.length;
		if (knownPlaces > MOST_KNOWN) forget();
		const bySender = known.get(messageType) ?? new WeakMap();
		known.set(messageType, bySender.set(from, selected));
	}

	function select(messageType: string, names: readonly string[]): Filtered[] {
		const isAllowed = allowed.on([messageType]);
		const isWanted = types.on([messageType]);
		const isHeard = senders.on(names);
		// Those whose list it is on, and those without one: never all of them, if it can be.
		const some = types.without.size < all.size ? types : allowed;
		const candidates = some === types ? isWanted : isAllowed;
		return [...candidates, ...some.without].filter(
			(one) =>
				(isAllowed.has(one) || allowed.without.has(one)) &&
				(isWanted.has(one) || types.without.has(one)) &&
				(isHeard.has(one) || senders.without.has(one)),
		);
	}

	return {
		add(one) {
			all.add(one);
			for (const each of lists) each.add(one);
			changed();
		},
		remove(one) {
			if (!all.delete(one)) return;
			for (const each of lists) each.remove(one);
			changed();
		},
		of(messageType, from) {
			if (messageType === undefined) {
				list ??= [...all];
				return list;
			}
			const before = known.get(messageType)?.get(from);
			if (before) return before;
			const selected = select(messageType, namesOf(from));
			remember(messageType, from, selected);
			return selected;
		},
	};
}

/** The lists of one kind, of all filters. */
interface Lists<Filtered> {
	/** Those that have none, and so let everything pass. */
	readonly without: ReadonlySet<Filtered>;
	add(one: Filtered): void;
	remove(one: Filtered): void;
	/** Those on whose list one of the names is. */
	on(names: readonly string[]): ReadonlySet<Filtered>;
}

function createLists<Filtered>(
	listOf: (one: Filtered) => readonly string[] | undefined,
): Lists<Filtered> {
	const index: PatternIndex<Filtered> = createPatternIndex();
	const without = new Set<Filtered>();
	return {
		without,
		add(one) {
			const list = listOf(one);
			if (list) index.add(list, one);
			else without.add(one);
		},
		remove(one) {
			const list = listOf(one);
			if (list) index.remove(list, one);
			else without.delete(one);
		},
		on(names) {
			const found = new Set<Filtered>();
			for (const name of names) index.find(name, found);
			return found;
		},
	};
}
