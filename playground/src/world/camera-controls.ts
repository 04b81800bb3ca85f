import { type PerspectiveCamera, Vector3 } from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";

/** How a visitor turns the camera: drag, pinch, wheel and keys. */
export interface CameraControls {
	/** What the camera looks at. */
	readonly target: Vector3;
	/** Whether a finger or button is down. */
	readonly isHeld: boolean;
	getAzimuthalAngle(): number;
	update(): void;
}

export interface CameraActions {
	/** Called once the visitor has moved the camera. */
	onTaken(): void;
	showEveryone(): void;
}

/** What the picture is for those who do not see it, and how it is moved. */
const NAME =
	"The world in 3D. Arrow keys turn the view, with Shift they move it, plus and minus zoom, Home shows everyone.";

/** Radians, pixels and a factor for each press of a key. */
const STEP = { turn: 0.14, move: 42, zoom: 0.88 };

export function createControls(
	camera: PerspectiveCamera,
	element: HTMLElement,
	target: Vector3,
	{ onTaken, showEveryone }: CameraActions,
): CameraControls {
	const controls = new OrbitControls(camera, element);
	controls.target.copy(target);
	controls.enableDamping = true;
	controls.dampingFactor = 0.08;
	controls.minDistance = 3;
	controls.maxDistance = 120;
	controls.minPolarAngle = 0.25;
	controls.maxPolarAngle = Math.PI / 2 - 0.06;
	controls.maxTargetRadius = 40;
	controls.zoomSpeed = 0.7;
	element.tabIndex = 0;
	element.setAttribute("role", "application");
	element.setAttribute("aria-label", NAME);
	const before = new Vector3();
	let isHeld = false;

	// A press alone, as on an agent, takes nothing.
	function noticeMove() {
		if (isHeld && before.distanceTo(camera.position) > 1e-3) onTaken();
	}

	controls.addEventListener("start", () => {
		isHeld = true;
		before.copy(camera.position);
	});
	controls.addEventListener("end", () => {
		noticeMove();
		isHeld = false;
	});
	element.addEventListener("keydown", (event) => {
		if (event.ctrlKey || event.altKey || event.metaKey) return;
		const act = KEYS.get(event.key);
		if (HOME.has(event.key)) showEveryone();
		else if (act) {
			onTaken();
			act(controls, event.shiftKey);
		} else return;
		event.preventDefault();
	});
	return {
		target: controls.target,
		get isHeld() {
			return isHeld;
		},
		getAzimuthalAngle: () => controls.getAzimuthalAngle(),
		update() {
			controls.update();
			noticeMove();
		},
	};
}

const HOME: ReadonlySet<string> = new Set(["Home", "0", "Escape"]);

type Act = (controls: OrbitControls, isShifted: boolean) => void;

const KEYS: ReadonlyMap<string, Act> = new Map<string, Act>([
	["ArrowLeft", (controls, moves) => turn(controls, 1, 0, moves)],
	["ArrowRight", (controls, moves) => turn(controls, -1, 0, moves)],
	["ArrowUp", (controls, moves) => turn(controls, 0, 1, moves)],
	["ArrowDown", (controls, moves) => turn(controls, 0, -1, moves)],
	["+", (controls) => controls.dollyIn(STEP.zoom)],
	["=", (controls) => controls.dollyIn(STEP.zoom)],
	["-", (controls) => controls.dollyOut(STEP.zoom)],
	["_", (controls) => controls.dollyOut(STEP.zoom)],
]);

function turn(
	controls: OrbitControls,
	left: number,
	up: number,
	moves: boolean,
) {
	if (moves) controls.pan(left * STEP.move, up * STEP.move);
	else {
		controls.rotateLeft(-left * STEP.turn);
		controls.rotateUp(up * STEP.turn);
	}
}
