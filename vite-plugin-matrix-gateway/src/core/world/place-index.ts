/** Which places of the log are an audience's: a bit each, as far back as the log goes. */

export interface PlaceIndex {
	/** One more, which is above all others; those below `first` are of no use any more. */
	add(place: number, first: number): void;
	/** The last `count` places, in their order; undefined where it has not so many. */
	last(count: number): number[] | undefined;
	/** Those from a place on. */
	cut(from: number): PlaceIndexSnapshot;
	restore(snapshot: PlaceIndexSnapshot): void;
}

/** Words of 32 places, from the word of that number on. */
export interface PlaceIndexSnapshot {
	readonly base: number;
	readonly words: readonly number[];
}

export function createPlaceIndex(): PlaceIndex {
	let base = 0;
	let words: number[] = [];

	/** Moving what is left is paid for by as much that went. */
	function forgetBelow(first: number): void {
		const gone = wordOf(first) - base;
		if (gone * 2 <= words.length) return;
		words = words.slice(gone);
		base += gone;
	}

	return {
		add(place, first) {
			forgetBelow(first);
			const word = wordOf(place) - base;
			while (words.length <= word) words.push(0);
			words[word] = (words[word] ?? 0) | (1 << (place % WORD));
		},
		last(count) {
			const places: number[] = [];
			for (let word = words.length - 1; word >= 0; word--)
				for (let bit = WORD - 1; bit >= 0; bit--) {
					if (places.length === count) return places.reverse();
					if (((words[word] ?? 0) >>> bit) & 1)
						places.push((base + word) * WORD + bit);
				}
			return places.length === count ? places.reverse() : undefined;
		},
		cut(from) {
			const start = wordOf(from);
			const kept: number[] = [];
			for (let word = start; word < base + words.length; word++)
				kept.push(words[word - base] ?? 0);
			const [head] = kept;
			if (head !== undefined) kept[0] = head & (-1 << (from % WORD));
			return { base: start, words: kept };
		},
		restore(snapshot) {
			base = snapshot.base;
			words = [...snapshot.words];
		},
	};
}

const WORD = 32;

function wordOf(place: number): number {
	return Math.floor(place / WORD);
}
