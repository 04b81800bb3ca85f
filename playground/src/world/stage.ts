import {
	Fog,
	NeutralToneMapping,
	PCFShadowMap,
	PerspectiveCamera,
	Scene,
	type Vector3,
	WebGLRenderer,
} from "three";
import { CSS2DRenderer } from "three/examples/jsm/renderers/CSS2DRenderer.js";
import { type Bubbles, createBubbles } from "./bubbles.ts";
import { createCameraView } from "./camera.ts";
import { FOG } from "./colors.ts";
import { createFireflies } from "./fireflies.ts";
import { createGround } from "./ground.ts";
import { addLights } from "./lights.ts";
import { createResolution } from "./resolution.ts";
import { createScenery } from "./scenery.ts";
import { createSky } from "./sky.ts";

/** Where the world is drawn: the scene, the camera and the two layers, picture and labels. */
export interface Stage {
	readonly scene: Scene;
	readonly bubbles: Bubbles;
	/** Turns the camera to look at a point. */
	lookAt(point: Vector3): void;
	/** @param seconds Since the last frame. */
	render(seconds: number): void;
}

/**
 * Sets the stage.
 *
 * @param container What it fills.
 * @param calm No motion that nobody asked for.
 * @throws Where the browser has no WebGL.
 */
export function createStage(container: HTMLElement, calm: boolean): Stage {
	const scene = createScene();
	const bubbles = createBubbles();
	const fireflies = createFireflies();
	scene.add(fireflies.points);
	const camera = new PerspectiveCamera(40, 1, 0.1, 300);
	const renderer = createRenderer(container);
	const labels = createLabelRenderer(container);
	const view = createCameraView(camera, renderer.domElement, calm);
	const resolution = createResolution(window.devicePixelRatio);
	let time = 0;
	// A new size clears the picture, so it is set right before a new one is drawn.
	let stale = true;

	function resize() {
		stale = false;
		const { clientWidth: width, clientHeight: height } = container;
		renderer.setPixelRatio(resolution.pixelRatio);
		renderer.setSize(width, height, false);
		labels.setSize(width, height);
		view.resize(width, height);
	}
	new ResizeObserver(() => {
		stale = true;
	}).observe(container);

	return {
		scene,
		bubbles,
		lookAt: (point) => view.lookAt(point),
		render(seconds) {
			time += calm ? 0 : seconds;
			fireflies.update(time);
			if (resolution.measure(seconds) || stale) resize();
			view.update(seconds);
			renderer.render(scene, camera);
			labels.render(scene, camera);
			bubbles.update(camera, container.clientWidth, container.clientHeight);
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

function createLabelRenderer(container: HTMLElement): CSS2DRenderer {
	const labels = new CSS2DRenderer();
	labels.domElement.className = "labels";
	container.append(labels.domElement);
	return labels;
}
