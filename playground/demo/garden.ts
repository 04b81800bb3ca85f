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
	/** All there is, for a gateway that may not know. */
	announce(): MatrixMessage[];
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
		if (old >= 0) trees.splice(old, 1);
		trees.push(tree);
		return { name: tree.kind.name, place: spot, message: treeMessage(tree) };
	}

	function tend(): Planting | undefined {
		const tree = trees.find(({ size }) => size < 1);
		if (!tree) return undefined;
		tree.size = 1;
		const { x, z } = tree;
		const message = treeMessage(tree);
		return { name: tree.kind.name, place: { x, z }, message };
	}

	function light(): Planting {
		const spot = pick(LANTERN_SPOTS, lit);
		const id = `timmy/lantern-${lit % LANTERN_SPOTS.length}`;
		const color = pick(LANTERN_COLORS, Math.floor(lit / LANTERN_SPOTS.length));
		lit += 1;
		const standing = lanterns.find((lantern) => lantern.id === id);
		if (standing) standing.color = color;
		else lanterns.push({ ...spot, id, color });
		const message = lanternMessage({ ...spot, id, color });
		return { name: "lantern", place: spot, message };
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
		announce: () => [
			...trees.map(treeMessage),
			...lanterns.map(lanternMessage),
		],
		clear: () => ({
			type: "scene_batch",
			messages: [
				...trees.flatMap(removeTree),
				...lanterns.flatMap(removeLantern),
			],
			retain: { clear: "scene/timmy/" },
		}),
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

function treeMessage(tree: Tree): MatrixMessage {
	return batch(tree.id, addTree(tree));
}

function lanternMessage(lantern: Lantern): MatrixMessage {
	return batch(lantern.id, addLantern(lantern));
}

// A key of its own, or the gateway would retain every batch that a long day brings.
function batch(id: string, messages: readonly MatrixMessage[]): MatrixMessage {
	return { type: "scene_batch", messages, retain: { key: `scene/${id}` } };
}

function pick<T>(all: readonly T[], index: number): T {
	return all[index % all.length] as T;
}
