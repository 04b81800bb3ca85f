import { Vector3 } from "three";
import type { BehaviorName, Gesture } from "../model/agents.ts";

/** How a figure holds itself: metres and radians, away from standing upright. One for each figure, which is taken anew in each frame. */
export interface Pose {
	/** Up and down. */
	lift: number;
	/** About the vertical, all of it. */
	turn: number;
	/** Forward. */
	lean: number;
	headNod: number;
	headTurn: number;
	headTilt: number;
	/** Outward, up, forward. */
	readonly leftHand: Vector3;
	readonly rightHand: Vector3;
}

export function createPose(): Pose {
	return {
		lift: 0,
		turn: 0,
		lean: 0,
		headNod: 0,
		headTurn: 0,
		headTilt: 0,
		leftHand: new Vector3(),
		rightHand: new Vector3(),
	};
}

/** Steps, as radians a second; the feet keep the same time. */
export const STEPS = 8;

/** A figure on its way. */
export function takeWalk(pose: Pose, seconds: number): void {
	const swing = Math.sin(seconds * STEPS);
	rest(pose);
	pose.lift = Math.abs(Math.cos(seconds * STEPS)) * 0.06;
	pose.lean = 0.1;
	pose.headTilt = swing * 0.04;
	pose.leftHand.set(0, 0, swing * 0.2);
	pose.rightHand.set(0, 0, -swing * 0.2);
}

/** What a behaviour looks like, on top of breathing; a figure that walks meanwhile walks. */
export function takeBehavior(
	pose: Pose,
	behavior: BehaviorName,
	seconds: number,
): void {
	rest(pose);
	pose.lift = Math.sin(seconds * 1.8) * 0.012;
	pose.leftHand.set(0, Math.sin(seconds * 1.8) * 0.018, 0);
	pose.rightHand.set(0, Math.sin(seconds * 1.8 + 0.6) * 0.018, 0);
	BEHAVIORS[behavior](pose, seconds);
}

/**
 * What a gesture adds to a pose.
 *
 * @param seconds Since it began.
 */
export function addGesture(
	pose: Pose,
	gesture: Gesture,
	seconds: number,
): void {
	if (seconds > GESTURE_TIME) return;
	const strength = Math.sin(Math.PI * (seconds / GESTURE_TIME));
	GESTURES[gesture](pose, seconds, strength);
}

/** Seconds that a gesture takes. */
const GESTURE_TIME = 1.6;

function rest(pose: Pose) {
	pose.lift = 0;
	pose.turn = 0;
	pose.lean = 0;
	pose.headNod = 0;
	pose.headTurn = 0;
	pose.headTilt = 0;
	pose.leftHand.set(0, 0, 0);
	pose.rightHand.set(0, 0, 0);
}

const BEHAVIORS: Record<BehaviorName, (pose: Pose, t: number) => void> = {
	idle() {},
	return_home() {},
	wander(pose, t) {
		pose.turn = Math.sin(t * 0.6) * 0.9;
		pose.headTurn = Math.sin(t * 0.9) * 0.7;
		pose.headNod = Math.sin(t * 0.5) * 0.12;
		pose.headTilt = Math.sin(t * 0.7) * 0.08;
	},
	ponder(pose, t) {
		pose.headTilt = 0.2 + Math.sin(t * 0.8) * 0.06;
		pose.headNod = -0.16;
		pose.rightHand.set(-0.3, 0.36 + Math.sin(t * 2.4) * 0.02, 0.34);
		pose.leftHand.set(-0.2, 0.1, 0.3);
	},
	inspect(pose, t) {
		pose.lean = 0.34;
		pose.headNod = 0.2;
		pose.headTurn = Math.sin(t * 1.4) * 0.45;
		pose.rightHand.set(-0.06, 0.24, 0.34 + Math.sin(t * 1.4) * 0.05);
	},
	converse(pose, t) {
		pose.headNod = Math.max(0, Math.sin(t * 2.6)) * 0.14;
		pose.headTilt = Math.sin(t * 0.9) * 0.1;
		pose.leftHand.set(0, 0.14 + Math.sin(t * 2.1) * 0.13, 0.22);
		pose.rightHand.set(0, 0.14 + Math.sin(t * 2.1 + 2) * 0.13, 0.22);
	},
	place(pose, t) {
		pose.lift = -0.06;
		pose.lean = 0.4;
		pose.headNod = 0.1;
		pose.leftHand.set(-0.14, -0.14 + Math.sin(t * 5) * 0.04, 0.34);
		pose.rightHand.set(-0.14, -0.14 + Math.sin(t * 5 + 2) * 0.04, 0.34);
	},
};

type AddGesture = (pose: Pose, t: number, strength: number) => void;

const GESTURES: Record<Gesture, AddGesture> = {
	nod(pose, t, strength) {
		pose.headNod += Math.max(0, Math.sin(t * 9)) * 0.32 * strength;
	},
	shake(pose, t, strength) {
		pose.headTurn += Math.sin(t * 11) * 0.4 * strength;
	},
	hop(pose, t, strength) {
		pose.lift += Math.abs(Math.sin(t * 6)) * 0.3 * strength;
	},
	wave(pose, t, strength) {
		pose.rightHand.set(
			Math.sin(t * 12) * 0.12 * strength,
			0.75 * strength,
			0.05,
		);
	},
};
