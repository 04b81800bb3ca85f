/** How an endpoint is described: the part of OpenAPI 3.1 that is needed here. */

/** A JSON Schema, or a reference to one of the document's. */
export type Schema = Readonly<Record<string, unknown>>;

export interface Parameter {
	readonly name: string;
	readonly in: "query" | "header";
	readonly description: string;
	readonly schema: Schema;
}

export interface Answer {
	readonly description: string;
	/** By content type; absent where there is no body. */
	readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

/** What one method of a path does. */
export interface Operation {
	readonly operationId: string;
	readonly summary: string;
	readonly parameters?: readonly Parameter[];
	/** The schema of its JSON. */
	readonly body?: Schema;
	/** By status. What the guard answers is not among them, nor 405. */
	readonly answers: Readonly<Record<number, Answer>>;
}

export function schemaOf(name: string): Schema {
	return { $ref: `#/components/schemas/${name}` };
}

export function json(description: string, schema: Schema): Answer {
	return { description, content: { "application/json": { schema } } };
}

/** A refusal in the words of every one [HTTP4]. */
export function refusal(description: string): Answer {
	return json(description, schemaOf("Refusal"));
}

/** What is answered to a body that is not taken. */
export const OF_THE_BODY = {
	400: refusal("The body is not what is asked for."),
	408: refusal("The body took too long."),
	413: refusal("The body is too large."),
	415: refusal("The body is no `application/json`."),
};

export const WORLD: Parameter = {
	name: "world",
	in: "query",
	description: "Which world; `default` where it is absent.",
	schema: { type: "string" },
};

/** What is answered where the world cannot be entered. */
export const OF_THE_WORLD = {
	404: refusal("There is no such world."),
	503: refusal("For now it cannot be done, or the token not be judged."),
};
