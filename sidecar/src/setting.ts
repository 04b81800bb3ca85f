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

/** The environment variable of a setting. */
export function variableOf({ flag }: Setting): string {
	return `${VARIABLE_PREFIX}${flag.replaceAll("-", "_").toUpperCase()}`;
}

/** What the name of each of our environment variables begins with. */
export const VARIABLE_PREFIX = "MATRIX_GATEWAY_";
