import {
	Box3,
	type Group,
	LoadingManager,
	type Object3D,
	Vector3,
} from "three";
import { disposeModel } from "./dispose.ts";
import { isContent } from "./model-content.ts";
import { fetchModel, type ModelFile } from "./model-file.ts";
import { createTurns } from "./turns.ts";

/** A model that is on its way or there. */
export interface Model {
	remove(): void;
}

/** Milliseconds from the first request to the model. */
const TIMEOUT = 20_000;

/** Strangers name models: they come a few at a time, however many are named. */
const turns = createTurns(4);

/** Origins that models may come from beside the page's own, separated by commas. */
const ORIGINS = (import.meta.env.VITE_MODEL_ORIGINS ?? "")
	.split(",")
	.map((origin: string) => origin.trim())
	.filter((origin: string) => origin !== "");

/**
 * Loads a glTF model and stands it on `place`, a metre in its longest side.
 * One that does not load, or may not, leaves its place empty.
 */
export function createModel(url: string, place: Group): Model {
	const removal = new AbortController();
	let model: Object3D | undefined;
	turns
		.take(() => load(url, removal.signal))
		.then(
			(loaded) => {
				if (removal.signal.aborted) return disposeModel(loaded);
				model = fit(loaded);
				place.add(model);
			},
			(error: unknown) => {
				if (!removal.signal.aborted)
					console.warn(`The model ${url} did not load:`, error);
			},
		);
	return {
		remove() {
			removal.abort();
			model?.removeFromParent();
			if (model) disposeModel(model);
		},
	};
}

async function load(url: string, removal: AbortSignal): Promise<Object3D> {
	removal.throwIfAborted();
	const signal = AbortSignal.any([removal, AbortSignal.timeout(TIMEOUT)]);
	const rules = { page: document.baseURI, origins: ORIGINS };
	const file = await fetchModel(url, rules, signal);
	// One whose parts wait for each other is never built.
	return Promise.race([build(file), failure(signal)]);
}

// The loader is large and most worlds have no model: it comes with the first one.
async function build({ data, base, files }: ModelFile): Promise<Object3D> {
	const { GLTFLoader } = await import(
		"three/examples/jsm/loaders/GLTFLoader.js"
	);
	const urls = new Map<string, string>();
	for (const [address, content] of files)
		urls.set(address, URL.createObjectURL(new Blob([content])));
	// The loader would fetch what a model names. It is given what was fetched here, and fetches nothing.
	const manager = new LoadingManager().setURLModifier((address) => {
		if (isContent(address) || address.startsWith("blob:")) return address;
		const url = urls.get(new URL(address, base).href);
		if (url === undefined) throw new Error(`${address} was not fetched`);
		return url;
	});
	try {
		const loader = new GLTFLoader(manager);
		const { scene } = await loader.parseAsync(data, new URL(".", base).href);
		return scene;
	} finally {
		for (const url of urls.values()) URL.revokeObjectURL(url);
	}
}

function failure(signal: AbortSignal): Promise<never> {
	return new Promise((_, reject) => {
		const fail = () => reject(signal.reason);
		if (signal.aborted) fail();
		else signal.addEventListener("abort", fail, { once: true });
	});
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
