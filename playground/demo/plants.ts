import type { MatrixMessage } from "vite-plugin-matrix-gateway/client";
import type { Place } from "./body.ts";

export interface Tree extends Place {
	readonly id: string;
	readonly kind: TreeKind;
	size: number;
}

export interface Lantern extends Place {
	readonly id: string;
	color: string;
}

export interface TreeKind {
	readonly name: string;
	readonly trunk: string;
	readonly crown: string;
	readonly shape: "sphere" | "cone";
	readonly height: number;
}

export const TREE_KINDS: readonly TreeKind[] = [
	{
		name: "oak",
		trunk: "#8a5f4d",
		crown: "#86c46a",
		shape: "sphere",
		height: 1.15,
	},
	{
		name: "cherry tree",
		trunk: "#7a5560",
		crown: "#ffa9c6",
		shape: "sphere",
		height: 0.95,
	},
	{
		name: "fir",
		trunk: "#76564c",
		crown: "#55b08c",
		shape: "cone",
		height: 1.25,
	},
	{
		name: "birch",
		trunk: "#efe6dc",
		crown: "#d7d866",
		shape: "sphere",
		height: 1.05,
	},
	{
		name: "maple",
		trunk: "#80584c",
		crown: "#ff9a5e",
		shape: "sphere",
		height: 1,
	},
];

/** The parts of a tree. */
export function addTree({ id, kind, x, z, size }: Tree): MatrixMessage[] {
	const { crown, shape, trunk, height } = kind;
	const wide = (shape === "cone" ? 1.25 : 1.45) * size;
	const tall = 1.5 * height * size;
	return [
		{
			...part(`${id}/trunk`, "cylinder", trunk, { x, y: 0, z }),
			scale: { x: 0.2 * size, y: 0.9 * size, z: 0.2 * size },
		},
		{
			...part(`${id}/crown`, shape, crown, { x, y: 0.55 * size, z }),
			scale: { x: wide, y: tall, z: wide },
		},
		{
			...part(`${id}/top`, shape, crown, {
				x: x + (shape === "cone" ? 0 : 0.26 * size),
				y: (0.55 + 0.62 * height) * size,
				z: z + (shape === "cone" ? 0 : 0.12 * size),
			}),
			scale: { x: wide * 0.7, y: tall * 0.74, z: wide * 0.7 },
		},
	];
}

/** The parts of a lantern. */
export function addLantern({ id, x, z, color }: Lantern): MatrixMessage[] {
	return [
		{
			...part(`${id}/post`, "cylinder", "#5d5680", { x, y: 0, z }),
			scale: { x: 0.09, y: 1.3, z: 0.09 },
		},
		{
			...part(`${id}/light`, "sphere", color, { x, y: 1.28, z }),
			scale: 0.36,
			glow: 1,
		},
		{
			...part(`${id}/roof`, "cone", "#5d5680", { x, y: 1.58, z }),
			scale: { x: 0.44, y: 0.2, z: 0.44 },
		},
	];
}

function part(
	id: string,
	kind: string,
	color: string,
	position: { x: number; y: number; z: number },
) {
	return { type: "scene_add", id, kind, color, position };
}

export function removeTree({ id }: Tree) {
	return ["trunk", "crown", "top"].map((name) => remove(`${id}/${name}`));
}

export function removeLantern({ id }: Lantern) {
	return ["post", "light", "roof"].map((name) => remove(`${id}/${name}`));
}

function remove(id: string) {
	return { type: "scene_remove", id };
}
