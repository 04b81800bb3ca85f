/** The files of JSON Schema, read as somebody in another language would. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

const FOLDER = join(import.meta.dirname, "../../schemas");

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });

/** What judges messages of each type, and under `matrix-message` those of any. */
export const JSON_SCHEMAS: ReadonlyMap<string, ValidateFunction> = new Map(
	readdirSync(FOLDER).map((file) => [
		file.replace(/\.json$/, ""),
		ajv.compile(JSON.parse(readFileSync(join(FOLDER, file), "utf8"))),
	]),
);

/** What is wrong with a message in the eyes of its type's file, and of that of all. */
export function faultsOf(message: { readonly type: string }): string[] {
	return [message.type, "matrix-message"].flatMap((name) => {
		const validate = JSON_SCHEMAS.get(name);
		if (!validate || validate(message)) return [];
		return [`${name}.json: ${ajv.errorsText(validate.errors)}`];
	});
}
