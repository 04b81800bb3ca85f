/** Says of a name whether it is on a list, as `isOnList` does, for a list that is asked again and again. */
export type Matcher = (name: string) => boolean;

/** Undefined where there is no list, and so every name is on it. */
export function createMatcher(
	list: readonly string[] | undefined,
): Matcher | undefined {
	if (!list) return undefined;
	const names = new Set(list);
	const beginnings = list
		.filter((entry) => entry.endsWith("*"))
		.map((entry) => entry.slice(0, -1));
	return (name) =>
		names.has(name) ||
		beginnings.some((beginning) => name.startsWith(beginning));
}
