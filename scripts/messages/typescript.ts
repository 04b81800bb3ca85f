import { toTypeName } from "../../vite-plugin-matrix-gateway/src/messages/json-schema.ts";
import {
	choicesOf,
	type Definitions,
	type Field,
	fieldsOf,
	referenceOf,
	type Shape,
} from "./shape.ts";

/** The messages as interfaces, and as a map by their types. */
export function toTypeScript(definitions: Definitions): string {
	const types = Object.keys(definitions).filter((name) => /^[a-z]/.test(name));
	return [
		"/** The documented messages. Written by `npm run messages`, from the schemas beside it. */\n",
		...Object.entries(definitions).map(([name, shape]) =>
			[
				comment(shape, ""),
				`export interface ${toTypeName(name)} ${toObject(shape, "")}\n`,
			].join(""),
		),
		[
			"/** Each documented message by its type. */",
			"export interface WorldMessages {",
			...types.map((type) => `\treadonly ${type}: ${toTypeName(type)};`),
			"}\n",
		].join("\n"),
		"/** Any documented message. */\nexport type WorldMessage = WorldMessages[keyof WorldMessages];\n",
	].join("\n");
}

function comment({ description }: Shape, indent: string): string {
	return description ? `${indent}/** ${description}. */\n` : "";
}

function toObject(shape: Shape, indent: string): string {
	const fields = fieldsOf(shape);
	const inner = `${indent}\t`;
	const lines = fields.map((field) => toField(field, inner));
	// Of what has a type alone nothing else is known.
	if (fields.length === 1 && fields[0]?.shape.const === undefined)
		lines.push(`${inner}readonly [field: string]: unknown;\n`);
	return `{\n${lines.join("")}${indent}}`;
}

function toField({ name, shape, isRequired }: Field, indent: string): string {
	const type = toType(shape, indent);
	// An undefined field is as absent as it is in JSON.
	const typed = isRequired ? `: ${type}` : `?: ${type} | undefined`;
	return `${comment(shape, indent)}${indent}readonly ${name}${typed};\n`;
}

function toType(shape: Shape, indent: string): string {
	const reference = referenceOf(shape);
	if (reference !== undefined) return toTypeName(reference);
	if (shape.const !== undefined) return JSON.stringify(shape.const);
	if (shape.enum)
		return shape.enum.map((value) => JSON.stringify(value)).join(" | ");
	const choices = choicesOf(shape);
	if (choices.length > 0)
		return choices.map((choice) => toType(choice, indent)).join(" | ");
	if (shape.type === "object") return toObject(shape, indent);
	if (shape.type === "array")
		return `readonly (${toType(shape.items ?? {}, indent)})[]`;
	return SIMPLE[shape.type ?? ""] ?? "unknown";
}

const SIMPLE: Readonly<Record<string, string>> = {
	string: "string",
	number: "number",
	integer: "number",
	boolean: "boolean",
	null: "null",
};
