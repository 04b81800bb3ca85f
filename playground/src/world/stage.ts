import {
	Fog,
	NeutralToneMapping,
	PCFShadowMap,
	PerspectiveCamera,
	Scene,
	WebGLRenderer,
} from "three";
import { type CameraView, type Crowd, createCameraView } from "./camera.ts";
import { FOG } from "./colors.ts";
import { createEveryoneButton } from "./everyone-button.ts";
import { createFireflies } from "./fireflies.ts";
import { createFreeArea, type FreeArea } from "./free-area.ts";
import { createGround } from "./ground.ts";
import { createLabels, type Labels } from "./labels.ts";
import { addLights } from "./lights.ts";
import { createResolution } from "./resolution.ts";
import { createScenery } from "./scenery.ts";
import { createSky } from "./sky.ts";

/** Where the world is drawn: the scene, the camera and the two layers, picture and labels. */
export interface Stage {
	readonly scene: Scene;
	readonly camera: PerspectiveCamera;
	readonly view: CameraView;
	readonly labels: Labels;
	readonly area: FreeArea;
	/** What visitors look at and press. */
	readonly picture: HTMLCanvasElement;
	/** Of the last frame. */
	readonly drawCalls: number;
	/**
	 * @param seconds Since the last frame.
	 * @param write Called once the camera has moved, before labels are placed.
	 */
	render(seconds: number, write: () => void): void;
}

/**
 * Sets the stage.
 *
 * @param container What it fills.
 * @param crowd Who is to be seen.
 * @param calm No motion that nobody asked for.
 * @throws Where the browser has no WebGL.
 */
export function createStage(
	container: HTMLElement,
	crowd: Crowd,
	calm: boolean,
): Stage {
	const scene = createScene();
	const fireflies = createFireflies();
	scene.add(fireflies.points);
	const camera = new PerspectiveCamera(40, 1, 0.1, 300);
	const renderer = createRenderer(container);
	const labels = createLabels(container);
	const area = createFreeArea(container);
	const view = createCameraView(camera, renderer.domElement, crowd, calm);
	const button = createEveryoneButton(container, () => view.showEveryone());
	const resolution = createResolution(window.devicePixelRatio);
	let [time, width, height] = [0, 0, 0];
	// A new size clears the picture, so it is set right before a new one is drawn.
	let stale = true;

	function resize() {
		stale = false;
		width = container.clientWidth;
		height = container.clientHeight;
		renderer.setPixelRatio(resolution.pixelRatio);
		renderer.setSize(width, height, false);
		view.resize(width, height);
	}
	new ResizeObserver(() => {
		stale = true;
	}).observe(container);

	return {
		scene,
		camera,
		view,
		labels,
		area,
		picture: renderer.domElement,
		get drawCalls() {
			return renderer.info.render.calls;
		},
		render(seconds, write) {
			time += calm ? 0 : seconds;
			fireflies.update(time);
			if (resolution.measure(seconds) || stale) resize();
			area.update();
			if (button.update(view.mode, area.free)) area.spoil();
			view.update(seconds, area.free);
			camera.updateMatrixWorld();
			write();
			labels.update(camera, width, height, area.covered);
			renderer.render(scene, camera);
		},
	};
}

function createScene(): Scene {
	const scene = new Scene();
	scene.fog = new Fog(FOG, 24, 135);
	scene.add(createSky(), createGround(), createScenery());
	addLights(scene);
	return scene;
}

function createRenderer(container: HTMLElement): WebGLRenderer {
	const renderer = new WebGLRenderer({ antialias: true });
	renderer.toneMapping = NeutralToneMapping;
	renderer.toneMappingExposure = 1;
	renderer.shadowMap.enabled = true;
	renderer.shadowMap.type = PCFShadowMap;
	renderer.domElement.className = "picture";
	container.append(renderer.domElement);
	return renderer;
}
