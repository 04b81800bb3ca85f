import type { Motion } from "../model/motion.ts";

/** What may be in the way, as seen from above. */
export interface Obstacle {
	readonly x: number;
	readonly z: number;
	/** Metres from its middle to its side. */
	readonly half: number;
}

/** Angles about the vertical that are tried. */
const TRIED = 24;
/** Metres beside the line of sight that have to be free. */
const CLEAR = 0.4;

/**
 * From where to look at somebody: at their face, not far from where one looks from already, and with
 * nothing in between.
 *
 * @param azimuth From where they are looked at now.
 * @param distance Metres to the camera.
 */
export function chooseAngle(
	{ position, heading }: Pick<Motion, "position" | "heading">,
	obstacles: readonly Obstacle[],
	azimuth: number,
	distance: number,
): number {
	let best = azimuth;
	let least = Number.POSITIVE_INFINITY;
	for (let i = 0; i < TRIED; i++) {
		const angle = azimuth + (i * 2 * Math.PI) / TRIED;
		const inTheWay = obstacles.filter((obstacle) =>
			isBetween(obstacle, position, angle, distance),
		).length;
		const cost =
			2 * inTheWay +
			0.35 * between(angle, azimuth) +
			0.5 * Math.max(0, between(angle, heading) - 0.6);
		if (cost < least) [best, least] = [angle, cost];
	}
	return best;
}

function isBetween(
	obstacle: Obstacle,
	position: { readonly x: number; readonly z: number },
	angle: number,
	distance: number,
): boolean {
	const [x, z] = [obstacle.x - position.x, obstacle.z - position.z];
	const along = x * Math.sin(angle) + z * Math.cos(angle);
	const aside = Math.abs(x * Math.cos(angle) - z * Math.sin(angle));
	return along > 0 && along < distance && aside < obstacle.half + CLEAR;
}

/** Between two directions, 0 to π. */
function between(a: number, b: number): number {
	return Math.abs(Math.atan2(Math.sin(a - b), Math.cos(a - b)));
}
