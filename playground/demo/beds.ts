/** Where things grow and where lanterns stand: places with room between them, and ways past them. */
import { at, type Place } from "./places.ts";

export interface Site extends Place {
	readonly name: string;
	/** Whether there is room for a tree. */
	readonly isForTree: boolean;
}

/** Degrees from one tree to the next: more than two metres on the outer ring. */
const STEP = 22;

/** Three beds on the far side of the circle. In front of it, and between them, the way is free. */
export const SITES: readonly Site[] = [
	...bed("west", 226, 4),
	...bed("north", 150, 3),
	...bed("east", 84, 3),
];

/** By the ways out of the circle. */
export const LANTERN_SITES: readonly Place[] = [
	at(210, 5.2),
	at(139, 5.2),
	at(312, 5.3),
	at(68, 5.2),
	at(334, 6.2),
	at(38, 5.9),
];

/** Trees at the back; before and between them what is lower, so that one can walk up to each. */
function bed(bed: string, from: number, trees: number): Site[] {
	const sites: Site[] = [];
	for (let tree = 0; tree < trees; tree++) {
		const angle = from + tree * STEP;
		const name = `${bed}-${tree + 1}`;
		sites.push({ ...at(angle, 6.1), name, isForTree: true });
		if (tree === trees - 1) break;
		const between = angle + STEP / 2;
		sites.push({
			...at(between, 4.8),
			name: `${name}-front`,
			isForTree: false,
		});
		sites.push({ ...at(between, 6.5), name: `${name}-back`, isForTree: false });
	}
	return sites;
}
