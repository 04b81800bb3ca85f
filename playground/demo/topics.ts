/** What the interviewer asks about, and what the gardener answers. */

import { isSmall, ofForeign, ofLantern, ofPlant } from "./sights.ts";
import { capitalized } from "./words.ts";
import { OF_THE_WORLD, type Topic } from "./world-topics.ts";

/** About the thing that was looked at. */
export const OF_THINGS: readonly Topic[] = [
	{
		name: "name",
		question: ofPlant(({ it, own }) => `Why is ${it} called ${own}?`),
		answer: ofPlant(
			({ own, kind }) =>
				`I asked ${kind} for its name, and it did not object to ${own}.`,
		),
		reaction: ofPlant(
			({ own }) => `${own} declined to comment. I wrote that down.`,
		),
	},
	{
		name: "age",
		question: ofPlant(({ it }) => `How long has ${it} been with you?`),
		answer: ofPlant(
			({ age, own }) => `${capitalized(age)}, about. ${own} would say less.`,
		),
		reaction: ofPlant(
			({ age, own }) =>
				`${capitalized(age)}, and not one complaint from ${own}. Remarkable.`,
		),
	},
	{
		name: "size",
		question: ofPlant(({ it }) => `Is ${it} as tall as it is going to be?`),
		answer: ofPlant((sight) =>
			isSmall(sight)
				? `${sight.own} has plans. I bring the water, the rest is ambition.`
				: `Yes. ${sight.own} is done growing up, which is more than I can say.`,
		),
		reaction: ofPlant((sight) =>
			isSmall(sight)
				? `${sight.own} has ambition, he says. Somebody has to.`
				: `So ${sight.own} knows when to stop. My editor would like ${sight.own}.`,
		),
	},
	{
		name: "neighbour",
		question: ofPlant(
			({ it, neighbour }) => `Do ${it} and ${neighbour ?? "the lawn"} get on?`,
		),
		answer: ofPlant(
			({ own, neighbour }) =>
				`${own} and ${neighbour ?? "the lawn"} share the light. They have not quarrelled yet.`,
		),
		reaction: ofPlant(
			({ own }) => `Peace next to ${own}. That is tomorrow's headline.`,
		),
	},
	{
		name: "spot",
		question: ofPlant(({ it }) => `Why does ${it} stand just there?`),
		answer: ofPlant(
			({ own }) =>
				`Because one can still walk past ${own}. A garden is mostly the room between things.`,
		),
		reaction: ofPlant(({ own }) => `I did walk past ${own}. It worked.`),
	},
	{
		name: "future",
		question: ofPlant(({ it }) => `Will ${it} still be here tomorrow?`),
		answer: ofPlant(
			({ own }) =>
				`If there is room. When it gets crowded the oldest makes way, and ${own} knows the rules.`,
		),
		reaction: ofPlant(
			({ own }) => `Then I had better say hello to ${own} today.`,
		),
	},
	{
		name: "restart",
		question: ofPlant(
			({ it }) => `What becomes of ${it} when somebody restarts you?`,
		),
		answer: ofPlant(
			({ own }) =>
				`The gateway remembers ${own} for me. I come back and ask it what I own.`,
		),
		reaction: ofPlant(
			({ own }) => `${own} outlives the gardener. There is a novel in that.`,
		),
	},
	{
		name: "foreign",
		question: ofForeign(({ it }) => `And ${it}: is that yours?`),
		answer: ofForeign(
			({ it, age }) => `No. I have known ${it} for ${age}. I water around it.`,
		),
		reaction: ofForeign(
			({ it }) => `So ${it} is a guest like me. Good to know.`,
		),
	},
	{
		name: "lantern",
		question: ofLantern(({ it }) => `Who looks after ${it}?`),
		answer: ({ it, age }) =>
			`I do. I have kept an eye on ${it} for ${age}, and it on me.`,
		reaction: ({ it }) => `Mutual supervision with ${it}. Very modern.`,
	},
	{
		name: "maker",
		question: ofForeign(
			({ it, age }) =>
				`${capitalized(it)} has stood here for ${age}. Did anybody ask you?`,
		),
		answer: ofForeign(
			({ it }) =>
				`Nobody has to ask. ${capitalized(it)} stands on everyone's meadow.`,
		),
		reaction: ofForeign(
			({ it }) => `Planning permission for ${it}: one message. I am impressed.`,
		),
	},
	{
		name: "taste",
		question: ofForeign(({ it }) => `Honestly, Timmy: do you like ${it}?`),
		answer: ofForeign(
			({ it }) =>
				`I like that somebody cared enough to put up ${it}. Ivy does the rest.`,
		),
		reaction: ofForeign(
			({ it }) => `A diplomat. I shall tell ${it} that you said yes.`,
		),
	},
];

export type { Topic } from "./world-topics.ts";

export const TOPICS: readonly Topic[] = [...OF_THINGS, ...OF_THE_WORLD];
