/** A JSON Schema, of which is known what `json-schema.ts` writes. */
export interface Shape {
	readonly description?: string;
	readonly type?: string;
	readonly const?: string;
	readonly enum?: readonly string[];
	readonly $ref?: string;
	readonly anyOf?: readonly Shape[];
	readonly oneOf?: readonly Shape[];
	readonly items?: Shape;
	readonly properties?: Readonly<Record<string, Shape>>;
	readonly required?: readonly string[];
}

export type Definitions = Readonly<Record<string, Shape>>;

/** A field of an object. */
export interface Field {
	readonly name: string;
	readonly shape: Shape;
	readonly isRequired: boolean;
}

export function fieldsOf({ properties = {}, required = [] }: Shape): Field[] {
	return Object.entries(properties).map(([name, shape]) => ({
		name,
		shape,
		isRequired: required.includes(name),
	}));
}

/** The kinds of value of which it may be one, where there are several. */
export function choicesOf({ anyOf, oneOf }: Shape): readonly Shape[] {
	return anyOf ?? oneOf ?? [];
}

/** The name of the definition that it refers to. */
export function referenceOf({ $ref }: Shape): string | undefined {
	return $ref?.split("/").at(-1);
}
