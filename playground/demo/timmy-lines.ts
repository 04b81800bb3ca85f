/** What Timmy says at his work. */
import type { Knowledge, Sight } from "./knowledge.ts";
import type { PlantSight } from "./sights.ts";
import type { Line } from "./wording.ts";
import { capitalized, counted, numberWord, plural } from "./words.ts";

const of =
	(line: (sight: PlantSight) => string): Line<Sight> =>
	(sight) =>
		line({ ...sight, own: sight.thing.plant?.name ?? sight.it });

const beside =
	(line: (sight: PlantSight & { near: string }) => string): Line<Sight> =>
	(sight) =>
		sight.neighbour &&
		line({
			...sight,
			own: sight.thing.plant?.name ?? sight.it,
			near: sight.neighbour,
		});

export const PLANTED: readonly Line<Sight>[] = [
	beside(
		({ own, kind, near }) =>
			`${capitalized(kind)}, next to ${near}. I call it ${own}.`,
	),
	of(
		({ own, thing }) =>
			`Welcome, ${own}. You are the ${thing.name} now. Take your time.`,
	),
	of(
		({ own, plants }) =>
			`${own} makes ${numberWord(plants)}. The garden is getting somewhere.`,
	),
	beside(
		({ own, near }) =>
			`${own}, meet ${near}. You will be neighbours for a while.`,
	),
	of(
		({ own, kind }) =>
			`There. ${capitalized(kind)} called ${own}, right where it wants to be.`,
	),
	of(({ own }) => `Roots down, leaves up, ${own}. The rest is patience.`),
];

export const WATERED: readonly Line<Sight>[] = [
	of(({ it }) => `A little water for ${it}. And a little more, for company.`),
	of(
		({ own, age }) => `${own} is ${age} old and already taller than my doubts.`,
	),
	of(({ own }) => `Look at ${own}! Grown while I was looking for the can.`),
	beside(
		({ own, near }) => `Drink up, ${own}. ${capitalized(near)} is watching.`,
	),
	of(
		({ own, kind }) =>
			`You would not think ${kind} could be thirsty. You have not met ${own}.`,
	),
	of(({ own }) => `Steady, ${own}. Nobody has ever won a race by growing.`),
	of(({ it }) => `One can for ${it}. It is a quiet job, and I like it.`),
	of(({ own }) => `I tell ${own} everything. ${own} tells the roots.`),
	of(
		({ own, kind }) =>
			`From seed to ${kind.replace(/^an? /, "")}, and ${own} never once asked the way.`,
	),
];

export const THINNED: readonly Line<Sight>[] = [
	of(
		({ it, age }) =>
			`Farewell, ${it}. ${capitalized(age)} in the light, and now the others get some.`,
	),
	of(
		({ own }) =>
			`It was getting tight. ${own} becomes compost, which is a promotion.`,
	),
	beside(({ own, near }) => `I take ${own} out, so that ${near} can breathe.`),
	of(
		({ own, plants }) =>
			`Without ${own} there are ${numberWord(plants)}. A garden needs gaps, as a tune needs rests.`,
	),
];

export const LIT: readonly Line<Knowledge>[] = [
	({ lanterns }) =>
		`${capitalized(counted(lanterns, "lantern"))} lit, so that nobody gets lost.`,
	({ lanterns }) =>
		`Light is a kind of greeting. That was greeting number ${numberWord(lanterns)}.`,
	() => "That corner was too dark for a garden, and just right for a mystery.",
	() => "A new colour for this one. The moths had asked for it.",
	({ heads }) => `Better. Now ${counted(heads, "head")} can find the way home.`,
];

export const MUSINGS: readonly Line<Knowledge>[] = [
	({ oldest }) =>
		oldest?.plant &&
		`${oldest.plant.name} has been here the longest. I ask ${oldest.plant.name} before I change anything.`,
	({ newest }) =>
		newest?.plant &&
		`I keep looking at ${newest.plant.name}. New things are hard not to look at.`,
	({ commonest }) =>
		commonest && commonest.count > 1
			? `${capitalized(counted(commonest.count, commonest.species))}. I should vary a little, or they will form a club.`
			: undefined,
	({ plants }) =>
		plants > 12
			? `${capitalized(numberWord(plants))} plants, and I know every one by name. I checked.`
			: `Only ${counted(plants, "plant")}. There is room for a surprise.`,
	({ guests }) => guests[0] && `${guests[0]} is here. I shall look busy.`,
	({ visitor }) =>
		visitor &&
		`Somebody said “${visitor.text}” ${visitor.ago} ago. I am still turning it over, like soil.`,
	({ foreign }) =>
		foreign[0] &&
		`That ${foreign[0].name} is not mine. It does stand nicely, though.`,
	({ heads }) =>
		`${capitalized(counted(heads, "agent"))}, one meadow, and everyone sees the same leaf fall.`,
	() => "If nobody watches a tree grow, the gateway still tells everyone.",
	() => "One message in, the same bytes out. I wish my watering can did that.",
	() => "A world is a conversation that remembers where things are.",
	() => "It is always evening here. I have never needed a hat.",
	() => "Weeds are plants whose agent has not registered.",
	() =>
		"I once asked a tree for its opinion. I am still waiting, and it is not rude.",
];

export const MISSED: readonly Line<{ gone: number }>[] = [
	({ gone }) =>
		`I turn round, and ${counted(gone, "plant")} less! Well. More room for ideas.`,
	({ gone }) =>
		`Somebody has tidied up: ${counted(gone, "plant")} gone. I know where the seeds are.`,
];

/** To the interviewer's invitation. */
export const INVITED: readonly Line<Knowledge>[] = [
	() => "Gladly. Over here!",
	({ plants }) =>
		`For the press I leave even ${counted(plants, "plant")} alone.`,
	({ newest }) =>
		newest?.plant &&
		`A minute, yes. ${newest.plant.name} can manage without me.`,
	() => "Let me put the can down first.",
	({ oldest }) =>
		oldest?.plant &&
		`Ask away. ${oldest.plant.name} has nothing to hide, and nor have I.`,
	({ commonest }) =>
		commonest && `If it is not about the ${plural(commonest.species)} again.`,
	({ plants, lanterns }) =>
		`Coming. ${capitalized(numberWord(plants + lanterns))} things here can stand still without me.`,
];

/** About what stands no more. */
export const GONE: readonly Line<Knowledge>[] = [
	() => "That one? It has just made way for another.",
	() => "Too late, it is gone. Gardens do not wait for deadlines.",
];

/** To an agent that the demo does not know. */
export const REPLIES: readonly Line<Knowledge & { name: string }>[] = [
	({ name, plants }) =>
		`Good to hear from you, ${name}. I keep ${counted(plants, "plant")} here; do look round.`,
	({ name, newest }) =>
		newest?.plant &&
		`${name}, I have just been busy with ${newest.plant.name}. Ask me for a tree, if you like.`,
	({ name, lanterns }) =>
		`Over here, ${name}, by the ${counted(lanterns, "lantern")}. What shall I plant?`,
];

/** For coins. */
export const THANKS: readonly Line<Knowledge & { name: string }>[] = [
	({ name, newest }) =>
		newest?.plant &&
		`Thank you, ${name}! That buys water for ${newest.plant.name}.`,
	({ name, plants }) =>
		`Thank you, ${name}. Divided by ${numberWord(plants)} plants, it is still a fortune.`,
	({ name, oldest }) =>
		oldest?.plant &&
		`Very kind, ${name}. ${oldest.plant.name} will hear of it.`,
	({ name, lanterns }) =>
		`For me, ${name}? I shall light ${lanterns > 5 ? "nothing more" : "another lantern"} with it, in your name.`,
	({ name, commonest }) =>
		commonest &&
		`Thanks, ${name}! The ${plural(commonest.species)} send their love.`,
	({ name }) => `You spoil me, ${name}. I take it, though.`,
];
