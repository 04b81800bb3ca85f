import type { Motion } from "../model/motion.ts";
import type { Position } from "../model/values.ts";

/** Angles about the vertical that are tried. */
const TRIED = 24;
/** Metres from a line of sight, within which somebody is in the way. */
const WIDTH = 0.75;

/**
 * From where to look at somebody: at their face, not far from where one looks from already, and with
 * nobody else in between.
 *
 * @param azimuth From where they are looked at now.
 * @param distance Metres to the camera.
 */
export function chooseAngle(
	{ position, heading }: Pick<Motion, "position" | "heading">,
	others: Iterable<Position>,
	azimuth: number,
	distance: number,
): number {
	const crowd = [...others].filter((other) => other !== position);
	let best = azimuth;
	let least = Number.POSITIVE_INFINITY;
	for (let i = 0; i < TRIED; i++) {
		const angle = azimuth + (i * 2 * Math.PI) / TRIED;
		const inTheWay = crowd.filter((other) =>
			isBetween(other, position, angle, distance),
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
	other: Position,
	position: Position,
	angle: number,
	distance: number,
): boolean {
	const [x, z] = [other.x - position.x, other.z - position.z];
	const along = x * Math.sin(angle) + z * Math.cos(angle);
	const aside = Math.abs(x * Math.cos(angle) - z * Math.sin(angle));
	return along > 0 && along < distance && aside < WIDTH;
}

/** Between two directions, 0 to π. */
function between(a: number, b: number): number {
	return Math.abs(Math.atan2(Math.sin(a - b), Math.cos(a - b)));
}
