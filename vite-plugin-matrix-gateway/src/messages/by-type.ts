import type {
	InputOf,
	OutputOf,
	SchemaResult,
	StandardSchema,
} from "./standard-schema.ts";

/** Schemas of whole messages, each under its type. */
export type SchemasByType = Readonly<Record<string, StandardSchema>>;

/**
 * One schema out of one for each type, of whatever library: a message is judged by that of its
 * `type`. A message of another type passes as it is, since worlds have types of their own.
 *
 * @example
 * import { byType, schemas } from "vite-plugin-matrix-gateway/messages";
 * import * as v from "valibot";
 *
 * const sky = v.picklist(["clear", "rain"]);
 * const weather = v.looseObject({ type: v.literal("weather"), sky });
 * const schema = byType({ ...schemas, weather });
 */
export function byType<const S extends SchemasByType>(
	schemas: S,
): StandardSchema<
	{ [T in keyof S & string]: InputOf<S[T]> & Typed<T> }[keyof S & string],
	{ [T in keyof S & string]: OutputOf<S[T]> & Typed<T> }[keyof S & string]
> {
	return {
		"~standard": {
			version: 1,
			vendor: "vite-plugin-matrix-gateway",
			validate: (value) => validate(schemas, value),
		},
	};
}

interface Typed<T extends string> {
	readonly type: T;
}

// What comes out is as the schema of the type says, which the compiler cannot know.
// biome-ignore lint/suspicious/noExplicitAny: see above.
type Result = SchemaResult<any>;

function validate(
	schemas: SchemasByType,
	value: unknown,
): Result | Promise<Result> {
	const type = readType(value);
	if (type === undefined) return { issues: [UNTYPED] };
	const schema = Object.hasOwn(schemas, type) ? schemas[type] : undefined;
	return schema ? schema["~standard"].validate(value) : { value };
}

const UNTYPED = {
	message: "A message is an object with a type, which is a text.",
	path: ["type"],
} as const;

function readType(value: unknown): string | undefined {
	const { type } = Object(value);
	return typeof type === "string" && !Array.isArray(value) ? type : undefined;
}
