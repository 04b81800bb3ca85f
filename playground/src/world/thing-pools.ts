import {
	BoxGeometry,
	type BufferGeometry,
	ConeGeometry,
	CylinderGeometry,
	IcosahedronGeometry,
	MeshLambertMaterial,
	OctahedronGeometry,
	type Scene,
} from "three";
import { MAX_OBJECTS_SHOWN } from "../model/objects.ts";
import { createGlimmers, type Glimmers } from "./glimmers.ts";
import { createPool, type Pool } from "./pool.ts";
import { letShine } from "./shining.ts";

/** What things are made of, each shape drawn at once for all things. */
export interface ThingPools {
	readonly shapes: Readonly<Record<Shape, Pool>>;
	readonly glimmers: Glimmers;
	begin(): void;
	end(): void;
}

/** The shapes that there are; `marker` stands for those that nobody here has heard of. */
export type Shape = keyof typeof SHAPES;

/** The shape of a kind of object; undefined for a model, which is none of these. */
export function shapeOf(kind: string): Shape | undefined {
	if (kind === "gltf") return undefined;
	return Object.hasOwn(SHAPES, kind) ? (kind as Shape) : "marker";
}

export function createThingPools(scene: Scene): ThingPools {
	const entries = Object.entries(SHAPES).map(([name, create]) => {
		const pool = createPool(scene, {
			geometry: create(),
			material: letShine(new MeshLambertMaterial({ flatShading: true })),
			capacity: ROOM,
			castShadow: true,
			receiveShadow: true,
		});
		return [name, pool] as const;
	});
	const glimmers = createGlimmers(scene, ROOM);
	const all = [...entries.map(([, pool]) => pool), glimmers];
	return {
		shapes: Object.fromEntries(entries) as Record<Shape, Pool>,
		glimmers,
		begin() {
			for (const pool of all) pool.begin();
		},
		end() {
			for (const pool of all) pool.end();
		},
	};
}

/** Things: those that are shown, and some on their way out. */
const ROOM = MAX_OBJECTS_SHOWN + 500;

/** Each a metre tall and wide, standing on y = 0. */
const SHAPES = {
	box: () => new BoxGeometry(1, 1, 1).translate(0, 0.5, 0),
	sphere: () => new IcosahedronGeometry(0.5, 2).translate(0, 0.5, 0),
	cone: () => new ConeGeometry(0.5, 1, 9).translate(0, 0.5, 0),
	cylinder: () => new CylinderGeometry(0.5, 0.5, 1, 18).translate(0, 0.5, 0),
	marker: () => new OctahedronGeometry(0.5).translate(0, 0.5, 0),
} as const satisfies Record<string, () => BufferGeometry>;
