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

/** Builds an agent's figure: coloured by its role, with an ornament that is its own. */
export function createFigure(agentId: string, role: string): Figure {
	const paints = createPaints(role);
	const parts: Part[] = [];
	const add: AddPart = (parent, pool, paint, [x, y, z]) => {
		const joint = new Object3D();
		joint.position.set(x, y, z);
		parent.add(joint);
		parts.push({ pool, joint, paint });
		return joint;
	};
	const root = new Object3D();
	const torso = addJoint(root, 0);
	const head = addJoint(torso, HEAD_HEIGHT);
	add(torso, "body", paints.coat, [0, 0.16, 0]);
	add(torso, "core", paints.lamp, [0, 0.64, 0.315]);
	add(torso, "collar", paints.shell, [0, 0.94, 0]);
	const eyes = addHead(add, head, paints);
	addOrnament(add, addJoint(head, 0.34), agentId, paints);
	const hands = pair((side) =>
		add(torso, "hand", paints.shell, [0.46 * side, 0.6, 0.08]),
	);
	const feet = pair((side) =>
		add(root, "foot", paints.dark, [0.16 * side, 0.075, 0.04]),
	);
	holdStill(root, [root, torso, head, eyes, ...hands, ...feet]);
	return {
		...{ root, torso, head, eyes, hands, feet },
		lamp: paints.lamp,
		draw(pools) {
			root.updateMatrixWorld();
			for (const { pool, joint, paint } of parts)
				pools.parts[pool].add(joint.matrixWorld, paint.color, paint.glow);
		},
	};
}

interface Part {
	readonly pool: PartName;
	readonly joint: Object3D;
	readonly paint: Paint;
}

type AddPart = (
	parent: Object3D,
	pool: PartName,
	paint: Paint,
	position: readonly [number, number, number],
) => Object3D;

type Paints = ReturnType<typeof createPaints>;

function createPaints(role: string) {
	const color = new Color(roleColor(role));
	return {
		coat: createPaint(color),
		dark: createPaint(color.clone().multiplyScalar(0.32)),
		lamp: createPaint(new Color()),
		shell: SHELL,
	};
}

function createPaint(color: Color): Paint {
	return { color, glow: 0 };
}

const SHELL = createPaint(new Color("#fbf3ec"));
const VISOR = createPaint(new Color("#151a33"));
const EYE = createPaint(new Color("#bff6ff"));
const GREEN = createPaint(new Color("#7fd067"));

function addJoint(parent: Object3D, height: number): Object3D {
	const joint = new Object3D();
	joint.position.y = height;
	parent.add(joint);
	return joint;
}

function addHead(add: AddPart, head: Object3D, { shell, coat }: Paints) {
	add(head, "skull", shell, [0, 0, 0]);
	add(head, "visor", VISOR, [0, 0, 0.265]);
	const eyes = addJoint(head, 0.005);
	eyes.position.z = 0.372;
	pair((side) => add(eyes, "eye", EYE, [0.105 * side, 0, 0]));
	pair((side) => add(head, "ear", coat, [0.4 * side, 0, 0]));
	return eyes;
}

function addOrnament(
	add: AddPart,
	top: Object3D,
	agentId: string,
	{ coat, lamp, dark }: Paints,
) {
	const kind = Math.floor(hash(`${agentId}/top`) * 3);
	if (kind === 0) addSprout(add, top);
	else if (kind === 1) add(top, "crown", lamp, [0, 0.14, 0]);
	else {
		add(top, "knob", coat, [0, 0, 0]);
		add(top, "stalk", dark, [0, 0.1, 0]);
		add(top, "bulb", lamp, [0, 0.25, 0]);
	}
}

function addSprout(add: AddPart, top: Object3D) {
	add(top, "stalk", GREEN, [0, 0.07, 0]);
	pair((side) => {
		const leaf = add(top, "leaf", GREEN, [0.11 * side, 0.19, 0]);
		leaf.rotation.z = 0.5 * side;
		return leaf;
	});
}

// What does not move against the joint that it hangs from needs no new matrix in each frame.
function holdStill(root: Object3D, moving: readonly Object3D[]) {
	root.traverse((joint) => {
		if (moving.includes(joint)) return;
		joint.updateMatrix();
		joint.matrixAutoUpdate = false;
	});
}

function pair(create: (side: number) => Object3D): [Object3D, Object3D] {
	return [create(-1), create(1)];
}
