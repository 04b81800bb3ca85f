import { Box3, type Group, type Object3D, Vector3 } from "three";
import { disposeModel } from "./dispose.ts";

/** A model that is on its way or there. */
export interface Model {
	remove(): void;
}

/**
 * Loads a glTF model and stands it on `place`, a metre in its longest side.
 * One that does not load leaves its place empty.
 */
export function createModel(url: string, place: Group): Model {
	let removed = false;
	let model: Object3D | undefined;
	load(url).then(
		(loaded) => {
			if (removed) return disposeModel(loaded);
			model = fit(loaded);
			place.add(model);
		},
		(error: unknown) => console.warn(`The model ${url} did not load:`, error),
	);
	return {
		remove() {
			removed = true;
			model?.removeFromParent();
			if (model) disposeModel(model);
		},
	};
}

// The loader is large and most worlds have no model: it comes with the first one.
async function load(url: string): Promise<Object3D> {
	const { GLTFLoader } = await import(
		"three/examples/jsm/loaders/GLTFLoader.js"
	);
	const { scene } = await new GLTFLoader().loadAsync(url);
	return scene;
}

// Models come in any unit and around any point.
function fit(model: Object3D): Object3D {
	const box = new Box3().setFromObject(model);
	const size = box.getSize(new Vector3());
	const scale = 1 / Math.max(size.x, size.y, size.z, 1e-6);
	const middle = box.getCenter(new Vector3());
	model.scale.multiplyScalar(scale);
	model.position
		.sub(new Vector3(middle.x, box.min.y, middle.z))
		.multiplyScalar(scale);
	return model;
}
