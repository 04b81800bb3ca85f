import { Color, Object3D } from "three";
import { hash } from "../model/hash.ts";
import { roleColor } from "../model/palette.ts";
import type { FigurePools, PartName } from "./figure-pools.ts";

/** A figure's joints, as far as they move or shine. It looks along +z and stands on y = 0. */
export interface Figure {
	readonly root: Object3D;
	/** All above the feet. */
	readonly torso: Object3D;
	readonly head: Object3D;
	readonly eyes: Object3D;
	readonly hands: readonly [Object3D, Object3D];
	readonly feet: readonly [Object3D, Object3D];
	/** What shines in the colour of the state. */
	readonly lamp: Paint;
	/** Takes on the colour of a role. */
	wear(role: string): void;
	/** Adds all parts to the pools, where they are just now. */
	draw(pools: FigurePools): void;
}

/** What a part looks like. */
export interface Paint {
	readonly color: Color;
	/** How much it shines by itself. */
	glow: number;
}

const HEAD_HEIGHT = 1.3;
export const FIGURE_HEIGHT = 1.82;

/** Builds an agent's figure, with an ornament that is its own. */
export function createFigure(agentId: string): Figure {
	const [coat, dark, lamp] = [createPaint(), createPaint(), createPaint()];
	const parts: Part[] = [];
	const add = (joint: Object3D, pool: PartName, paint: Paint) => {
		parts.push({ joint, pool, paint });
		return joint;
	};
	const root = new Object3D();
	const torso = addJoint(root, 0, 0, 0);
	const head = addJoint(torso, 0, HEAD_HEIGHT, 0);
	const eyes = addJoint(head, 0, 0.005, 0.372);
	add(torso, "body", coat);
	add(torso, "core", lamp);
	add(torso, "collar", SHELL);
	add(head, "skull", SHELL);
	add(head, "visor", VISOR);
	add(head, "ears", coat);
	add(eyes, "eyes", EYE);
	const top = Math.floor(hash(`${agentId}/top`) * 3);
	if (top === 0) add(head, "sprout", GREEN);
	else if (top === 1) add(head, "crown", lamp);
	else {
		add(head, "knob", coat);
		add(head, "stalk", dark);
		add(head, "bulb", lamp);
	}
	const hands = pair((side) =>
		add(addJoint(torso, 0.46 * side, 0.6, 0.08), "hand", SHELL),
	);
	const feet = pair((side) =>
		add(addJoint(root, 0.16 * side, 0.075, 0.04), "foot", dark),
	);
	return {
		root,
		torso,
		head,
		eyes,
		hands,
		feet,
		lamp,
		wear(role) {
			coat.color.set(roleColor(role));
			dark.color.copy(coat.color).multiplyScalar(0.32);
		},
		draw(pools) {
			root.updateMatrixWorld();
			for (const part of parts) {
				const { color, glow } = part.paint;
				pools.parts[part.pool].add(part.joint.matrixWorld, color, glow);
			}
		},
	};
}

interface Part {
	/** What it hangs from. */
	readonly joint: Object3D;
	readonly pool: PartName;
	readonly paint: Paint;
}

function createPaint(color = "#ffffff"): Paint {
	return { color: new Color(color), glow: 0 };
}

const SHELL = createPaint("#fbf3ec");
const VISOR = createPaint("#151a33");
const EYE = createPaint("#bff6ff");
const GREEN = createPaint("#7fd067");

function addJoint(parent: Object3D, x: number, y: number, z: number): Object3D {
	const joint = new Object3D();
	joint.position.set(x, y, z);
	parent.add(joint);
	return joint;
}

function pair(create: (side: number) => Object3D): [Object3D, Object3D] {
	return [create(-1), create(1)];
}
