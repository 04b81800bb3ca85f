/** What can be said about the world, from what an agent has heard of it. */
import type { Clock, MatrixClient } from "vite-plugin-matrix-gateway/client";
import { AT_HOME } from "./cast.ts";
import { distance } from "./places.ts";
import { isLantern } from "./planting.ts";
import { isTree, SPECIES } from "./species.ts";
import type { Surroundings, Thing } from "./surroundings.ts";
import {
	ageWord,
	capitalized,
	numberWord,
	quotable,
	withArticle,
} from "./words.ts";

/** What a sentence may be made of. */
export interface Knowledge {
	readonly plants: number;
	/** Of the plants, those that are trees. */
	readonly trees: number;
	readonly lanterns: number;
	/** All agents that are there, the speaker among them, as a sentence has them. */
	readonly company: string;
	readonly heads: number;
	/** Those who are not of the demo. */
	readonly guests: readonly string[];
	readonly oldest: Thing | undefined;
	readonly newest: Thing | undefined;
	/** The species that is there most often, with how often. */
	readonly commonest:
		| { readonly species: string; readonly count: number }
		| undefined;
	/** What others than Timmy have put up. */
	readonly foreign: readonly Thing[];
	/** How long ago a visitor spoke, in words, and what. */
	readonly visitor: { readonly text: string; readonly ago: string } | undefined;
}

/** A thing that somebody looks at, and the rest of the world. */
export interface Sight extends Knowledge {
	/** "Edith the oak", "the Rocket". */
	readonly it: string;
	/** "an oak", "a lantern". */
	readonly kind: string;
	readonly age: string;
	readonly thing: Thing;
	/** What stands next to it. */
	readonly neighbour: string | undefined;
}

const TREES = new Set(SPECIES.filter(isTree).map(({ name }) => name));

export function survey(
	client: Pick<MatrixClient, "agents">,
	{ things, visitor }: Surroundings,
	clock: Clock,
): Knowledge {
	const all = [...things.values()];
	const plants = all.filter(({ plant }) => plant);
	const byAge = [...plants].sort((a, b) => planted(a) - planted(b));
	const agents = [...client.agents.keys()];
	const names = agents.map((name) => nameOf(name));
	return {
		plants: plants.length,
		trees: plants.filter(({ name }) => TREES.has(name)).length,
		lanterns: all.filter(({ id }) => isLantern(id)).length,
		company: listed(names.slice(0, 4), names.length - 4),
		heads: agents.length,
		guests: agents.filter((id) => !AT_HOME.includes(id)).map(nameOf),
		oldest: byAge.at(0),
		newest: byAge.at(-1),
		commonest: commonest(plants),
		foreign: all.filter(({ owner }) => owner !== "timmy"),
		visitor: visitor && {
			text: visitor.text,
			ago: ageWord(clock.now() - visitor.at),
		},
	};
}

/** @param today Milliseconds since 1970. */
export function look(
	thing: Thing,
	known: Knowledge,
	{ things }: Surroundings,
	clock: Clock,
	today: () => number,
): Sight {
	const way = ({ place }: Thing) => distance(place, thing.place);
	const [neighbour] = [...things.values()]
		.filter((other) => other !== thing && other.plant)
		.sort((a, b) => way(a) - way(b));
	const lived = thing.plant
		? today() - thing.plant.planted
		: clock.now() - thing.since;
	return {
		...known,
		thing,
		it: calling(thing),
		kind: withArticle(isLantern(thing.id) ? "lantern" : thing.name),
		age: ageWord(Math.max(0, lived)),
		neighbour: neighbour && calling(neighbour),
	};
}

/** As one speaks of it. */
export function calling({ id, name, plant, owner }: Thing): string {
	if (plant) return `${plant.name} the ${plant.species}`;
	if (isLantern(id))
		return `the ${ORDINALS[Number(id.at(-1)) - 1] ?? "last"} lantern`;
	return owner ? `the ${name} of ${nameOf(owner)}'s` : `the ${name}`;
}

/** "timmy" is Timmy; a stranger's name is as it is, but short. */
export function nameOf(agentId: string): string {
	const name = quotable(agentId, 24);
	return AT_HOME.includes(name) ? capitalized(name) : name;
}

const ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth"];

function planted({ plant }: Thing): number {
	return plant?.planted ?? 0;
}

function listed(names: readonly string[], more: number): string {
	if (more > 0) return `${names.join(", ")} and ${numberWord(more)} more`;
	const last = names.at(-1) ?? "nobody";
	return names.length < 2
		? last
		: `${names.slice(0, -1).join(", ")} and ${last}`;
}

function commonest(plants: readonly Thing[]): Knowledge["commonest"] {
	const counts = new Map<string, number>();
	for (const { plant } of plants)
		if (plant) counts.set(plant.species, (counts.get(plant.species) ?? 0) + 1);
	const [most] = [...counts].sort((a, b) => b[1] - a[1]);
	return most && { species: most[0], count: most[1] };
}
