/** In pixels from the top left. */
export interface Rect {
	readonly left: number;
	readonly top: number;
	readonly right: number;
	readonly bottom: number;
}

export interface Size {
	width: number;
	height: number;
}

/** What of a screen is taken. Four numbers each in one array, so that a frame makes no garbage. */
export interface Taken {
	/** Takes these, and nothing else. */
	reset(rects: readonly Rect[]): void;
	/** A new slot, which takes nothing yet. */
	add(): number;
	set(slot: number, place: { left: number; top: number }, size: Size): void;
	clear(slot: number): void;
	/** Whether a place is free, and so many pixels around it. */
	isFree(left: number, top: number, size: Size, gap: number): boolean;
}

export function createTaken(): Taken {
	let edges = new Float64Array(4 * 512);
	let count = 0;

	function add(): number {
		if (4 * count === edges.length) {
			const more = new Float64Array(edges.length * 2);
			more.set(edges);
			edges = more;
		}
		clear(count);
		return count++;
	}

	function write(
		slot: number,
		left: number,
		top: number,
		right: number,
		bottom: number,
	) {
		edges[4 * slot] = left;
		edges[4 * slot + 1] = top;
		edges[4 * slot + 2] = right;
		edges[4 * slot + 3] = bottom;
	}

	// A rectangle that ends before it begins meets no other.
	function clear(slot: number) {
		write(slot, Number.POSITIVE_INFINITY, 0, Number.NEGATIVE_INFINITY, 0);
	}

	return {
		reset(rects) {
			count = 0;
			for (const { left, top, right, bottom } of rects)
				write(add(), left, top, right, bottom);
		},
		add,
		set(slot, place, size) {
			const { left, top } = place;
			write(slot, left, top, left + size.width, top + size.height);
		},
		clear,
		isFree(left, top, size, gap) {
			const right = left + size.width + gap;
			const bottom = top + size.height + gap;
			const start = left - gap;
			const above = top - gap;
			for (let i = 0; i < 4 * count; i += 4)
				if (
					(edges[i] as number) < right &&
					(edges[i + 2] as number) > start &&
					(edges[i + 1] as number) < bottom &&
					(edges[i + 3] as number) > above
				)
					return false;
			return true;
		},
	};
}
