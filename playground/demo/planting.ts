/** A plant of the garden's, and the messages that put it into the world and take it out. */
import type { Clock, MatrixMessage } from "vite-plugin-matrix-gateway/client";
import type { Place } from "./places.ts";
import { type Part, partsOf, SPECIES, type Species } from "./species.ts";
import type { PlantNote } from "./surroundings.ts";
import { pick } from "./time.ts";

/** A plant of Timmy's. */
export interface Plant extends PlantNote {
	readonly id: string;
	readonly place: Place;
}

export const COLORS = ["#ffc36b", "#7df0dc", "#ff9fc0", "#b9a7ff"];

/** More than there is room for. */
export const NAMES = [
	...["Edith", "Otto", "Ruth", "Casper", "Flora", "Gustav", "Hilda", "Ivo"],
	...["Juno", "Karl", "Lotte", "Magnus", "Nora", "Oskar", "Pippa", "Quentin"],
	...["Rosa", "Silas", "Tilda", "Ulf", "Vera", "Wilma", "Xaver", "Yasmin"],
	...["Zeno", "Agnes", "Bruno", "Clara", "Doris", "Emil", "Frida", "Greta"],
];

export function lanternId(index: number): string {
	return `timmy/lantern-${index + 1}`;
}

export function isLantern(id: string): boolean {
	return /^timmy\/lantern-\d$/.test(id);
}

export function speciesOf({ species }: Pick<PlantNote, "species">) {
	return SPECIES.find(({ name }) => name === species);
}

/** A kind of which there are few, so that no bed becomes a row of one kind. */
export function rarest(
	kinds: readonly Species[],
	plants: readonly Plant[],
	random: Clock["random"],
): Species {
	const count = ({ name }: Species) =>
		plants.filter(({ species }) => species === name).length;
	const least = Math.min(...kinds.map(count));
	return pick(
		kinds.filter((kind) => count(kind) === least),
		random,
	);
}

/** Its first object says what it is, so that whoever comes back to it knows its plants. */
export function partsOfPlant(plant: Plant): Part[] {
	const species = speciesOf(plant);
	if (!species) return [];
	const { place, id, ...note } = plant;
	const [first, ...rest] = partsOf(species, {
		...place,
		id,
		growth: plant.growth,
	});
	return first ? [{ ...first, plant: note }, ...rest] : [];
}

// A key of its own, or the gateway would retain every batch that a long day brings.
export function batch(
	id: string,
	messages: readonly MatrixMessage[],
): MatrixMessage {
	return { type: "scene_batch", messages, retain: { key: `scene/${id}` } };
}

export function removal(id: string, parts: Iterable<string>): MatrixMessage {
	const messages = [...parts].map((part) => ({
		type: "scene_remove",
		id: part,
	}));
	return { type: "scene_batch", messages, retain: { clear: `scene/${id}` } };
}
