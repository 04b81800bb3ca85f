/** What the fields of messages are made of. Each says what it means, for JSON Schema and the types. */
import * as v from "valibot";

/** A text. */
export const text = (meaning: string) =>
	v.pipe(v.string(), v.description(meaning));

/** The id of an object, a zone or a world. */
export const id = (meaning: string) =>
	v.pipe(
		v.string(),
		v.minLength(1),
		v.maxLength(128),
		v.description(`${meaning}, 1 to 128 characters`),
	);

/**
 * A number that JSON has: its parser makes Infinity of `1e999`. Bounds stand in the meaning alone,
 * since who shows a message moves a value to its bound and ignores none.
 */
export const number = (meaning: string) =>
	v.pipe(v.number(), v.finite(), v.description(meaning));

/** A whole number from 0 on. */
export const count = (meaning: string) =>
	v.pipe(v.number(), v.integer(), v.minValue(0), v.description(meaning));

export const flag = (meaning: string) =>
	v.pipe(v.boolean(), v.description(meaning));

/** One of the listed words. */
export const word = <const W extends readonly string[]>(
	words: W,
	meaning: string,
) => v.pipe(v.picklist(words), v.description(meaning));

/** A message of a type. Fields that it does not name pass: worlds add their own. */
export function message<
	const T extends string,
	const E extends v.ObjectEntries,
>(type: T, meaning: string, entries: E) {
	return v.pipe(
		v.looseObject({ type: v.literal(type), ...entries }),
		v.description(meaning),
	);
}

/** What a field has that need not be there. Undefined is as absent as it is in JSON. */
export const optional = <
	const S extends v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>,
>(
	schema: S,
) => v.optional(schema);

/** An agent as others see it. */
export const agentInfo = v.looseObject({
	agentId: text("The agent's name"),
	role: text("What it is, such as agent or browser"),
});

const names = (meaning: string) =>
	optional(v.pipe(v.nullable(v.array(v.string())), v.description(meaning)));

/** What a connection is sent of what is routed: what both lists let pass. */
export const interest = v.looseObject({
	types: names("The only types; a * at the end of a text stands for anything"),
	from: names(
		"Only what connections send that have registered one of these names",
	),
});

/** A factor for each axis. */
export const axes = v.looseObject({
	x: number("Along x"),
	y: number("Upwards"),
	z: number("Along z"),
});

export const position = v.pipe(
	v.looseObject({
		x: number("Metres to the right of the first view"),
		y: optional(number("Metres up; without it 0")),
		z: number("Metres towards the first view"),
	}),
	v.description("A point in the world, in metres; y is up"),
);

/** Anything: others judge it. */
const anything = (meaning: string) =>
	v.pipe(v.unknown(), v.description(meaning));

/** The fields that any message may carry beside its own. What is open here the gateway or the reader judges. */
const envelope = {
	target_id: optional(
		v.pipe(
			v.nullable(v.string()),
			v.description("The agent that it is for; without it, everyone"),
		),
	),
	receipt: optional(
		v.pipe(
			v.nullable(v.string()),
			v.description(
				"With a target_id: what the gateway's receipt names as its id",
			),
		),
	),
	reply_to: optional(
		anything("What the answer has to name as its in_reply_to"),
	),
	in_reply_to: optional(
		anything("The reply_to of the message that this answers"),
	),
	retain: optional(
		anything(
			'What the gateway keeps of it for those who come later, such as {"key": "scene/oak"}',
		),
	),
};

/** The fields of whatever an agent says; both spellings of its name are read. */
const sender = {
	agentId: optional(text("The agent that says it, and that it is about")),
	agent_id: optional(text("The same, in another spelling")),
};

/** What agents and pages say to each other. */
export const worldMessage = <
	const T extends string,
	const E extends v.ObjectEntries,
>(
	type: T,
	meaning: string,
	entries: E,
) => message(type, meaning, { ...sender, ...entries, ...envelope });
