/** What grows in the garden, and of which parts it is made. */
import type { MatrixMessage } from "vite-plugin-matrix-gateway/client";
import type { Place } from "./places.ts";

export interface Species {
	readonly name: string;
	readonly form: "tree" | "fir" | "shrub" | "flower";
	/** Trunk or leaves. */
	readonly low: string;
	/** Crown or blossom. */
	readonly high: string;
	/** Of others of its form, 1 is usual. */
	readonly height: number;
}

export const SPECIES: readonly Species[] = [
	species("oak", "tree", "#8a5f4d", "#86c46a", 1.15),
	species("cherry tree", "tree", "#7a5560", "#ffa9c6", 0.95),
	species("fir", "fir", "#76564c", "#55b08c", 1.25),
	species("birch", "tree", "#efe6dc", "#d7d866", 1.05),
	species("maple", "tree", "#80584c", "#ff9a5e", 1),
	species("rose bush", "shrub", "#5f9a5c", "#ff7f9d", 1),
	species("lavender", "shrub", "#7fa981", "#b79cff", 0.8),
	species("hydrangea", "shrub", "#6aa372", "#8fc4ff", 0.95),
	species("sunflower", "flower", "#6fae59", "#ffd35a", 1.35),
	species("tulip", "flower", "#6fae59", "#ff8a6b", 0.8),
	species("bluebell", "flower", "#5f9f68", "#8ea2ff", 0.75),
	species("daisy", "flower", "#74b265", "#fff6e0", 0.65),
];

export function isTree({ form }: Species): boolean {
	return form === "tree" || form === "fir";
}

/** How large it is: 1 is full grown. */
export interface Grown extends Place {
	readonly id: string;
	readonly growth: number;
}

/** The parts of a plant, the lowest first. */
export function partsOf(species: Species, plant: Grown): Part[] {
	return FORMS[species.form](species, plant);
}

/** The parts of a lantern. */
export function lanternParts(id: string, place: Place, color: string): Part[] {
	const wood = "#5d5680";
	return [
		part(`${id}/post`, "cylinder", wood, { ...place, y: 0 }, 0.09, 1.3),
		{
			...part(
				`${id}/light`,
				"sphere",
				color,
				{ ...place, y: 1.28 },
				0.36,
				0.36,
			),
			glow: 1,
		},
		part(`${id}/roof`, "cone", wood, { ...place, y: 1.58 }, 0.44, 0.2),
	];
}

export interface Part extends MatrixMessage {
	readonly type: "scene_add";
	readonly id: string;
}

const FORMS: Record<
	Species["form"],
	(species: Species, plant: Grown) => Part[]
> = {
	tree: (species, plant) => crowned(species, plant, "sphere"),
	fir: (species, plant) => crowned(species, plant, "cone"),
	shrub({ low, high, height }, { id, x, z, growth }) {
		const size = 0.75 * growth;
		const y = 0.3 * size;
		return [
			part(`${id}/leaves`, "sphere", low, { x, y: 0, z }, size, size * height),
			part(
				`${id}/left`,
				"sphere",
				high,
				{ x: x - size * 0.24, y, z: z + size * 0.2 },
				size * 0.5,
				size * 0.6 * height,
			),
			part(
				`${id}/right`,
				"sphere",
				high,
				{ x: x + size * 0.26, y: y * 1.3, z },
				size * 0.46,
				size * 0.56 * height,
			),
		];
	},
	flower({ low, high, height }, { id, x, z, growth }) {
		const tall = 0.62 * height * growth;
		const wide = 0.24 * growth;
		const stem = (name: string, at: Place, part_: number) => [
			part(
				`${id}/${name}-stem`,
				"cylinder",
				low,
				{ ...at, y: 0 },
				0.05,
				tall * part_,
			),
			part(
				`${id}/${name}`,
				"sphere",
				high,
				{ ...at, y: tall * part_ - wide * 0.3 },
				wide,
				wide * 0.8,
			),
		];
		return [
			...stem("first", { x: x - 0.16, z: z + 0.06 }, 1),
			...stem("second", { x: x + 0.17, z: z + 0.12 }, 0.8),
			...stem("third", { x: x + 0.02, z: z - 0.16 }, 0.92),
		];
	},
};

function crowned(
	{ low, high, height }: Species,
	{ id, x, z, growth }: Grown,
	shape: string,
): Part[] {
	const isCone = shape === "cone";
	const wide = (isCone ? 1.25 : 1.45) * growth;
	const tall = 1.5 * height * growth;
	const top = {
		x: x + (isCone ? 0 : 0.26 * growth),
		y: (0.55 + 0.62 * height) * growth,
		z: z + (isCone ? 0 : 0.12 * growth),
	};
	return [
		part(
			`${id}/trunk`,
			"cylinder",
			low,
			{ x, y: 0, z },
			0.2 * growth,
			0.9 * growth,
		),
		part(`${id}/crown`, shape, high, { x, y: 0.55 * growth, z }, wide, tall),
		part(`${id}/top`, shape, high, top, wide * 0.7, tall * 0.74),
	];
}

function part(
	id: string,
	kind: string,
	color: string,
	position: object,
	wide: number,
	tall: number,
): Part {
	const scale = { x: wide, y: tall, z: wide };
	return { type: "scene_add", id, kind, color, position, scale };
}

function species(
	name: string,
	form: Species["form"],
	low: string,
	high: string,
	height: number,
): Species {
	return { name, form, low, high, height };
}
