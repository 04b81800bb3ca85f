import {
	type BufferGeometry,
	CapsuleGeometry,
	Color,
	CylinderGeometry,
	Group,
	LatheGeometry,
	type Material,
	Mesh,
	MeshBasicMaterial,
	MeshStandardMaterial,
	SphereGeometry,
	TorusGeometry,
	Vector2,
} from "three";
import { hash } from "../model/hash.ts";
import { roleColor } from "../model/palette.ts";

/** A figure's parts, as far as they move or shine. It looks along +z and stands on y = 0. */
export interface Figure {
	readonly root: Group;
	/** All above the feet. */
	readonly torso: Group;
	readonly head: Group;
	readonly eyes: Group;
	readonly hands: readonly [Mesh, Mesh];
	readonly feet: readonly [Mesh, Mesh];
	/** What shines in the colour of the state. */
	readonly lamp: MeshStandardMaterial;
}

const HEAD_HEIGHT = 1.3;
export const FIGURE_HEIGHT = 1.82;

/** Builds an agent's figure: coloured by its role, with an ornament that is its own. */
export function createFigure(agentId: string, role: string): Figure {
	const paint = createPaint(role);
	const root = new Group();
	const torso = new Group();
	const head = createHead(paint);
	head.group.add(createOrnament(agentId, paint));
	const body = mesh(BODY, paint.coat, [0, 0.16, 0]);
	const core = mesh(CORE, paint.lamp, [0, 0.64, 0.315]);
	const hands = pair((side) =>
		mesh(HAND, paint.shell, [0.46 * side, 0.6, 0.08]),
	);
	const feet = pair((side) =>
		mesh(FOOT, paint.dark, [0.16 * side, 0.075, 0.04]),
	);
	torso.add(
		body,
		core,
		mesh(COLLAR, paint.shell, [0, 0.94, 0]),
		head.group,
		...hands,
	);
	root.add(torso, ...feet);
	body.castShadow = true;
	return {
		root,
		torso,
		head: head.group,
		eyes: head.eyes,
		hands,
		feet,
		lamp: paint.lamp,
	};
}

type Paint = Record<"coat" | "shell" | "dark" | "lamp", MeshStandardMaterial>;

const BODY = new LatheGeometry(
	[
		[0, 0],
		[0.2, 0.015],
		[0.31, 0.1],
		[0.36, 0.26],
		[0.35, 0.44],
		[0.29, 0.63],
		[0.2, 0.76],
		[0, 0.8],
	].map(([x, y]) => new Vector2(x, y)),
	28,
);
const HEAD = new SphereGeometry(0.4, 28, 20).scale(1, 0.86, 0.92);
const VISOR = new SphereGeometry(0.32, 28, 16).scale(1, 0.68, 0.4);
const EYE = new CapsuleGeometry(0.036, 0.05, 4, 10);
const EAR = new CylinderGeometry(0.1, 0.12, 0.1, 18).rotateZ(Math.PI / 2);
const HAND = new SphereGeometry(0.1, 16, 12);
const FOOT = new SphereGeometry(0.13, 16, 10).scale(0.95, 0.6, 1.35);
const COLLAR = new TorusGeometry(0.17, 0.045, 10, 28).rotateX(Math.PI / 2);
const CORE = new SphereGeometry(0.085, 18, 12).scale(1, 1, 0.6);
const STALK = new CylinderGeometry(0.014, 0.02, 0.24, 8);
const BULB = new SphereGeometry(0.06, 14, 10);
const LEAF = new SphereGeometry(0.13, 14, 10).scale(1, 0.26, 0.5);
const CROWN = new TorusGeometry(0.23, 0.028, 10, 32).rotateX(Math.PI / 2);

function createPaint(role: string): Paint {
	const color = new Color(roleColor(role));
	return {
		coat: standard({ color, roughness: 0.5 }),
		shell: standard({ color: "#fbf3ec", roughness: 0.55 }),
		dark: standard({
			color: color.clone().multiplyScalar(0.32),
			roughness: 0.6,
		}),
		lamp: standard({ color: "#20243c", emissive: "#ffffff", roughness: 0.4 }),
	};
}

function createHead({ shell, coat }: Paint) {
	const group = new Group();
	group.position.y = HEAD_HEIGHT;
	const skull = mesh(HEAD, shell, [0, 0, 0]);
	skull.castShadow = true;
	const visor = standard({ color: "#151a33", roughness: 0.16, metalness: 0.3 });
	const eyes = new Group();
	eyes.position.set(0, 0.005, 0.372);
	const light = new MeshBasicMaterial({ color: "#bff6ff" });
	eyes.add(...pair((side) => mesh(EYE, light, [0.105 * side, 0, 0])));
	const ears = pair((side) => mesh(EAR, coat, [0.4 * side, 0, 0]));
	group.add(skull, mesh(VISOR, visor, [0, 0, 0.265]), eyes, ...ears);
	return { group, eyes };
}

function createOrnament(agentId: string, { coat, lamp, dark }: Paint): Group {
	const ornament = new Group();
	ornament.position.y = 0.34;
	const kind = Math.floor(hash(`${agentId}/top`) * 3);
	if (kind === 0) ornament.add(...createSprout());
	else if (kind === 1) ornament.add(mesh(CROWN, lamp, [0, 0.14, 0]));
	else
		ornament.add(
			mesh(STALK, dark, [0, 0.1, 0]),
			mesh(BULB, lamp, [0, 0.25, 0]),
		);
	if (kind === 2) ornament.add(mesh(BULB, coat, [0, 0, 0]));
	return ornament;
}

function createSprout(): Mesh[] {
	const green = standard({ color: "#7fd067", roughness: 0.6 });
	const leaves = pair((side) => mesh(LEAF, green, [0.11 * side, 0.19, 0]));
	leaves[0].rotation.z = -0.5;
	leaves[1].rotation.z = 0.5;
	return [mesh(STALK, green, [0, 0.07, 0]), ...leaves];
}

function standard(
	options: ConstructorParameters<typeof MeshStandardMaterial>[0],
) {
	return new MeshStandardMaterial(options);
}

function mesh(
	geometry: BufferGeometry,
	material: Material,
	[x, y, z]: [number, number, number],
): Mesh {
	const part = new Mesh(geometry, material);
	part.position.set(x, y, z);
	return part;
}

function pair(create: (side: number) => Mesh): [Mesh, Mesh] {
	return [create(-1), create(1)];
}
