import { toTypeName } from "../../vite-plugin-matrix-gateway/src/messages/json-schema.ts";
import {
	choicesOf,
	type Definitions,
	type Field,
	fieldsOf,
	referenceOf,
	type Shape,
} from "./shape.ts";

const HEAD = `"""The documented messages of the Matrix as TypedDicts. Written by \`npm run messages\`.

They are promises of those who send, not checks: the gateway routes what it is given, so look at a
field before you trust it. A message may have more fields than are named here.
"""

from typing import Any, Literal, NotRequired, TypedDict
`;

const KEYWORDS = ["from"];

/** The messages as TypedDicts, and a union of those that are named in \`world\`. */
export function toPython(
	definitions: Definitions,
	world: readonly string[],
): string {
	const nested: string[] = [];
	const types = Object.entries(definitions).map(([name, shape]) =>
		toTypedDict(toTypeName(name), shape, nested),
	);
	const union = world.map(toTypeName).join("\n    | ");
	const names = [...Object.keys(definitions).map(toTypeName), "WorldMessage"];
	const listed = names.sort().map((name) => `    "${name}",\n`);
	return [
		HEAD,
		`__all__ = [\n${listed.join("")}]\n`,
		...[...nested, ...types].map((text) => `\n${text}`),
		`\nWorldMessage = (\n    ${union}\n)\n"""Any message that agents and pages send to each other."""\n`,
	].join("\n");
}

/** Those of its own fields that are objects come before it, under names of their own. */
function toTypedDict(name: string, shape: Shape, nested: string[]): string {
	const fields = fieldsOf(shape);
	const types = fields.map((field) => ({
		...field,
		annotation: annotate(field, name, nested),
	}));
	return fields.some((field) => KEYWORDS.includes(field.name))
		? toFunctional(name, types, shape)
		: toClass(name, types, shape);
}

interface TypedField extends Field {
	readonly annotation: string;
}

function toClass(
	name: string,
	fields: readonly TypedField[],
	{ description }: Shape,
): string {
	const lines = fields.flatMap(({ name, annotation, shape }) => [
		`    ${name}: ${annotation}`,
		...(shape.description ? [`    ${docstring(shape.description)}`] : []),
	]);
	const said = description ? [`    ${docstring(description)}\n`] : [];
	return `class ${name}(TypedDict):\n${[...said, ...lines].join("\n")}\n`;
}

/** A key that is a keyword of the language takes the other form. */
function toFunctional(
	name: string,
	fields: readonly TypedField[],
	{ description }: Shape,
): string {
	const lines = fields.flatMap(({ name, annotation, shape }) => [
		...(shape.description ? [`        # ${shape.description}.`] : []),
		`        "${name}": ${annotation},`,
	]);
	const body = `${name} = TypedDict(\n    "${name}",\n    {\n${lines.join("\n")}\n    },\n)\n`;
	return description ? `${body}${docstring(description)}\n` : body;
}

function docstring(text: string): string {
	return text.includes('"') ? `'''${text}.'''` : `"""${text}."""`;
}

function annotate(field: Field, owner: string, nested: string[]): string {
	const type = toType(field.shape, `${owner}${toTypeName(field.name)}`, nested);
	return field.isRequired ? type : `NotRequired[${type}]`;
}

function toType(shape: Shape, name: string, nested: string[]): string {
	const reference = referenceOf(shape);
	if (reference !== undefined) return toTypeName(reference);
	if (shape.const !== undefined) return `Literal["${shape.const}"]`;
	if (shape.enum)
		return `Literal[${shape.enum.map((value) => `"${value}"`).join(", ")}]`;
	const choices = choicesOf(shape);
	if (choices.length > 0)
		return choices.map((choice) => toType(choice, name, nested)).join(" | ");
	if (shape.type === "array")
		return `list[${toType(shape.items ?? {}, name, nested)}]`;
	if (shape.type === "object") return toNested(shape, name, nested);
	return SIMPLE[shape.type ?? ""] ?? "Any";
}

// Of what has a type alone nothing else is known.
function toNested(shape: Shape, name: string, nested: string[]): string {
	const [first, ...others] = fieldsOf(shape);
	if (others.length === 0 && first?.shape.const === undefined)
		return "dict[str, Any]";
	nested.push(toTypedDict(name, shape, nested));
	return name;
}

const SIMPLE: Readonly<Record<string, string>> = {
	string: "str",
	number: "float",
	integer: "int",
	boolean: "bool",
	null: "None",
};
