import type { Place } from "./body.ts";

/** The middle of the garden, and how far it reaches. */
const GARDEN = { x: -4.3, z: -2.5, radius: 2.9 } as const;

/** Where interviews are given. */
export const CORNER = {
	host: { x: -0.8, z: 1.7 },
	guest: { x: 1.8, z: 1.7 },
	/** Between them and a little to the front, so that visitors see both their faces. */
	middle: { x: 0.5, z: 2.7 },
} as const satisfies Record<string, Place>;

/** Where Timmy thinks, and where he looks meanwhile. */
export const THINKING_SPOTS: readonly Place[] = [
	{ x: -1.4, z: 0.6 },
	{ x: 0.8, z: -1.6 },
	{ x: -2.6, z: 1.2 },
];
export const FRONT: Place = { x: 0, z: 9 };

/** What Perplexity looks at. */
export const SIGHTS: readonly Place[] = [
	{ x: 3.4, z: -2.4 },
	{ x: 4.1, z: 0.6 },
	{ x: 1.2, z: -3.6 },
];

export const ZONES = [
	{
		id: "garden",
		position: { x: GARDEN.x, z: GARDEN.z },
		radius: GARDEN.radius,
		label: "Garden",
		color: "#7fe0a0",
	},
	{
		id: "corner",
		position: { x: 0.5, z: 1.9 },
		radius: 2.2,
		label: "Interview corner",
		color: "#ffb38a",
	},
];

/** A step aside and back, in turn: nobody stands like a post. */
export function sidestep({ x, z }: Place, turn: number): Place {
	return turn % 2 === 0 ? { x, z } : { x: x - x * 0.15, z: z + 0.5 };
}

/** By a plant, on the side of the middle: the tree must not hide its gardener. */
export function beside({ x, z }: Place): Place {
	const step = 1.15 / Math.max(1, Math.hypot(x, z));
	return { x: x - x * step, z: z - z * step };
}
