import { MathUtils } from "three";

/** Glides towards a goal: the faster the higher the rate, and the same at any frame rate. */
export function approach(
	value: number,
	goal: number,
	seconds: number,
	rate: number,
) {
	return MathUtils.damp(value, goal, rate, seconds);
}

/** Past the goal and back: how things that come alive arrive. */
export function backOut(part: number): number {
	const rest = part - 1;
	return Math.max(0.001, 1 + 2.2 * rest ** 3 + 1.2 * rest ** 2);
}

/** From standing to standing. */
export function smooth(part: number): number {
	return part * part * (3 - 2 * part);
}
