/** A point on the ground. */
export interface Place {
	readonly x: number;
	readonly z: number;
}

/** Within this many metres of the middle everything is path: nothing is planted there. */
export const PLAZA = 3.7;

/** Where interviews are given. */
export const CORNER = {
	host: { x: -0.9, z: 1.7 },
	guest: { x: 1.7, z: 1.7 },
	/** Between them and a little to the front, so that visitors see both their faces. */
	middle: { x: 0.4, z: 2.7 },
} as const satisfies Record<string, Place>;

/** Where visitors look from. */
export const FRONT: Place = { x: 0, z: 9 };

/** Where Timmy thinks. */
export const THINKING_SPOTS: readonly Place[] = [
	{ x: -2.6, z: 0.9 },
	{ x: -1, z: -1.9 },
	{ x: -2.9, z: -0.9 },
];

/** Where the observer wanders. */
export const LOOKOUTS: readonly Place[] = [
	{ x: 0.6, z: -2.7 },
	{ x: 2.9, z: -1 },
	{ x: -1.6, z: -0.6 },
	{ x: 3.2, z: 1 },
	{ x: 1.2, z: -0.7 },
	{ x: -3.1, z: 1.6 },
];

export const ZONES = [
	{
		id: "garden",
		position: at(259, 5.4),
		radius: 2.4,
		label: "Garden",
		color: "#7fe0a0",
	},
	{
		id: "corner",
		position: { x: 0.4, z: 1.9 },
		radius: 2,
		label: "Interview corner",
		color: "#ffb38a",
	},
];

/** @param degrees 0 is the front, 90 the right, 180 the back. */
export function at(degrees: number, radius: number): Place {
	const angle = (degrees * Math.PI) / 180;
	return { x: Math.sin(angle) * radius, z: Math.cos(angle) * radius };
}

export function distance(a: Place, b: Place): number {
	return Math.hypot(b.x - a.x, b.z - a.z);
}

export function headingTo(from: Place, to: Place): number {
	return Math.atan2(to.x - from.x, to.z - from.z);
}

/** From something, so many metres towards the middle: nobody is hidden by what they look at. */
export function before(place: Place, metres: number): Place {
	const far = Math.max(0.01, Math.hypot(place.x, place.z));
	const part = Math.max(0, far - metres) / far;
	return { x: place.x * part, z: place.z * part };
}

/** A step aside and back, in turn: nobody stands like a post. */
export function sidestep({ x, z }: Place, turn: number): Place {
	return turn % 2 === 0 ? { x, z } : { x: x - x * 0.15, z: z + 0.4 };
}

/** The way between two places, along the middle rather than through the beds. */
export function route(from: Place, to: Place): Place[] {
	const corners = [from, to].filter(
		(place) => Math.hypot(place.x, place.z) > PLAZA,
	);
	const ways = corners.map((place) =>
		before(place, Math.hypot(place.x, place.z) - PLAZA),
	);
	return [...ways, to].filter((place) => distance(from, place) > 0.05);
}

/** The nearest place that is an arm's length from where others stand or go. */
export function clearOf(place: Place, others: Iterable<Place>): Place {
	for (const other of others) {
		const near = distance(place, other);
		if (near >= ARM) continue;
		const away = near > 0.01 ? headingTo(other, place) : Math.PI / 2;
		place = {
			x: other.x + Math.sin(away) * ARM,
			z: other.z + Math.cos(away) * ARM,
		};
	}
	return place;
}

/** Metres: an agent is about one wide, with its label. */
const ARM = 1.3;
