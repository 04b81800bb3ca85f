import { MathUtils, type PerspectiveCamera, Vector3 } from "three";
import { createControls } from "./camera-controls.ts";
import { createFramer, type Framer, type Framing } from "./framing.ts";
import type { Rect } from "./label-layout.ts";
import { createSightline, type Sightline } from "./sightline.ts";

/** Whom the camera looks at: everyone, one agent, or what the visitor has chosen. */
export type CameraMode = "everyone" | "agent" | "own";

/** The camera: it frames who is there, until a visitor takes it. */
export interface CameraView {
	readonly mode: CameraMode;
	resize(width: number, height: number): void;
	/** Frames everyone again. */
	showEveryone(): void;
	/**
	 * Goes with a point, such as a head, wherever it moves.
	 *
	 * @param chooseAngle From where to look at it, about the vertical: given from where it is looked at now.
	 */
	follow(
		point: Readonly<Vector3>,
		chooseAngle: (azimuth: number, distance: number) => number,
	): void;
	/**
	 * @param seconds Since the last frame.
	 * @param free The part of the screen that is not covered, in pixels.
	 */
	update(seconds: number, free: Rect): void;
}

/** Those who are to be seen. */
export interface Crowd {
	readonly size: number;
	include(framer: Framer): void;
}

/** What is seen of a world in which nobody is. */
const EMPTY: Framing = {
	eye: new Vector3(0.6, 4.3, 12.4),
	target: new Vector3(0, 1.45, 0),
};

/** About the vertical: a little from the side. */
const AZIMUTH = 0.05;
/** Metres from the middle of a crowd, at least. */
const NEAREST = 10.5;
/** Metres from an agent that is followed. */
const COMPANY = 6;
/** Pixels of the button that leads back to everyone. */
const BUTTON = 54;
/** How fast it eases: two thirds of the way in the reciprocal of this, in seconds. */
const EASE = 2;

/** @param calm It cuts where else it glides, and does not drift. */
export function createCameraView(
	camera: PerspectiveCamera,
	element: HTMLElement,
	crowd: Crowd,
	calm: boolean,
): CameraView {
	camera.position.copy(EMPTY.eye);
	const controls = createControls(camera, element, EMPTY.target, {
		onTaken() {
			if (mode === "everyone") mode = "own";
			isOwnAngle = true;
		},
		showEveryone,
	});
	const sightline = createSightline(camera);
	const framer = createFramer();
	const [goal, now, ideal] = [copyOf(EMPTY), copyOf(EMPTY), copyOf(EMPTY)];
	const step = new Vector3();
	const followed = new Vector3();
	let mode: CameraMode = "everyone";
	let company: Readonly<Vector3> | undefined;
	let isOwnAngle = false;
	// From where it looks at whom it follows.
	let angle = 0;
	let framedSize = -1;
	let framedSight = 0;
	// The first picture is not eased to: nobody has seen another.
	let hasFramed = false;
	let time = 0;

	function showEveryone() {
		mode = "everyone";
		company = undefined;
		isOwnAngle = false;
		framedSize = -1;
		startFromHere();
	}

	function startFromHere() {
		now.eye.copy(camera.position);
		now.target.copy(controls.target);
		time = 0;
	}

	// A new goal only where the old one does not do: a camera that moves at each step of someone makes seasick.
	function frameCrowd() {
		const { sight } = sightline;
		if (crowd.size === 0) {
			framedSize = 0;
			goal.eye.copy(EMPTY.eye);
			goal.target.copy(EMPTY.target);
			return;
		}
		framer.begin(AZIMUTH, elevationFor(crowd.size, sightline), sight);
		crowd.include(framer);
		framer.solve(ideal, NEAREST, 0);
		const isNew = framedSize !== crowd.size || framedSight !== sight.along;
		const isFar =
			ideal.eye.distanceTo(ideal.target) <
			0.72 * goal.eye.distanceTo(goal.target);
		if (!isNew && !isFar && framer.sees(goal.eye)) return;
		framedSize = crowd.size;
		framedSight = sight.along;
		framer.solve(goal, NEAREST, 0.4);
	}

	function frameCompany(point: Readonly<Vector3>) {
		step.copy(point as Vector3).sub(followed);
		followed.copy(point as Vector3);
		if (isOwnAngle) {
			camera.position.add(step);
			controls.target.add(step);
			return;
		}
		now.eye.add(step);
		now.target.add(step);
		goal.target.copy(followed).setY(followed.y - 0.45);
		goal.eye
			.setFromSphericalCoords(distanceOfCompany(), 1.33, angle)
			.add(goal.target);
	}

	function distanceOfCompany() {
		return Math.max(COMPANY, 2.4 / sightline.sight.along);
	}

	function ease(seconds: number) {
		const part = hasFramed && !calm ? 1 - Math.exp(-EASE * seconds) : 1;
		now.eye.lerp(goal.eye, part);
		now.target.lerp(goal.target, part);
		controls.target.copy(now.target);
		time += calm ? 0 : seconds;
		const drift = mode === "everyone" ? Math.sin(time * 0.12) * 0.05 : 0;
		step.copy(now.eye).sub(now.target).applyAxisAngle(UP, drift);
		camera.position.copy(now.target).add(step);
	}

	return {
		get mode() {
			return mode;
		},
		resize(width, height) {
			sightline.resize(width, height);
		},
		showEveryone,
		follow(point, chooseAngle) {
			if (point === company) return;
			mode = "agent";
			company = point;
			followed.copy(point as Vector3);
			isOwnAngle = false;
			angle = chooseAngle(controls.getAzimuthalAngle(), distanceOfCompany());
			startFromHere();
		},
		update(seconds, free) {
			const glides = hasFramed && !calm;
			const below = mode === "everyone" ? 0 : BUTTON;
			const glide = glides ? seconds : Number.POSITIVE_INFINITY;
			sightline.update(free, glide, below);
			if (company) frameCompany(company);
			else if (mode === "everyone") frameCrowd();
			if (!controls.isHeld && !isOwnAngle && mode !== "own") ease(seconds);
			if (crowd.size > 0) hasFramed = true;
			controls.update();
		},
	};
}

const UP = new Vector3(0, 1, 0);

/** The more there are, and the narrower the picture is, the more from above: or they hide each other. */
function elevationFor(size: number, { aspect }: Sightline): number {
	const crowded = MathUtils.smoothstep(size, 1, 16);
	const narrow = 1 - MathUtils.smoothstep(aspect, 0.5, 1.4);
	return MathUtils.degToRad(12.5 + 13 * crowded + 11 * narrow);
}

function copyOf({ eye, target }: Framing): Framing {
	return { eye: eye.clone(), target: target.clone() };
}
