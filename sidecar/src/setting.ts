/** What each setting has. */
import type { Kind } from "./kinds/kind.ts";

/** One thing that an operator may choose. */
export interface Setting<Value = unknown> {
	/** Without the dashes; the environment variable is named after it. */
	readonly flag: string;
	readonly kind: Kind<Value>;
	readonly default?: Value;
	/** What the help says of a default that depends on something. */
	readonly defaultText?: string;
	/** May be given several times; in the environment separated by commas. */
	readonly repeatable?: true;
	/** False: it has no environment variable, being about one call alone. */
	readonly variable?: false;
	/** Never shown, not even when it is wrong. */
	readonly secret?: true;
	readonly help: string;
	/** The heading of the part of the help that begins with it. */
	readonly part?: string;
}

/** What was chosen of a table. A setting that has no default is absent until it is given. */
export type SettingsOf<Table extends Readonly<Record<string, Setting>>> = {
	readonly [Name in WithDefault<Table>]: ValueOf<Table[Name]>;
} & {
	readonly [Name in Exclude<keyof Table, WithDefault<Table>>]?: ValueOf<
		Table[Name]
	>;
};

type WithDefault<Table> = {
	[Name in keyof Table]: Table[Name] extends { readonly default: unknown }
		? Name
		: never;
}[keyof Table];

type ValueOf<Of> = Of extends {
	readonly repeatable: true;
	readonly kind: Kind<infer Value>;
}
	? readonly Value[]
	: Of extends { readonly kind: Kind<infer Value> }
		? Value
		: never;

/** The environment variable of a setting. */
export function variableOf({ flag }: Setting): string {
	return `${VARIABLE_PREFIX}${flag.replaceAll("-", "_").toUpperCase()}`;
}

/** What the name of each of our environment variables begins with. */
export const VARIABLE_PREFIX = "MATRIX_GATEWAY_";
