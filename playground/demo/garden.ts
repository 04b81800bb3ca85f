import type { Clock, MatrixMessage } from "vite-plugin-matrix-gateway/client";
import { LANTERN_SITES, SITES } from "./beds.ts";
import { distance, type Place } from "./places.ts";
import {
	batch,
	COLORS,
	lanternId,
	NAMES,
	type Plant,
	partsOfPlant,
	rarest,
	removal,
	speciesOf,
} from "./planting.ts";
import { isTree, lanternParts, SPECIES, type Species } from "./species.ts";
import type { Thing } from "./surroundings.ts";
import { pick } from "./time.ts";

/** What Timmy has in the world: so many plants that each has room, and no more. */
export interface Garden {
	readonly plants: readonly Plant[];
	readonly lanterns: number;
	/** A new plant where there is room for it; of the species that somebody wishes, if there is one. */
	plant(wish?: (species: Species) => boolean): Deed | undefined;
	/** Lets what is smallest grow. */
	water(): Deed | undefined;
	/** Takes out what stands closest to others, and was there for the longest. */
	thin(): Deed | undefined;
	/** Puts up the next lantern; where all stand, gives one another colour. */
	light(): LanternDeed;
	/** Goes on with what stands there already. */
	adopt(things: Iterable<Thing>): void;
	/** Forgets what stands no more, since somebody has taken it out. Returns how much that was. */
	miss(things: ReadonlyMap<string, Thing>): number;
	/** All there is, and without what it does not know, for a gateway that may know something else. */
	announce(things: Iterable<Thing>): MatrixMessage[];
}

/** Something that was done, the message that says so, and where. */
export interface Deed {
	readonly plant: Plant;
	readonly place: Place;
	readonly message: MatrixMessage;
}

export type LanternDeed = Omit<Deed, "plant">;

/** Plants past this many are a thicket. */
const MOST_PLANTS = 20;
const FULL_GROWN = 1;
const SAPLING = 0.45;
/** What one watering adds. */
const SPURT = 0.2;

/** @param today Milliseconds since 1970. */
export function createGarden(
	{ random }: Pick<Clock, "random">,
	today: () => number,
): Garden {
	const plants = new Map<string, Plant>();
	const lanterns = new Map<number, string>();
	let lit = 0;

	function grow(plant: Plant): Deed {
		plants.set(plant.site, plant);
		const message = batch(plant.id, partsOfPlant(plant));
		return { plant, place: plant.place, message };
	}

	function setUp(index: number, color: string): LanternDeed {
		lanterns.set(index, color);
		const place = LANTERN_SITES[index] as Place;
		const id = lanternId(index);
		return { place, message: batch(id, lanternParts(id, place, color)) };
	}

	return {
		get plants() {
			return [...plants.values()];
		},
		get lanterns() {
			return lanterns.size;
		},
		plant(wish = () => true) {
			if (plants.size >= MOST_PLANTS) return undefined;
			const free = SITES.filter(({ name }) => !plants.has(name));
			const kinds = SPECIES.filter(wish).filter((kind) =>
				free.some(({ isForTree }) => isForTree === isTree(kind)),
			);
			if (kinds.length === 0) return undefined;
			const all = [...plants.values()];
			const rare = rarest(kinds, all, random);
			const site = pick(
				free.filter(({ isForTree }) => isForTree === isTree(rare)),
				random,
			);
			const names = NAMES.filter(
				(name) => !all.some((other) => other.name === name),
			);
			const { x, z } = site;
			return grow({
				id: `timmy/${rare.name.replace(" ", "-")}-${site.name}`,
				place: { x, z },
				site: site.name,
				species: rare.name,
				name: pick(names, random),
				growth: SAPLING,
				planted: today(),
			});
		},
		water() {
			const small = [...plants.values()].filter(
				({ growth }) => growth < FULL_GROWN,
			);
			if (small.length === 0) return undefined;
			const plant = pick(small, random);
			return grow({
				...plant,
				growth: Math.min(FULL_GROWN, plant.growth + SPURT),
			});
		},
		thin() {
			const old = [...plants.values()].filter(
				({ growth }) => growth >= FULL_GROWN,
			);
			const crowded = old.sort(
				(a, b) => roomOf(a) - roomOf(b) || a.planted - b.planted,
			);
			const [plant] = crowded.slice(0, 3).sort((a, b) => a.planted - b.planted);
			if (!plant) return undefined;
			plants.delete(plant.site);
			const parts = partsOfPlant(plant).map(({ id }) => id);
			return { plant, place: plant.place, message: removal(plant.id, parts) };
		},
		light() {
			const dark = LANTERN_SITES.findIndex((_, index) => !lanterns.has(index));
			if (dark >= 0) return setUp(dark, COLORS[0] as string);
			const index = lit++ % LANTERN_SITES.length;
			const others = COLORS.filter((color) => color !== lanterns.get(index));
			return setUp(index, pick(others, random));
		},
		adopt(things) {
			for (const { id, plant, light } of things) {
				const site = SITES.find(({ name }) => name === plant?.site);
				if (id.startsWith("timmy/") && plant && site && speciesOf(plant))
					plants.set(site.name, {
						...plant,
						id,
						place: { x: site.x, z: site.z },
					});
				const lantern = LANTERN_SITES.findIndex(
					(_, index) => lanternId(index) === id,
				);
				if (lantern >= 0) lanterns.set(lantern, light ?? (COLORS[0] as string));
			}
		},
		miss(things) {
			const gone = [...plants.values()].filter(({ id }) => !things.has(id));
			for (const { site } of gone) plants.delete(site);
			for (const index of lanterns.keys())
				if (!things.has(lanternId(index))) lanterns.delete(index);
			return gone.length;
		},
		announce(things) {
			const mine = [...plants.values()].map((plant) => grow(plant).message);
			for (const [index, color] of lanterns)
				mine.push(setUp(index, color).message);
			const ids = new Set([...plants.values()].map(({ id }) => id));
			for (const index of lanterns.keys()) ids.add(lanternId(index));
			const foreign = [...things].filter(
				({ id }) => id.startsWith("timmy/") && !ids.has(id),
			);
			return [
				...mine,
				...foreign.map(({ id, objects }) => removal(id, objects)),
			];
		},
	};

	function roomOf(plant: Plant): number {
		const ways = [...plants.values()]
			.filter((other) => other.id !== plant.id)
			.map((other) => distance(other.place, plant.place));
		return Math.min(...ways);
	}
}
