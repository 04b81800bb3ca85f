import { MathUtils, type PerspectiveCamera, Vector3 } from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";

const EYE = new Vector3(0.6, 4.3, 12.4);
const MIDDLE = new Vector3(0, 1.45, 0);
/** The part of the width that must be seen, at the middle, in metres. */
const WIDTH_IN_SIGHT = 11;

/** The camera, and how a visitor turns it. */
export interface CameraView {
	resize(width: number, height: number): void;
	/** Glides to look at a point. */
	lookAt(point: Vector3): void;
	update(seconds: number): void;
}

/** @param calm No slow drift while nobody touches it. */
export function createCameraView(
	camera: PerspectiveCamera,
	element: HTMLElement,
	calm: boolean,
): CameraView {
	const controls = createControls(camera, element);
	let goal: Vector3 | undefined;
	let drift = calm ? undefined : 0;
	controls.addEventListener("start", () => {
		goal = undefined;
		drift = undefined;
	});
	return {
		resize(width, height) {
			camera.aspect = width / Math.max(1, height);
			camera.fov = fieldOfView(camera.aspect);
			camera.updateProjectionMatrix();
		},
		lookAt(point) {
			goal = point.clone().setY(point.y + MIDDLE.y);
			drift = undefined;
		},
		update(seconds) {
			if (drift !== undefined) {
				drift += seconds;
				camera.position.x = EYE.x + Math.sin(drift * 0.12) * 0.9;
			}
			if (goal) controls.target.lerp(goal, 1 - Math.exp(-4 * seconds));
			controls.update();
		},
	};
}

function createControls(camera: PerspectiveCamera, element: HTMLElement) {
	camera.position.copy(EYE);
	const controls = new OrbitControls(camera, element);
	controls.target.copy(MIDDLE);
	controls.enableDamping = true;
	controls.dampingFactor = 0.08;
	controls.minDistance = 3;
	controls.maxDistance = 30;
	controls.minPolarAngle = 0.25;
	controls.maxPolarAngle = Math.PI / 2 - 0.06;
	controls.maxTargetRadius = 16;
	controls.zoomSpeed = 0.7;
	return controls;
}

// A tall, narrow screen must see the clearing too: there the lens gets wider.
function fieldOfView(aspect: number): number {
	const angle = 2 * Math.atan(WIDTH_IN_SIGHT / 2 / aspect / EYE.length());
	return MathUtils.clamp(MathUtils.radToDeg(angle), 36, 72);
}
