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
		const { create, material, each = 1, castShadow = false } = part();
		const capacity = ROOM * each;
		const geometry = create();
		const options = { geometry, material, capacity, castShadow };
		return [name, createPool(scene, options)] as const;
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
	readonly create: () => BufferGeometry;
	readonly material: Material;
	/** Of each figure. */
	readonly each?: number;
	readonly castShadow?: boolean;
}

/** Figures: those that are shown, and some on their way out. */
const ROOM = MAX_AGENTS_SHOWN + 32;

const PARTS = {
	body: (): Part => ({
		create: createBody,
		material: standard(0.5),
		castShadow: true,
	}),
	skull: (): Part => ({
		create: () => new SphereGeometry(0.4, 28, 20).scale(1, 0.86, 0.92),
		material: standard(0.55),
		castShadow: true,
	}),
	visor: (): Part => ({
		create: () => new SphereGeometry(0.32, 28, 16).scale(1, 0.68, 0.4),
		material: new MeshStandardMaterial({ roughness: 0.16, metalness: 0.3 }),
	}),
	eye: (): Part => ({
		create: () => new CapsuleGeometry(0.036, 0.05, 4, 10),
		material: new MeshBasicMaterial(),
		each: 2,
	}),
	ear: (): Part => ({
		create: () => new CylinderGeometry(0.1, 0.12, 0.1, 18).rotateZ(Math.PI / 2),
		material: standard(0.5),
		each: 2,
	}),
	hand: (): Part => ({
		create: () => new SphereGeometry(0.1, 16, 12),
		material: standard(0.55),
		each: 2,
	}),
	foot: (): Part => ({
		create: () => new SphereGeometry(0.13, 16, 10).scale(0.95, 0.6, 1.35),
		material: standard(0.6),
		each: 2,
	}),
	collar: (): Part => ({
		create: () => new TorusGeometry(0.17, 0.045, 10, 28).rotateX(Math.PI / 2),
		material: standard(0.55),
	}),
	core: (): Part => ({
		create: () => new SphereGeometry(0.085, 18, 12).scale(1, 1, 0.6),
		material: lamp(),
	}),
	stalk: (): Part => ({
		create: () => new CylinderGeometry(0.014, 0.02, 0.24, 8),
		material: standard(0.6),
	}),
	leaf: (): Part => ({
		create: () => new SphereGeometry(0.13, 14, 10).scale(1, 0.26, 0.5),
		material: standard(0.6),
		each: 2,
	}),
	knob: (): Part => ({
		create: () => new SphereGeometry(0.06, 14, 10),
		material: standard(0.5),
	}),
	bulb: (): Part => ({
		create: () => new SphereGeometry(0.06, 14, 10),
		material: lamp(),
	}),
	crown: (): Part => ({
		create: () => new TorusGeometry(0.23, 0.028, 10, 32).rotateX(Math.PI / 2),
		material: lamp(),
	}),
};

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
	);
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
