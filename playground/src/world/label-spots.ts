import type { Rect, Size } from "./taken.ts";

/** Pixels between two labels. */
export const GAP = 3;

/**
 * Where a label may stand: to the right in its widths, up in its heights, both from above its point,
 * and so many pixels on top. Above, a little aside, higher, beside, below; and for what is small, around.
 */
export const SPOTS: readonly Spot[] = [
	...[0, -0.32, 0.32, -0.5, 0.5].map((right) => ({ right, up: 0, more: 0 })),
	...[0, -0.4, 0.4].map((right) => ({ right, up: 0.55, more: 2 })),
	...[0, -0.5, 0.5].map((right) => ({ right, up: 1, more: GAP })),
	...[0, -0.6, 0.6].map((right) => ({ right, up: 1.6, more: 6 })),
	...[-0.62, 0.62].map((right) => ({ right, up: -0.4, more: 0 })),
	...[0, -0.6, 0.6].map((right) => ({ right, up: 2.3, more: 10 })),
	...[-0.7, 0.7].map((right) => ({ right, up: -1, more: -4 })),
	...[0, -0.7, 0.7].map((right) => ({ right, up: 3.1, more: 14 })),
	...[0, -0.8, 0.8].map((right) => ({ right, up: -1.6, more: -8 })),
	...[-1.7, 1.7, -3, 3].flatMap((right) =>
		[-0.5, 1, -2, 2.6].map((up) => ({ right, up, more: 0 })),
	),
];

/** Up to here they are near enough to their point to be chosen for the sake of a face. */
export const POLITE = 11;

export interface Spot {
	readonly right: number;
	readonly up: number;
	readonly more: number;
}

/** What is placed. */
interface Standing {
	readonly x: number;
	readonly y: number;
	left: number;
	top: number;
}

/** A label that floats far from its point is nobody's: farther off the larger it is. */
export function isFar(spot: number, { width, height }: Size): boolean {
	const { right, up, more } = SPOTS[spot] as Spot;
	return (
		up * height + more > height + 70 || Math.abs(right) * width > width + 24
	);
}

/** Places a label of a size in a spot, as far as the frame allows. */
export function stand(
	label: Standing,
	size: Size,
	spot: number,
	frame: Rect,
): void {
	const { right, up, more } = SPOTS[spot] as Spot;
	const left = label.x - size.width / 2 + right * size.width;
	const top = label.y - size.height - up * size.height - more;
	label.left = within(left, frame.left, frame.right - size.width);
	label.top = within(top, frame.top, frame.bottom - size.height);
}

function within(value: number, least: number, most: number): number {
	return Math.max(least, Math.min(most, value));
}
