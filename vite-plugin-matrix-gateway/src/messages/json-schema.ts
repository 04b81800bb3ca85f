/** The messages as JSON Schema (2020-12). No page needs it: nothing that `index.ts` imports does. */
import {
	type ConversionConfig,
	type JsonSchema,
	toJsonSchema,
	toJsonSchemaDefs,
} from "@valibot/to-json-schema";
import type * as v from "valibot";
import { agentInfo, axes, interest, position } from "./values.ts";

type Schemas = Readonly<
	Record<string, v.GenericSchema<Record<string, unknown>>>
>;

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

const CONFIG: ConversionConfig = {
	target: "draft-2020-12",
	// JSON has neither NaN nor Infinity: a schema need not say so.
	ignoreActions: ["finite"],
};

/** Each message as a schema of its own, by its type. */
export function toMessageSchemas(
	messages: Schemas,
): Readonly<Record<string, JsonSchema>> {
	return Object.fromEntries(
		Object.entries(messages).map(([type, schema]) => {
			const { $schema: _, ...converted } = toJsonSchema(schema, CONFIG);
			return [
				type,
				{ $schema: DIALECT, title: toTypeName(type), ...converted },
			];
		}),
	);
}

/** Each message by its type, and what several of them hold by a name that begins with a capital. */
export function toDefinitions(
	messages: Schemas,
): Readonly<Record<string, JsonSchema>> {
	return toJsonSchemaDefs(
		{
			Position: position,
			Axes: axes,
			AgentInfo: agentInfo,
			Interest: interest,
			...messages,
		},
		CONFIG,
	);
}

/**
 * All of them as one schema: a message of a type in `messages` has to be as its definition says, one of
 * another type passes as it is.
 */
export function toCatalogueSchema(messages: Schemas): JsonSchema {
	return {
		$schema: DIALECT,
		type: "object",
		properties: { type: { type: "string", minLength: 1 } },
		required: ["type"],
		allOf: Object.keys(messages).map((type) => ({
			if: { properties: { type: { const: type } }, required: ["type"] },
			// biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
			then: { $ref: `#/$defs/${type}` },
		})),
		$defs: { ...toDefinitions(messages) },
	};
}

/** `agent_move` as `AgentMove`, which is what the type is called where types have names. */
export function toTypeName(type: string): string {
	return type.replace(/(?:^|_)([a-z])/g, (_, letter) => letter.toUpperCase());
}
