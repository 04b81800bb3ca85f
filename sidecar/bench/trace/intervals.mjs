/**
 * Intervals that do not overlap, in their order.
 * @typedef {import("./notes.mjs").Interval} Interval
 */

/**
 * How much of a time a kind of intervals takes.
 * @param {Interval[]} intervals
 * @returns {(from: number, to: number) => number}
 */
export function createClock(intervals) {
	const before = new Float64Array(intervals.length + 1);
	for (const [at, { start, end }] of intervals.entries())
		before[at + 1] = (before[at] ?? 0) + end - start;
	const until = (/** @type {number} */ time) => {
		const at = lastAt(intervals, time, ({ start }) => start);
		const last = intervals[at];
		if (!last) return 0;
		return (before[at] ?? 0) + Math.min(time, last.end) - last.start;
	};
	return (from, to) => (to > from ? until(to) - until(from) : 0);
}

/**
 * The last of what is sorted by a key that is not above a value; -1 where there is none.
 * @template Item
 * @param {Item[]} items
 * @param {number} value
 * @param {(item: Item) => number} key
 */
export function lastAt(items, value, key) {
	let [low, high] = [0, items.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (key(/** @type {Item} */ (items[middle])) <= value) low = middle + 1;
		else high = middle;
	}
	return low - 1;
}
