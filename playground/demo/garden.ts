import type { MatrixMessage } from "vite-plugin-matrix-gateway/client";
import type { Place } from "./body.ts";
import {
	addLantern,
	addTree,
	type Lantern,
	removeLantern,
	removeTree,
	TREE_KINDS,
	type Tree,
} from "./plants.ts";

/** What Timmy has put into the world. Its spots bound how much that is. */
export interface Garden {
	/** Adds a sapling at the next spot; where all are taken, in place of the oldest tree. */
	plant(): Planting;
	/** Lets the smallest tree grow to its full size; nothing where all have. */
	tend(): Planting | undefined;
	/** Puts up the next lantern; where all stand, gives one another colour. */
	light(): Planting;
	/** All there is, for pages that have just come. */
	announce(): MatrixMessage;
	/** Takes everything out of the world. */
	clear(): MatrixMessage;
}

/** Something that was done, the message that says so, and where. */
export interface Planting {
	readonly name: string;
	readonly place: Place;
	readonly message: MatrixMessage;
}

export function createGarden(): Garden {
	const trees: Tree[] = [];
	const lanterns: Lantern[] = [];
	let planted = 0;
	let lit = 0;

	function plant(): Planting {
		const spot = pick(TREE_SPOTS, planted);
		const tree: Tree = {
			...spot,
			id: `timmy/tree-${planted % TREE_SPOTS.length}`,
			kind: pick(TREE_KINDS, planted),
			size: 0.5,
		};
		planted += 1;
		const old = trees.findIndex(({ id }) => id === tree.id);
		const removed = old < 0 ? [] : trees.splice(old, 1).flatMap(removeTree);
		trees.push(tree);
		return done(tree.kind.name, spot, [...removed, ...addTree(tree)]);
	}

	function tend(): Planting | undefined {
		const tree = trees.find(({ size }) => size < 1);
		if (!tree) return undefined;
		tree.size = 1;
		return done(tree.kind.name, tree, addTree(tree, "scene_update"));
	}

	function light(): Planting {
		const spot = pick(LANTERN_SPOTS, lit);
		const id = `timmy/lantern-${lit % LANTERN_SPOTS.length}`;
		const color = pick(LANTERN_COLORS, Math.floor(lit / LANTERN_SPOTS.length));
		lit += 1;
		const standing = lanterns.find((lantern) => lantern.id === id);
		if (standing) standing.color = color;
		else lanterns.push({ ...spot, id, color });
		return done("lantern", spot, addLantern({ ...spot, id, color }));
	}

	for (let tree = 0; tree < 3; tree++) {
		plant();
		tend();
	}
	for (let lantern = 0; lantern < 4; lantern++) light();

	return {
		plant,
		tend,
		light,
		announce: () =>
			batch([
				...trees.flatMap((tree) => addTree(tree)),
				...lanterns.flatMap(addLantern),
			]),
		clear: () =>
			batch([...trees.flatMap(removeTree), ...lanterns.flatMap(removeLantern)]),
	};
}

const TREE_SPOTS: readonly Place[] = [
	{ x: -5.6, z: -3.5 },
	{ x: -3.2, z: -3.9 },
	{ x: -5.9, z: -1.2 },
	{ x: -4.4, z: -2.4 },
	{ x: -2.5, z: -2.5 },
	{ x: -6.6, z: -2.6 },
];

const LANTERN_SPOTS: readonly Place[] = [
	{ x: 3.1, z: -3.9 },
	{ x: 4.9, z: -1.4 },
	{ x: 0.4, z: -5 },
	{ x: -5.2, z: 2.3 },
	{ x: 5.1, z: 1.6 },
	{ x: -1.9, z: -5.6 },
];

const LANTERN_COLORS = ["#ffc36b", "#7df0dc", "#ff9fc0", "#b9a7ff"] as const;

function done(name: string, { x, z }: Place, messages: MatrixMessage[]) {
	return { name, place: { x, z }, message: batch(messages) };
}

function batch(messages: readonly MatrixMessage[]): MatrixMessage {
	return { type: "scene_batch", messages };
}

function pick<T>(all: readonly T[], index: number): T {
	return all[index % all.length] as T;
}
