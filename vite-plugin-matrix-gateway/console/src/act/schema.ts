/** What a message of a type may hold, as its JSON Schema says. */

export interface Schema {
	readonly type?: string;
	readonly const?: unknown;
	readonly enum?: readonly unknown[];
	readonly anyOf?: readonly Schema[];
	readonly description?: string;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly required?: readonly string[];
	readonly minLength?: number;
	readonly maxLength?: number;
}

/** How a field is asked for. */
export type Field =
	| { readonly kind: "text" | "number" | "json" }
	| { readonly kind: "switch" }
	| { readonly kind: "choice"; readonly choices: readonly string[] }
	| { readonly kind: "group"; readonly schema: Schema };

export function fieldOf(schema: Schema): Field {
	const choices = schema.enum?.filter((one) => typeof one === "string");
	if (choices && choices.length === schema.enum?.length)
		return { kind: "choice", choices };
	// Null says what absence says.
	const [only, other] =
		schema.anyOf?.filter(({ type }) => type !== "null") ?? [];
	if (only && !other) return fieldOf(only);
	switch (schema.type) {
		case "string":
			return { kind: "text" };
		case "number":
		case "integer":
			return { kind: "number" };
		case "boolean":
			return { kind: "switch" };
		case "object":
			return schema.properties ? { kind: "group", schema } : { kind: "json" };
		default:
			return { kind: "json" };
	}
}

/** What was filled in, by the name of its field; of a group by those of its fields, with dots. */
export type Filled = Readonly<Record<string, string>>;

/** The message, or what is wrong with it. */
export function toMessage(
	type: string,
	schema: Schema,
	filled: Filled,
): { readonly message: object } | { readonly problem: string } {
	try {
		return { message: { type, ...valuesOf(schema, filled, "") } };
	} catch (error) {
		return { problem: (error as Error).message };
	}
}

/** The fields of the gateway and of all messages come last. */
const COMMON = [
	...["target_id", "receipt", "reply_to", "in_reply_to", "retain"],
	"agent_id",
];

export function namesOf({ properties = {} }: Schema): {
	own: string[];
	common: string[];
} {
	const names = Object.keys(properties).filter((name) => name !== "type");
	return {
		own: names.filter((name) => !COMMON.includes(name)),
		common: COMMON.filter((name) => names.includes(name)),
	};
}

function valuesOf(schema: Schema, filled: Filled, prefix: string) {
	const { properties = {}, required = [] } = schema;
	const entries = Object.entries(properties)
		.filter(([name]) => prefix !== "" || name !== "type")
		.map(([name, field]) => {
			const path = prefix + name;
			const value = filledValueOf(path, field, filled);
			if (
				value === undefined &&
				required.includes(name) &&
				isWanted(prefix, filled)
			)
				throw new Error(`${path} is missing`);
			return [name, value] as const;
		})
		.filter(([, value]) => value !== undefined);
	return Object.fromEntries(entries);
}

/** Fields of a group that nobody has begun to fill in are not missing. */
function isWanted(prefix: string, filled: Filled): boolean {
	return (
		prefix === "" ||
		Object.entries(filled).some(
			([name, text]) => name.startsWith(prefix) && text !== "",
		)
	);
}

function filledValueOf(path: string, schema: Schema, filled: Filled): unknown {
	const field = fieldOf(schema);
	if (field.kind === "group") {
		const values = valuesOf(field.schema, filled, `${path}.`);
		return Object.keys(values).length > 0 ? values : undefined;
	}
	const text = filled[path] ?? "";
	if (text === "") return undefined;
	if (field.kind === "switch") return text === "true";
	if (field.kind === "number") return numberOf(path, text);
	return field.kind === "json" ? jsonOf(path, text) : text;
}

function numberOf(path: string, text: string): number {
	const value = Number(text);
	if (!Number.isFinite(value)) throw new Error(`${path} is no number`);
	return value;
}

/** What is no JSON is a text: most fields of which nothing is said are. */
function jsonOf(path: string, text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		if (/^\s*[[{"]/.test(text)) throw new Error(`${path} is no JSON`);
		return text;
	}
}
