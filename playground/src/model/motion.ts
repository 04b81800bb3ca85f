import type { Position } from "./values.ts";

/** A position that may change. */
export type Point = { -readonly [axis in keyof Position]: Position[axis] };

/** Where an agent is and where it is going. */
export interface Motion {
	/** Where it is: a point of its own, which it moves. */
	readonly position: Point;
	/** Radians about the vertical; 0 looks along +z, π/2 along +x. */
	heading: number;
	target: Position;
	/** Where to look once there. */
	facing: number | undefined;
	/** Metres a second; 0 when it has arrived. */
	pace: number;
}

/** Metres a second of an agent that names no speed and has not far to go. */
const WALKING_PACE = 1.4;
/** Without a named speed, every way is done within this many seconds. */
const LONGEST_WALK = 4;
/** Radians a second. */
const TURN_RATE = 6;

/** Creates a motion that stands still. */
export function createMotion(position: Position, heading: number): Motion {
	return {
		position: { ...position },
		heading,
		target: position,
		facing: undefined,
		pace: 0,
	};
}

/** Sends it somewhere. A speed of 0 puts it there at once. */
export function moveTo(
	motion: Motion,
	target: Position,
	speed: number | undefined,
	facing: number | undefined,
): void {
	motion.target = target;
	motion.facing = facing;
	const way = distance(motion.position, target);
	if (speed === 0) Object.assign(motion.position, target);
	motion.pace = speed ?? Math.max(WALKING_PACE, way / LONGEST_WALK);
}

/** Walks on for a time of any length: a page that slept finds everyone where they were going. */
export function step(motion: Motion, seconds: number): void {
	const { position, target } = motion;
	const way = distance(position, target);
	const stride = motion.pace * seconds;
	if (way > 0) turnTo(motion, headingTo(position, target), seconds);
	else if (motion.facing !== undefined) turnTo(motion, motion.facing, seconds);
	if (way > 0) approach(position, target, Math.min(1, stride / way));
}

export function isWalking({ position, target, pace }: Motion): boolean {
	return pace > 0 && distance(position, target) > 0;
}

/** The heading that looks from one point to another. */
export function headingTo(from: Position, to: Position): number {
	return Math.atan2(to.x - from.x, to.z - from.z);
}

export function distance(a: Position, b: Position): number {
	return Math.hypot(b.x - a.x, b.y - a.y, b.z - a.z);
}

function turnTo(motion: Motion, heading: number, seconds: number): void {
	const turn = Math.atan2(
		Math.sin(heading - motion.heading),
		Math.cos(heading - motion.heading),
	);
	motion.heading += turn * Math.min(1, TURN_RATE * seconds);
}

function approach(point: Point, target: Position, part: number): void {
	// All of the way is exactly there, which a sum need not be.
	point.x = part === 1 ? target.x : point.x + (target.x - point.x) * part;
	point.y = part === 1 ? target.y : point.y + (target.y - point.y) * part;
	point.z = part === 1 ? target.z : point.z + (target.z - point.z) * part;
}
