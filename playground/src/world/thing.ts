import {
	Color,
	Group,
	MathUtils,
	Matrix4,
	Quaternion,
	type Scene,
	Vector3,
} from "three";
import type { SceneObject } from "../model/objects.ts";
import { backOut, smooth } from "./easing.ts";
import { createModel, type Model } from "./gltf.ts";
import type { Shown } from "./reconcile.ts";
import { createSign, type Signs } from "./signs.ts";
import { type Shape, shapeOf, type ThingPools } from "./thing-pools.ts";

/** An object as it stands in the world. Times are those of the world's clock, in milliseconds. */
export interface Thing extends Shown<SceneObject> {
	readonly bornAt: number;
	/** Adds it to what is drawn, as it is at a time. */
	draw(pools: ThingPools, now: number): void;
}

/** How long things take to come, to change and to go, in milliseconds. */
export const GROW_TIME = 800;

/** What stands for a kind that nobody here has heard of is neutral: a colour would mean something. */
const NEUTRAL = new Color("#aeb0c4");

/**
 * It grows, changes and goes by the clock and not by frames, all of it in the same part of the same
 * time: what stands on something else then keeps on it, however slow the frames are.
 *
 * @param base What came together with it and what it stands over: it grows out of the same ground.
 */
export function createThing(
	first: SceneObject,
	base: SceneObject | undefined,
	{ scene, signs, now, stir }: ThingContext,
): Thing {
	const [from, to, is] = [lookOf(first), lookOf(first), lookOf(first)];
	const sign = createSign();
	const removeSign = signs.add(sign);
	const matrix = new Matrix4();
	const bornAt = now;
	let root = base?.position;
	let shown: SceneObject | undefined;
	let changedAt = Number.NEGATIVE_INFINITY;
	let leftAt = Number.POSITIVE_INFINITY;
	let shape: Shape | undefined;
	let model: { readonly place: Group; readonly content: Model } | undefined;

	function change(next: SceneObject, time: number) {
		if (shown) {
			copyLook(from, is);
			changedAt = time;
		}
		if (shown && isElsewhere(next, shown)) root = undefined;
		stir(time);
		copyLook(to, lookOf(next));
		if (next.kind !== shown?.kind || next.url !== shown.url) rebuild(next);
		sign.text = signOf(next);
		shown = next;
	}

	function rebuild({ kind, url }: SceneObject) {
		removeModel();
		shape = shapeOf(kind);
		if (shape !== undefined) return;
		const place = new Group();
		place.matrixAutoUpdate = false;
		scene.add(place);
		model = { place, content: createModel(url, place) };
	}

	function removeModel() {
		model?.content.remove();
		model?.place.removeFromParent();
		model = undefined;
	}

	function stand(time: number) {
		const part = MathUtils.clamp((time - changedAt) / GROW_TIME, 0, 1);
		blendLook(is, from, to, smooth(part));
		const grown = backOut(Math.min(1, (time - bornAt) / GROW_TIME));
		const gone = Math.min(1, Math.max(0, (time - leftAt) / GROW_TIME));
		const size = Math.max(0.001, grown * (1 - gone));
		SPOT.copy(is.position);
		// Towards the same point as all parts that came with it, which so stay one thing.
		if (root)
			SPOT.sub(root as Vector3)
				.multiplyScalar(size)
				.add(root as Vector3);
		SIZE.copy(is.scale).multiplyScalar(size);
		TURN.setFromAxisAngle(UP, is.rotation);
		matrix.compose(SPOT, TURN, SIZE);
		sign.anchor.set(SPOT.x, SPOT.y + SIZE.y * 1.08 + 0.06, SPOT.z);
		return size;
	}

	function standModel(place: Group) {
		place.matrix.copy(matrix);
		place.matrixWorldNeedsUpdate = true;
	}

	return {
		bornAt,
		update(next, time) {
			if (next !== shown) change(next, time);
		},
		leave(time) {
			if (leftAt > time) {
				leftAt = time;
				removeSign();
				stir(time);
			}
			if (time - leftAt < GROW_TIME) return false;
			removeModel();
			return true;
		},
		draw({ shapes, glimmers }, time) {
			const size = stand(time);
			const color = shape === "marker" ? NEUTRAL : is.color;
			const width = 4 * Math.max(SIZE.x, SIZE.y, SIZE.z);
			const light = 0.55 * is.glow * size;
			const middle = SPOT.y + SIZE.y / 2;
			glimmers.add(SPOT.x, middle, SPOT.z, width, color, light);
			if (shape) shapes[shape].add(matrix, color, is.glow);
			else if (model) standModel(model.place);
		},
	};
}

/** Where a thing comes to stand. */
export interface ThingContext {
	readonly scene: Scene;
	readonly signs: Signs;
	readonly now: number;
	/** To be called with the time at which something begins to change. */
	readonly stir: (time: number) => void;
}

/** Of a thing at a time. */
interface Look {
	readonly position: Vector3;
	readonly scale: Vector3;
	readonly color: Color;
	rotation: number;
	glow: number;
}

const UP = new Vector3(0, 1, 0);
const [SPOT, SIZE, TURN] = [new Vector3(), new Vector3(), new Quaternion()];

function lookOf({ position, scale, color, rotation, glow }: SceneObject): Look {
	return {
		position: new Vector3().copy(position as Vector3),
		scale: new Vector3().copy(scale as Vector3),
		color: new Color(color),
		rotation,
		glow,
	};
}

function copyLook(look: Look, other: Look) {
	blendLook(look, other, other, 1);
}

function blendLook(look: Look, from: Look, to: Look, part: number) {
	look.position.lerpVectors(from.position, to.position, part);
	look.scale.lerpVectors(from.scale, to.scale, part);
	look.color.lerpColors(from.color, to.color, part);
	look.rotation = MathUtils.lerp(from.rotation, to.rotation, part);
	look.glow = MathUtils.lerp(from.glow, to.glow, part);
}

function isElsewhere(
	{ position: a }: SceneObject,
	{ position: b }: SceneObject,
) {
	return a.x !== b.x || a.z !== b.z;
}

function signOf({ kind, label }: SceneObject): string {
	if (shapeOf(kind) !== "marker" || kind === "marker") return label;
	return label === "" ? kind : `${label} · ${kind}`;
}
