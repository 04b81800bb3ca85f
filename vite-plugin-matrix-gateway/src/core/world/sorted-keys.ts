/** Keys in their order, so that those with a prefix are found without a look at all others. */
export interface SortedKeys {
	add(key: string): void;
	delete(key: string): void;
	withPrefix(prefix: string): string[];
}

export function createSortedKeys(): SortedKeys {
	const keys: string[] = [];

	/** Where a key is, or would be. */
	function placeOf(key: string): number {
		let low = 0;
		let high = keys.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((keys[middle] as string) < key) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	return {
		add(key) {
			const place = placeOf(key);
			if (keys[place] !== key) keys.splice(place, 0, key);
		},
		delete(key) {
			const place = placeOf(key);
			if (keys[place] === key) keys.splice(place, 1);
		},
		withPrefix(prefix) {
			const first = placeOf(prefix);
			let end = first;
			while (keys[end]?.startsWith(prefix)) end++;
			return keys.slice(first, end);
		},
	};
}
