/** Sentences about what is looked at, each for one kind of thing: of others they say nothing. */
import { TIMMY } from "./cast.ts";
import type { Sight } from "./knowledge.ts";
import type { Line } from "./wording.ts";

/** A plant that is looked at. */
export interface PlantSight extends Sight {
	/** The plant's own name. */
	readonly own: string;
}

export function ofPlant(line: (sight: PlantSight) => string): Line<Sight> {
	return (sight) =>
		sight.thing.plant && line({ ...sight, own: sight.thing.plant.name });
}

/** A thing of Timmy's that is no plant. */
export function ofLantern(line: (sight: Sight) => string): Line<Sight> {
	return (sight) =>
		sight.thing.plant || sight.thing.owner !== TIMMY.agentId
			? undefined
			: line(sight);
}

/** A thing that somebody else than Timmy has put up. */
export function ofForeign(line: (sight: Sight) => string): Line<Sight> {
	return (sight) =>
		sight.thing.owner === TIMMY.agentId ? undefined : line(sight);
}

/** Whether it is a plant that still grows. */
export function isSmall({ thing }: Sight): boolean {
	return (thing.plant?.growth ?? 1) < 1;
}
