/**
 * Sorts in place, by insertion: what is nearly sorted, as from one frame to the next, costs a look at
 * each, and no garbage.
 *
 * @param isBefore False for equals, which stay as they are.
 */
export function sortNearlySorted<T>(
	items: T[],
	isBefore: (a: T, b: T) => boolean,
): void {
	for (let i = 1; i < items.length; i++) {
		const item = items[i] as T;
		let j = i;
		for (; j > 0 && isBefore(item, items[j - 1] as T); j--)
			items[j] = items[j - 1] as T;
		items[j] = item;
	}
}
