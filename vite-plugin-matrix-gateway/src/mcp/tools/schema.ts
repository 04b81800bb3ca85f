/** The tools' inputs, as JSON Schema. */
import {
	fromJsonSchema,
	type JsonSchemaType,
} from "@modelcontextprotocol/server";
import { MIN_CHARACTERS } from "../options.ts";

/** An object with those properties, and no others. */
export function input<Input>(
	properties: Readonly<Record<string, JsonSchemaType>>,
	required: readonly string[] = [],
) {
	return fromJsonSchema<Input>({
		type: "object",
		properties,
		required: [...required],
		additionalProperties: false,
	});
}

export const NAME: JsonSchemaType = {
	type: "string",
	minLength: 1,
	maxLength: 128,
};

/** What is said: the gateway's own limit is on bytes. */
export const TEXT: JsonSchemaType = {
	type: "string",
	minLength: 1,
	maxLength: 10_000,
};

export const MAX_CHARACTERS: JsonSchemaType = {
	type: "integer",
	minimum: MIN_CHARACTERS,
	description: "Answer with less than the server's own limit of characters.",
};
