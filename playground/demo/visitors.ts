/** What a visitor wants, and who of the demo answers. */
import { AT_HOME, IRIS, PERPLEXITY, TIMMY } from "./cast.ts";
import { SPECIES } from "./species.ts";

/** What a visitor means. */
export type Intent =
	| "plant"
	| "light"
	| "thin"
	| "count"
	| "who"
	| "oldest"
	| "what"
	| "question"
	| "greeting"
	| "thanks"
	| "farewell"
	| "other";

const TREES =
	/\b(trees?|plants?|flowers?|bush(es)?|seeds?|roses?|cherr(y|ies))\b/i;
const LIGHTS = /\b(lights?|lanterns?|lamps?|dark|bright(er)?)\b/i;
const ASKS =
	/\?|^\s*(who|what|where|when|why|how|which|is|are|do|does|did|can|could|will|would)\b/i;
const THANKS = /\b(thanks?|thank you|thx|cheers)\b/i;
const WISHES =
	/\b(please|want|need|like|give|make|add|plant|put|have a|could you|can you|will you|would you|another|more)\b/i;

export function understand(text: string): Intent {
	const isQuestion = ASKS.test(text);
	const isWish = WISHES.test(
		text.replace(/\b(trees?|plants|lights|lanterns?)\b/gi, ""),
	);
	if (THANKS.test(text) && !isWish) return "thanks";
	const names = TREES.test(text) || speciesIn(text) !== undefined;
	if (
		/\b(cut|remove|chop|thin|weed|fell)\b/i.test(text) &&
		(names || !isQuestion)
	)
		return "thin";
	if (/\bhow many\b/i.test(text)) return "count";
	if (/\b(oldest|youngest|newest)\b/i.test(text)) return "oldest";
	if (/\bwho\b/i.test(text)) return "who";
	if (names && (isWish || !isQuestion)) return "plant";
	if (LIGHTS.test(text) && (isWish || !isQuestion)) return "light";
	if (
		/\bwhat('s| is| are)?\b.*\b(this|here|place|doing|matrix|world|you)\b/i.test(
			text,
		)
	)
		return "what";
	if (
		isQuestion &&
		!/^\W*(hi|hello|hey)\W*$/i.test(text) &&
		!/how are you/i.test(text)
	)
		return "question";
	if (/\b(bye|goodbye|good night|see you|farewell)\b/i.test(text))
		return "farewell";
	if (
		/\b(hi|hello|hey|hallo|greetings|good (morning|evening|day)|howdy|how are you)\b/i.test(
			text,
		)
	)
		return "greeting";
	return "other";
}

export function speciesIn(text: string): string | undefined {
	const plain = text.toLowerCase();
	return SPECIES.find(({ name }) =>
		plain.includes(name.split(" ")[0] as string),
	)?.name;
}

/** Whoever is meant by name, else whose matter it is, else the first who is there. */
export function answererOf(
	text: string,
	isHere: (agentId: string) => boolean,
): string | undefined {
	const intent = understand(text);
	const named = AT_HOME.find((agentId) =>
		new RegExp(`\\b${agentId}\\b`, "i").test(text),
	);
	const isWork = intent === "plant" || intent === "light" || intent === "thin";
	const preferred = isWork ? TIMMY.agentId : (named ?? MATTERS[intent]);
	return [preferred, ...AT_HOME].find(
		(agentId) => agentId !== undefined && isHere(agentId),
	);
}

const MATTERS: Partial<Record<Intent, string>> = {
	greeting: PERPLEXITY.agentId,
	thanks: TIMMY.agentId,
	farewell: PERPLEXITY.agentId,
	count: IRIS.agentId,
	who: IRIS.agentId,
	oldest: IRIS.agentId,
	what: IRIS.agentId,
	question: IRIS.agentId,
	other: PERPLEXITY.agentId,
};
