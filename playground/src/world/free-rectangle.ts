import type { Rect } from "./label-layout.ts";

/**
 * The largest rectangle of a screen that nothing covers. Each of its edges is one of the screen or of
 * what covers it, so that all that come into question can be tried.
 *
 * @returns The whole screen where less than {@link LEAST} of it, either way, would be left.
 */
export function freeRectangle(
	width: number,
	height: number,
	covered: readonly Rect[],
): Rect {
	const lefts = [0, ...covered.map(({ right }) => right)];
	const rights = [width, ...covered.map(({ left }) => left)];
	const tops = [0, ...covered.map(({ bottom }) => bottom)];
	const bottoms = [height, ...covered.map(({ top }) => top)];
	let best: Rect = { left: 0, top: 0, right: width, bottom: height };
	let most = 0;
	for (const left of lefts)
		for (const right of rights)
			for (const top of tops)
				for (const bottom of bottoms) {
					const worth = worthOf(right - left, bottom - top);
					const rect = { left, top, right, bottom };
					if (worth <= most || !isOn(rect, width, height)) continue;
					if (covered.some((other) => overlaps(rect, other))) continue;
					[best, most] = [rect, worth];
				}
	return best;
}

/** Pixels that a picture of the world needs in each direction. */
const LEAST = 64;

// A strip shows less than a square of the same size.
function worthOf(width: number, height: number): number {
	if (width < LEAST || height < LEAST) return 0;
	return width * height * Math.min(width, height);
}

function isOn(
	{ left, top, right, bottom }: Rect,
	width: number,
	height: number,
) {
	return left >= 0 && top >= 0 && right <= width && bottom <= height;
}

function overlaps(a: Rect, b: Rect): boolean {
	return (
		a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top
	);
}
