import type { Scene } from "three";
import { MAX_OBJECTS_SHOWN, type SceneObject } from "../model/objects.ts";
import { createReconciler } from "./reconcile.ts";
import type { Signs } from "./signs.ts";
import { createThing, GROW_TIME, type Thing } from "./thing.ts";
import { createThingPools } from "./thing-pools.ts";

/** The objects of the world. */
export interface Things {
	/** @param now The world's clock in milliseconds. */
	update(objects: ReadonlyMap<string, SceneObject>, now: number): void;
}

export function createThings(scene: Scene, signs: Signs): Things {
	const pools = createThingPools(scene);
	let known: ReadonlyMap<string, SceneObject> = new Map();
	let now = 0;
	// While nothing changes, what is in the pools is what there is.
	let changingUntil = 0;
	let isSettled = true;

	function stir(time: number) {
		changingUntil = time + GROW_TIME;
		isSettled = false;
	}

	const reconciler = createReconciler<SceneObject, Thing>((object) =>
		createThing(object, baseOf(object, known, isNew), {
			scene,
			signs,
			now,
			stir,
		}),
	);

	function isNew({ id }: SceneObject) {
		const thing = reconciler.shown.get(id);
		return thing === undefined || thing.bornAt === now;
	}

	function draw(thing: Thing) {
		thing.draw(pools, now);
	}

	return {
		update(objects, time) {
			known = objects;
			now = time;
			reconciler.update(objects, time, MAX_OBJECTS_SHOWN);
			if (isSettled) return;
			isSettled = time > changingUntil;
			pools.begin();
			reconciler.shown.forEach(draw);
			reconciler.leaving.forEach(draw);
			pools.end();
		},
	};
}

/** What a thing that comes stands over, and what comes with it: the trunk of a crown. */
function baseOf(
	object: SceneObject,
	known: ReadonlyMap<string, SceneObject>,
	isNew: (other: SceneObject) => boolean,
): SceneObject | undefined {
	const { position, scale } = object;
	if (position.y < NEAR_GROUND) return undefined;
	const reach = Math.max(scale.x, scale.z) / 2;
	for (const other of known.values()) {
		const { x, y, z } = other.position;
		const isUnder = Math.hypot(x - position.x, z - position.z) <= reach;
		if (isUnder && y < NEAR_GROUND && isNew(other)) return other;
	}
	return undefined;
}

/** Metres above the ground, up to which a thing stands on it. */
const NEAR_GROUND = 0.02;
