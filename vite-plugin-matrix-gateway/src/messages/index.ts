/**
 * The documented messages of the Matrix as types and validators, for browsers and Node:
 * `vite-plugin-matrix-gateway/messages`. As JSON Schema, for other languages, they are the files
 * `vite-plugin-matrix-gateway/schemas/*.json`.
 *
 * What a validator lets pass has the fields that it names, each of its kind. Other fields pass as
 * they are, and so do numbers beyond their bounds and long texts, which who shows them clips.
 *
 * @packageDocumentation
 */
import { byType } from "./by-type.ts";
import { WORLD } from "./catalogue.ts";
import type { StandardSchema } from "./standard-schema.ts";
import type { WorldMessage, WorldMessages } from "./types.ts";

export { byType, type SchemasByType } from "./by-type.ts";
export type {
	InputOf,
	OutputOf,
	SchemaIssue,
	SchemaResult,
	StandardSchema,
} from "./standard-schema.ts";
export type * from "./types.ts";

/**
 * A validator for each documented type, in the form of Standard Schema.
 *
 * @example
 * import { schemas } from "vite-plugin-matrix-gateway/messages";
 *
 * const result = schemas.bark["~standard"].validate({ type: "bark", text: 7 });
 */
export const schemas: {
	readonly [T in keyof WorldMessages]: StandardSchema<WorldMessages[T]>;
} = WORLD;

/**
 * A validator for any message: one of a documented type has to be as that says, one of another type
 * passes as it is.
 *
 * @example
 * import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
 * import { matrixMessage } from "vite-plugin-matrix-gateway/messages";
 *
 * const client = createMatrixClient({ url, schema: matrixMessage });
 */
export const matrixMessage: StandardSchema<WorldMessage> = byType(schemas);
