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
	const drawn = new Set<Thing>();
	let known: ReadonlyMap<string, SceneObject> = new Map();
	let now = 0;
	// While nothing changes, what is in the pools is what there is.
	let changingUntil = 0;
	let isSettled = true;

	function stir(time: number) {
		changingUntil = time + GROW_TIME;
		isSettled = false;
	}

	const reconciler = createReconciler<SceneObject, Thing>((object) => {
		const base = baseOf(object, known, isNew);
		const inner = createThing(object, base, { scene, signs, now, stir });
		const thing = { ...inner, leave };
		function leave(time: number) {
			const isGone = inner.leave(time);
			if (isGone) drawn.delete(thing);
			return isGone;
		}
		drawn.add(thing);
		return thing;
	});

	function isNew({ id }: SceneObject) {
		const thing = reconciler.find(id);
		return thing === undefined || thing.bornAt === now;
	}

	return {
		update(objects, time) {
			known = objects;
			now = time;
			reconciler.update(objects, time, MAX_OBJECTS_SHOWN);
			if (isSettled) return;
			isSettled = time > changingUntil;
			pools.begin();
			for (const thing of drawn) thing.draw(pools, time);
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
