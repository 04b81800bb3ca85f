/**
 * On which of many lists a name is: looked up by the name, so that neither the number of lists nor
 * their length makes a message cost more. Clients choose both.
 */

export interface PatternIndex<Owner> {
	/** Lists are as `isOnList` has them: a `*` at the end of an entry stands for anything. */
	add(list: readonly string[], owner: Owner): void;
	remove(list: readonly string[], owner: Owner): void;
	/** Adds those on whose lists a name is. */
	find(name: string, found: Set<Owner>): void;
}

export function createPatternIndex<Owner>(): PatternIndex<Owner> {
	const names = new Map<string, Set<Owner>>();
	const beginnings = new Map<string, Set<Owner>>();
	/** How many beginnings there are of each length. */
	const lengths = new Map<number, number>();

	function addBeginning(text: string, owner: Owner): void {
		if (!beginnings.has(text))
			lengths.set(text.length, (lengths.get(text.length) ?? 0) + 1);
		put(beginnings, text, owner);
	}

	function removeBeginning(text: string, owner: Owner): void {
		take(beginnings, text, owner);
		if (beginnings.has(text)) return;
		const left = (lengths.get(text.length) ?? 0) - 1;
		if (left > 0) lengths.set(text.length, left);
		else lengths.delete(text.length);
	}

	return {
		add(list, owner) {
			for (const { text, isBeginning } of withoutNeedless(list))
				if (isBeginning) addBeginning(text, owner);
				else put(names, text, owner);
		},
		remove(list, owner) {
			for (const { text, isBeginning } of withoutNeedless(list))
				if (isBeginning) removeBeginning(text, owner);
				else take(names, text, owner);
		},
		find(name, found) {
			addAll(names.get(name), found);
			for (const length of lengths.keys())
				if (length <= name.length)
					addAll(beginnings.get(name.slice(0, length)), found);
		},
	};
}

interface Entry {
	readonly text: string;
	readonly isBeginning: boolean;
}

/** What another entry of the list includes is left out: then a name is found on a list but once. */
function withoutNeedless(list: readonly string[]): readonly Entry[] {
	const needed: Entry[] = [];
	let last: string | undefined;
	// What begins with a text comes right after it.
	for (const entry of list.map(toEntry).sort(byText)) {
		if (last !== undefined && entry.text.startsWith(last)) continue;
		if (entry.isBeginning) last = entry.text;
		needed.push(entry);
	}
	return needed;
}

/** What `a*` stands for includes that very name. */
function toEntry(entry: string): Entry {
	return entry.endsWith("*")
		? { text: entry.slice(0, -1), isBeginning: true }
		: { text: entry, isBeginning: false };
}

function byText(one: Entry, other: Entry): number {
	if (one.text !== other.text) return one.text < other.text ? -1 : 1;
	if (one.isBeginning === other.isBeginning) return 0;
	return one.isBeginning ? -1 : 1;
}

function put<Owner>(
	map: Map<string, Set<Owner>>,
	text: string,
	owner: Owner,
): void {
	const owners = map.get(text) ?? new Set();
	owners.add(owner);
	map.set(text, owners);
}

function take<Owner>(
	map: Map<string, Set<Owner>>,
	text: string,
	owner: Owner,
): void {
	const owners = map.get(text);
	owners?.delete(owner);
	if (owners?.size === 0) map.delete(text);
}

function addAll<Owner>(
	owners: ReadonlySet<Owner> | undefined,
	found: Set<Owner>,
): void {
	if (owners) for (const owner of owners) found.add(owner);
}
