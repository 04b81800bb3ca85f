import {
	type BufferGeometry,
	CapsuleGeometry,
	CylinderGeometry,
	LatheGeometry,
	type Material,
	MeshBasicMaterial,
	MeshStandardMaterial,
	type Scene,
	SphereGeometry,
	TorusGeometry,
	Vector2,
} from "three";
import { mergeGeometries } from "three/examples/jsm/utils/BufferGeometryUtils.js";
import { MAX_AGENTS_SHOWN } from "../model/agents.ts";
import { createPool, type Pool } from "./pool.ts";
import { letShine } from "./shining.ts";

/** The parts that figures are made of, each drawn at once for all figures. */
export interface FigurePools {
	readonly parts: Readonly<Record<PartName, Pool>>;
	begin(): void;
	end(): void;
}

export type PartName = keyof typeof PARTS;

export function createFigurePools(scene: Scene): FigurePools {
	const entries = Object.entries(PARTS).map(([name, part]) => {
		const { each = 1, ...options } = part();
		const capacity = ROOM * each;
		return [name, createPool(scene, { ...options, capacity })] as const;
	});
	const pools = entries.map(([, pool]) => pool);
	return {
		parts: Object.fromEntries(entries) as Record<PartName, Pool>,
		begin() {
			for (const pool of pools) pool.begin();
		},
		end() {
			for (const pool of pools) pool.end();
		},
	};
}

interface Part {
	readonly geometry: BufferGeometry;
	readonly material: Material;
	/** Of each figure. */
	readonly each?: number;
	readonly castShadow?: boolean;
}

/** Figures: those that are shown, and some on their way out. */
const ROOM = MAX_AGENTS_SHOWN + 32;

/** Each in the place where it is on the joint that it hangs from, so that it needs none of its own. */
const PARTS = {
	body: (): Part => ({
		geometry: createBody(),
		material: standard(0.5),
		castShadow: true,
	}),
	core: (): Part => ({
		geometry: new SphereGeometry(0.085, 14, 9)
			.scale(1, 1, 0.6)
			.translate(0, 0.64, 0.315),
		material: lamp(),
	}),
	collar: (): Part => ({
		geometry: new TorusGeometry(0.17, 0.045, 8, 24)
			.rotateX(Math.PI / 2)
			.translate(0, 0.94, 0),
		material: standard(0.55),
	}),
	skull: (): Part => ({
		geometry: new SphereGeometry(0.4, 24, 16).scale(1, 0.86, 0.92),
		material: standard(0.55),
		castShadow: true,
	}),
	visor: (): Part => ({
		geometry: new SphereGeometry(0.32, 24, 12)
			.scale(1, 0.68, 0.4)
			.translate(0, 0, 0.265),
		material: new MeshStandardMaterial({ roughness: 0.16, metalness: 0.3 }),
	}),
	ears: (): Part => ({
		geometry: pair((side) =>
			new CylinderGeometry(0.1, 0.12, 0.1, 16)
				.rotateZ(Math.PI / 2)
				.translate(0.4 * side, 0, 0),
		),
		material: standard(0.5),
	}),
	eyes: (): Part => ({
		geometry: pair((side) =>
			new CapsuleGeometry(0.036, 0.05, 3, 8).translate(0.105 * side, 0, 0),
		),
		material: new MeshBasicMaterial(),
	}),
	hand: (): Part => ({
		geometry: new SphereGeometry(0.1, 12, 9),
		material: standard(0.55),
		each: 2,
	}),
	foot: (): Part => ({
		geometry: new SphereGeometry(0.13, 14, 8).scale(0.95, 0.6, 1.35),
		material: standard(0.6),
		each: 2,
	}),
	sprout: (): Part => ({ geometry: createSprout(), material: standard(0.6) }),
	crown: (): Part => ({
		geometry: new TorusGeometry(0.23, 0.028, 8, 28)
			.rotateX(Math.PI / 2)
			.translate(0, TOP + 0.14, 0),
		material: lamp(),
	}),
	knob: (): Part => ({
		geometry: new SphereGeometry(0.06, 12, 8).translate(0, TOP, 0),
		material: standard(0.5),
	}),
	stalk: (): Part => ({
		geometry: createStalk().translate(0, TOP + 0.1, 0),
		material: standard(0.6),
	}),
	bulb: (): Part => ({
		geometry: new SphereGeometry(0.06, 12, 8).translate(0, TOP + 0.25, 0),
		material: lamp(),
	}),
};

/** The top of a head, above its middle. */
const TOP = 0.34;

function createBody(): BufferGeometry {
	const outline = [
		[0, 0],
		[0.2, 0.015],
		[0.31, 0.1],
		[0.36, 0.26],
		[0.35, 0.44],
		[0.29, 0.63],
		[0.2, 0.76],
		[0, 0.8],
	];
	return new LatheGeometry(
		outline.map(([x, y]) => new Vector2(x, y)),
		28,
	).translate(0, 0.16, 0);
}

function createSprout(): BufferGeometry {
	const leaves = pair((side) =>
		new SphereGeometry(0.13, 12, 8)
			.scale(1, 0.26, 0.5)
			.rotateZ(0.5 * side)
			.translate(0.11 * side, 0.19, 0),
	);
	const stalk = createStalk().translate(0, 0.07, 0);
	return mergeGeometries([leaves, stalk]).translate(0, TOP, 0);
}

function createStalk(): BufferGeometry {
	return new CylinderGeometry(0.014, 0.02, 0.24, 8);
}

function pair(create: (side: number) => BufferGeometry): BufferGeometry {
	return mergeGeometries([create(-1), create(1)]);
}

function standard(roughness: number): Material {
	return new MeshStandardMaterial({ roughness });
}

// Dark by itself, so that its light has the colour of the state and not of the evening.
function lamp(): Material {
	return letShine(
		new MeshStandardMaterial({ color: "#20243c", roughness: 0.4 }),
	);
}
