import type { BehaviorName, Gesture } from "../model/agents.ts";

/** How a figure holds itself: metres and radians, away from standing upright. */
export interface Pose {
	/** Up and down. */
	readonly lift: number;
	/** About the vertical, all of it. */
	readonly turn: number;
	/** Forward. */
	readonly lean: number;
	readonly headNod: number;
	readonly headTurn: number;
	readonly headTilt: number;
	readonly leftHand: Offset;
	readonly rightHand: Offset;
}

/** Outward, up, forward. */
export type Offset = readonly [number, number, number];

/** A figure at rest, breathing. */
export function standing(seconds: number): Pose {
	return {
		...STILL,
		lift: Math.sin(seconds * 1.8) * 0.012,
		leftHand: [0, Math.sin(seconds * 1.8) * 0.018, 0],
		rightHand: [0, Math.sin(seconds * 1.8 + 0.6) * 0.018, 0],
	};
}

/** A figure on its way. */
export function walking(seconds: number): Pose {
	const swing = Math.sin(seconds * STEPS);
	return {
		...STILL,
		lift: Math.abs(Math.cos(seconds * STEPS)) * 0.06,
		lean: 0.1,
		headTilt: swing * 0.04,
		leftHand: [0, 0, swing * 0.2],
		rightHand: [0, 0, -swing * 0.2],
	};
}

/** Steps, as radians a second; the feet keep the same time. */
export const STEPS = 8;

/** What a behaviour looks like; a figure that walks meanwhile walks. */
export function behaving(behavior: BehaviorName, seconds: number): Pose {
	return { ...standing(seconds), ...BEHAVIOR_POSES[behavior](seconds) };
}

/**
 * What a gesture adds to a pose.
 *
 * @param seconds Since it began; it is over after {@link GESTURE_TIME}.
 */
export function gesturing(pose: Pose, gesture: Gesture, seconds: number): Pose {
	const strength = Math.sin(Math.PI * Math.min(1, seconds / GESTURE_TIME));
	return seconds > GESTURE_TIME
		? pose
		: { ...pose, ...GESTURE_POSES[gesture](seconds, strength, pose) };
}

/** Seconds that a gesture takes. */
const GESTURE_TIME = 1.6;

const STILL: Pose = {
	lift: 0,
	turn: 0,
	lean: 0,
	headNod: 0,
	headTurn: 0,
	headTilt: 0,
	leftHand: [0, 0, 0],
	rightHand: [0, 0, 0],
};

const BEHAVIOR_POSES: Record<BehaviorName, (t: number) => Partial<Pose>> = {
	idle: () => ({}),
	return_home: () => ({}),
	wander: (t) => ({
		turn: Math.sin(t * 0.6) * 0.9,
		headTurn: Math.sin(t * 0.9) * 0.7,
		headNod: Math.sin(t * 0.5) * 0.12,
		headTilt: Math.sin(t * 0.7) * 0.08,
	}),
	ponder: (t) => ({
		headTilt: 0.2 + Math.sin(t * 0.8) * 0.06,
		headNod: -0.16,
		rightHand: [-0.3, 0.36 + Math.sin(t * 2.4) * 0.02, 0.34],
		leftHand: [-0.2, 0.1, 0.3],
	}),
	inspect: (t) => ({
		lean: 0.34,
		headNod: 0.2,
		headTurn: Math.sin(t * 1.4) * 0.45,
		rightHand: [-0.06, 0.24, 0.34 + Math.sin(t * 1.4) * 0.05],
	}),
	converse: (t) => ({
		headNod: Math.max(0, Math.sin(t * 2.6)) * 0.14,
		headTilt: Math.sin(t * 0.9) * 0.1,
		leftHand: [0, 0.14 + Math.sin(t * 2.1) * 0.13, 0.22],
		rightHand: [0, 0.14 + Math.sin(t * 2.1 + 2) * 0.13, 0.22],
	}),
	place: (t) => ({
		lift: -0.06,
		lean: 0.4,
		headNod: 0.1,
		leftHand: [-0.14, -0.14 + Math.sin(t * 5) * 0.04, 0.34],
		rightHand: [-0.14, -0.14 + Math.sin(t * 5 + 2) * 0.04, 0.34],
	}),
};

type GesturePose = (t: number, strength: number, pose: Pose) => Partial<Pose>;

const GESTURE_POSES: Record<Gesture, GesturePose> = {
	nod: (t, strength, { headNod }) => ({
		headNod: headNod + Math.max(0, Math.sin(t * 9)) * 0.32 * strength,
	}),
	shake: (t, strength, { headTurn }) => ({
		headTurn: headTurn + Math.sin(t * 11) * 0.4 * strength,
	}),
	hop: (t, strength, { lift }) => ({
		lift: lift + Math.abs(Math.sin(t * 6)) * 0.3 * strength,
	}),
	wave: (t, strength) => ({
		rightHand: [Math.sin(t * 12) * 0.12 * strength, 0.75 * strength, 0.05],
	}),
};
