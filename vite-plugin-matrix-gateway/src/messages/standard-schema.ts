/**
 * Whatever can judge a value: the part of Standard Schema (standardschema.dev) that is needed here.
 * The schemas of Zod, Valibot, ArkType and many others are of this kind.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
	readonly "~standard": {
		readonly version: 1;
		readonly vendor: string;
		/** What the value is, or what is wrong with it. */
		readonly validate: (
			value: unknown,
		) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
		/** For the compiler alone; it is never there. */
		readonly types?:
			| { readonly input: Input; readonly output: Output }
			| undefined;
	};
}

export type SchemaResult<Output> =
	| { readonly value: Output; readonly issues?: undefined }
	| { readonly issues: readonly SchemaIssue[] };

/** One thing that is wrong with a value, and where. */
export interface SchemaIssue {
	readonly message: string;
	/** From the outside in: keys, or objects that hold them. */
	readonly path?:
		| readonly (PropertyKey | { readonly key: PropertyKey })[]
		| undefined;
}

/** What has to go in to be valid. */
export type InputOf<S extends StandardSchema> = NonNullable<
	S["~standard"]["types"]
>["input"];

/** What comes out where it is. */
export type OutputOf<S extends StandardSchema> = NonNullable<
	S["~standard"]["types"]
>["output"];
