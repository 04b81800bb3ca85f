/** What the observer says about what she sees. */
import type { Knowledge, Sight } from "./knowledge.ts";
import { isSmall, ofForeign, ofLantern, ofPlant } from "./sights.ts";
import type { Line } from "./wording.ts";
import { capitalized, counted, numberWord } from "./words.ts";

/** The observer, about a thing. */
export const SEEN: readonly Line<Sight>[] = [
	ofPlant(({ own, neighbour }) =>
		neighbour
			? `From here ${own} stands right in front of ${neighbour}. From there it is the other way round.`
			: `${own} has the view to itself.`,
	),
	ofPlant((sight) =>
		isSmall(sight)
			? `${sight.own} has grown since I last looked. I always miss the moment.`
			: `${sight.own} has stopped growing and begun to look important.`,
	),
	ofPlant(({ it }) => `The light falls on ${it} as if somebody had aimed it.`),
	ofPlant(
		({ own, age }) =>
			`${capitalized(age)} of ${own}, and I have not seen it hurry once.`,
	),
	ofPlant(({ own, kind }) => `If I were ${kind}, I should want to be ${own}.`),
	ofPlant(
		({ own }) => `A firefly went once round ${own} and changed its mind.`,
	),
	ofPlant(({ it, neighbour }) =>
		neighbour
			? `There is a path between ${it} and ${neighbour}, exactly one thought wide.`
			: `All paths lead to ${it}.`,
	),
	ofForeign(
		({ it, age }) =>
			`${capitalized(it)} has been here for ${age}. Nobody gardens it, and it does not mind.`,
	),
	ofForeign(
		({ it }) =>
			`I walk round ${it} once a day. Today it looks different, or I do.`,
	),
	ofLantern(({ it }) => `Under ${it} everybody looks like a good idea.`),
	ofLantern(
		({ it, age }) =>
			`${capitalized(age)} of light from ${it}, and still not a drop spilt.`,
	),
	ofPlant(({ own }) => `I have a theory about ${own}. It needs more looking.`),
	ofPlant(
		({ it }) =>
			`Everyone walks past ${it} at a different speed. I take the slowest.`,
	),
	ofPlant(
		({ own, neighbour }) =>
			`${own} and ${neighbour ?? "the lawn"} lean the same way. Gossip, I think.`,
	),
	ofPlant(
		({ own, kind }) =>
			`The shadow of ${own} is a better drawing of ${kind} than most.`,
	),
];

/** The observer, about everything. */
export const AT_LARGE: readonly Line<Knowledge>[] = [
	({ company, heads }) =>
		heads > 1
			? `Present: ${company}. Absent: everybody else, and it shows.`
			: "I have the place to myself. I shall remark on it quietly.",
	({ oldest }) =>
		oldest?.plant &&
		`${oldest.plant.name} is the oldest here, and the only one who never brings it up.`,
	({ newest }) =>
		newest?.plant &&
		`${newest.plant.name} is new. You can tell, since it has not learned to ignore us.`,
	({ plants }) =>
		`I counted ${counted(plants, "plant")}, then counted again to be with them longer.`,
	({ lanterns }) =>
		lanterns > 0
			? `${capitalized(counted(lanterns, "lantern"))}, and as many small moons of light on the stone.`
			: undefined,
	({ commonest }) =>
		commonest && commonest.count > 1
			? `${capitalized(counted(commonest.count, commonest.species))}. One would be an accident, more is a taste.`
			: undefined,
	({ guests }) =>
		guests[0] &&
		`${guests[0]} has come to see us. Or we have come to be seen by ${guests[0]}.`,
	({ guests }) =>
		guests.length > 1
			? `${capitalized(counted(guests.length, "guest"))} tonight. The fireflies are nervous.`
			: undefined,
	({ foreign }) =>
		foreign.length > 0
			? `${capitalized(counted(foreign.length, "thing"))} here ${foreign.length === 1 ? "was" : "were"} not made by Timmy. He pretends not to have noticed.`
			: undefined,
	({ visitor }) =>
		visitor &&
		`“${visitor.text}”, said a visitor ${visitor.ago} ago. The meadow is still thinking.`,
	({ visitor }) =>
		visitor &&
		`It is ${visitor.ago} since a visitor spoke. I did not count; I just know.`,
	() => "Somebody should count the fireflies. Not me: I would get attached.",
	() => "The hills have not moved. I check, since everything else here does.",
	() =>
		"Perplexity asks, Timmy plants, I look. It is a fair division of labour.",
	() => "Every evening this sunset forgets to end. I find that tactful.",
	() => "You there, behind the glass: you may say something. We are all ears.",
	({ plants }) =>
		`If each of the ${numberWord(plants)} plants said one word, it would be a short speech and a good one.`,
];
