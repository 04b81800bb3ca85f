/** A bubble as it would stand: its middle and its lower edge, in pixels from the top left. */
export interface Box {
	readonly x: number;
	readonly bottom: number;
	readonly width: number;
	readonly height: number;
}

/** How far a bubble moves from there, in pixels to the right and up. */
export interface Offset {
	readonly shift: number;
	readonly lift: number;
}

const GAP = 7;

/**
 * Keeps bubbles on the screen and off each other: the first stay where they are, those
 * that follow rise above them.
 */
export function arrange(boxes: readonly Box[], screenWidth: number): Offset[] {
	const placed: Box[] = [];
	return boxes.map((box) => {
		const inside = keepInside(box, screenWidth);
		const free = liftAbove(inside, placed);
		placed.push(free);
		return { shift: free.x - box.x, lift: box.bottom - free.bottom };
	});
}

function keepInside(box: Box, screenWidth: number): Box {
	const half = box.width / 2 + GAP;
	const x = Math.max(half, Math.min(screenWidth - half, box.x));
	return { ...box, x };
}

// Each round ends above another bubble, so there are no more rounds than bubbles.
function liftAbove(box: Box, placed: readonly Box[]): Box {
	const below = placed.find((other) => overlaps(box, other));
	if (!below) return box;
	const bottom = below.bottom - below.height - GAP;
	return liftAbove({ ...box, bottom }, placed);
}

function overlaps(a: Box, b: Box): boolean {
	return (
		Math.abs(a.x - b.x) < (a.width + b.width) / 2 &&
		a.bottom > b.bottom - b.height - GAP + 0.01 &&
		a.bottom - a.height - GAP + 0.01 < b.bottom
	);
}
