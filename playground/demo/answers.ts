/** What a visitor is answered. */
import { calling, type Knowledge } from "./knowledge.ts";
import { type Intent, speciesIn } from "./visitors.ts";
import type { Line } from "./wording.ts";
import { capitalized, counted, quotable, withArticle } from "./words.ts";

export interface Heard extends Knowledge {
	/** What was said, short enough to be repeated. */
	readonly quote: string;
	readonly species: string | undefined;
}

/** Of what a visitor has said so much is repeated. */
const QUOTE = 40;

const stands = ({ plants, trees, lanterns }: Knowledge) => {
	const rest = counted(lanterns, "lantern");
	if (plants === 0) return rest;
	return `${counted(plants, "plant")} (${counted(trees, "tree")} among them) and ${rest}`;
};

export const ANSWERS: Record<Intent, readonly Line<Heard>[]> = {
	plant: [
		({ species }) =>
			`Hello, visitor! ${capitalized(withArticle(species ?? "tree"))}? Gladly. I know just the spot.`,
		({ species }) =>
			`One ${species ?? "plant"} for the visitor. Give me a moment and a spade.`,
		({ species }) =>
			`${capitalized(withArticle(species ?? "tree"))} it is. You have an eye for gaps.`,
	],
	light: [
		() => "Hello, visitor! Let there be light. I am on my way.",
		({ lanterns }) =>
			`More light, gladly. There are ${counted(lanterns, "lantern")}, and always one more idea.`,
	],
	thin: [
		() =>
			"Thinning out? I do that when they crowd. I will see who is ready to go.",
		({ plants }) =>
			`With ${counted(plants, "plant")} I can spare one. Politely, though.`,
	],
	count: [
		(known) => `I make it ${stands(known)}, visitor. Ask again, they change.`,
		(known) =>
			`Right now: ${stands(known)}, with ${counted(known.heads, "agent")} among them.`,
	],
	who: [
		({ company }) => `Here now: ${company}. And you, behind the glass.`,
		({ company }) =>
			`You are looking at ${company}. Timmy gardens, Perplexity asks, Iris watches.`,
	],
	oldest: [
		({ oldest, newest }) =>
			oldest && newest
				? `The oldest is ${calling(oldest)}, the newest ${calling(newest)}.`
				: "Nothing is planted yet, so everything is equally old.",
	],
	what: [
		(known) =>
			`A meadow that everyone sees at once, visitor: ${stands(known)} so far. Ask Timmy for a tree.`,
		({ company }) =>
			`A shared world. ${capitalized(company)} live on messages here; yours has just come in.`,
	],
	question: [
		(known) => `A good question. I only know what I see: ${stands(known)}.`,
		({ company }) =>
			`That is beyond me, visitor. What is here, and who (${company}), I can tell.`,
		() =>
			"I watch more than I know. Ask me how many, who, or which is the oldest.",
	],
	greeting: [
		({ heads }) =>
			`Hello, visitor! ${capitalized(counted(heads, "agent"))} here, and now you. Ask for a tree or a lantern.`,
		() => "Welcome, visitor! You may ask Timmy for a tree. He never says no.",
		({ newest }) =>
			newest &&
			`Good evening, visitor! You are just in time for ${calling(newest)}.`,
	],
	thanks: [
		() => "You are welcome, visitor. The trees will hear of it.",
		({ oldest }) =>
			oldest &&
			`Gladly, visitor. ${capitalized(calling(oldest))} says you are welcome, too.`,
	],
	farewell: [
		() =>
			"Goodbye, visitor! The garden will be here, and so will the questions.",
		({ plants }) =>
			`Good night, visitor! ${capitalized(counted(plants, "plant"))} will wave if there is wind.`,
	],
	other: [
		({ quote }) =>
			quote
				? `“${quote}”: noted, visitor. May I quote you?`
				: "You have said nothing, visitor, and very well.",
		({ quote }) =>
			quote
				? `A visitor says “${quote}”. I have three questions, but you first.`
				: undefined,
		() => "Interesting, visitor! I shall ask Timmy what he thinks of that.",
	],
};

export function heard(text: string, known: Knowledge): Heard {
	return { ...known, quote: quotable(text, QUOTE), species: speciesIn(text) };
}
