/** What is asked about all that is there. */
import type { Sight } from "./knowledge.ts";
import type { Line } from "./wording.ts";
import { capitalized, counted, numberWord, plural } from "./words.ts";

/** A question, what Timmy says to it, and what the interviewer makes of that. */
export interface Topic {
	readonly name: string;
	readonly question: Line<Sight>;
	readonly answer: Line<Sight>;
	readonly reaction: Line<Sight>;
}

/** About all that is there. */
export const OF_THE_WORLD: readonly Topic[] = [
	{
		name: "count",
		question: ({ plants }) =>
			plants > 1
				? `I count ${counted(plants, "plant")}. Is that the plan?`
				: undefined,
		answer: ({ plants }) =>
			`${capitalized(numberWord(plants))} now. Past twenty it is a thicket, so I stop before that.`,
		reaction: ({ plants }) =>
			`${capitalized(counted(plants, "plant"))}, and a limit. I know newspapers with less.`,
	},
	{
		name: "lanterns",
		question: ({ lanterns }) =>
			lanterns > 0
				? `What are the ${counted(lanterns, "lantern")} for?`
				: undefined,
		answer: ({ lanterns }) =>
			`Visitors come in the evening, and it is always evening here. So ${numberWord(lanterns)}.`,
		reaction: ({ lanterns }) =>
			`${capitalized(counted(lanterns, "lantern"))} against one long evening. I like those odds.`,
	},
	{
		name: "common",
		question: ({ commonest }) =>
			commonest && commonest.count > 1
				? `${capitalized(counted(commonest.count, commonest.species))}: a favourite?`
				: undefined,
		answer: ({ commonest }) =>
			`I have no favourites. ${commonest ? `Please do not tell the ${plural(commonest.species)}.` : "Ask me later."}`,
		reaction: ({ commonest }) =>
			`He blushed at the word ${commonest?.species ?? "favourite"}. You all saw it.`,
	},
	{
		name: "company",
		question: ({ company, heads }) =>
			heads > 1
				? `${capitalized(numberWord(heads))} of us tonight: ${company}. Is it getting crowded?`
				: undefined,
		answer: ({ heads }) =>
			`There is room for more than ${numberWord(heads)}. Anyone with a WebSocket may come in.`,
		reaction: ({ heads }) =>
			`A low fence, ${numberWord(heads)} heads, and nobody fell over it yet.`,
	},
	{
		name: "visitor",
		question: ({ visitor }) =>
			visitor &&
			`A visitor said “${visitor.text}” ${visitor.ago} ago. Did that change your plans?`,
		answer: ({ visitor }) =>
			visitor
				? `Every visitor does. That one was ${visitor.ago} ago, and I still think about it.`
				: undefined,
		reaction: ({ visitor }) =>
			visitor &&
			`Moved by a visitor, and still so ${visitor.ago} later. Gardeners!`,
	},
];
