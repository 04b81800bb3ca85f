/** What Timmy says when he sets to work. */
export const BEGUN = [
	"Back to work. I know just the spot.",
	"Something is missing over there.",
	"Now, where did I leave my spade?",
	"This evening calls for one more thing.",
];

/** What Timmy says when he has planted something. */
export const PLANTED = [
	"There. A {name}, right where it wants to be.",
	"Grow well, little {name}.",
	"One more {name}. The garden is getting somewhere!",
];

/** What Timmy says when a tree has grown. */
export const TENDED = [
	"Look how tall the {name} is now!",
	"A little water, and the {name} does the rest.",
];

/** What Timmy says by a lantern. */
export const LIT = [
	"A lantern, so that nobody gets lost.",
	"That corner was too dark.",
	"Light is a kind of greeting.",
];

/** What Timmy says to himself. */
export const MUSINGS = [
	"If nobody watches a tree grow, the gateway still tells everyone.",
	"One message in, the same bytes out. I like that.",
	"I wonder who is looking at us right now.",
	"A world is a conversation that remembers where things are.",
];

/** What Perplexity asks, and what Timmy answers. */
export const INTERVIEW = [
	{
		question: "Timmy, what are you building here?",
		answer: "A garden that everyone sees at the same time.",
		reaction: "At the same time! I will quote that.",
	},
	{
		question: "Who else can come in?",
		answer: "Anyone with a WebSocket. Python, Node, a browser on a sofa.",
		reaction: "That is a low fence. I like low fences.",
	},
	{
		question: "Do you hear what I whisper to you alone?",
		answer: "Every word, and nobody else does. It is addressed to me.",
		reaction: "Then this one stays between us.",
	},
	{
		question: "What happens when you lose your connection?",
		answer: "I wait a moment, come back, and go on planting.",
		reaction: "Patience. Noted!",
	},
	{
		question: "What is the hardest part of gardening?",
		answer: "Not planting everything at once.",
		reaction: "My editor says the same of questions.",
	},
	{
		question: "Why so many lanterns?",
		answer: "Visitors come in the evening. It is always evening here.",
		reaction: "A good reason. And a pretty one.",
	},
];

/** What Perplexity says as it looks around. */
export const OBSERVATIONS = [
	"Note to self: the trees have moved up a size.",
	"The light here is excellent for interviews.",
	"Who counts the fireflies? Somebody should.",
	"I have three new questions already.",
];

/** What Perplexity says when Timmy does not answer. */
export const UNANSWERED = "He is busy. I will ask again in a moment.";

/** Timmy's answer; to what he was never asked before, a welcome. */
export function answerTo(question: unknown): string {
	const line = INTERVIEW.find((line) => line.question === question);
	return line?.answer ?? "Gladly. Over here!";
}

/** What Timmy says to a visitor. */
export function greetingFor(text: string): string {
	if (/tree|plant|garden/i.test(text)) return "Hello, visitor! A tree? Gladly.";
	if (/light|lantern|dark/i.test(text))
		return "Hello, visitor! Let there be light.";
	return "Hello, visitor! Ask me for a tree or a lantern.";
}

/** A line that comes up in its turn. */
export function pick<T>(lines: readonly T[], turn: number): T {
	return lines[turn % lines.length] as T;
}
