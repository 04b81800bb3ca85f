/** Every setting in one table: the command line, the environment, the help and the README follow it. */
import type { Kind } from "./kinds/kind.ts";
import type { Setting } from "./setting.ts";
import { ACCESS } from "./settings/access.ts";
import { LIMITS } from "./settings/limits.ts";
import { LLMS } from "./settings/llms.ts";
import { PROXY } from "./settings/proxy.ts";
import { RESTART } from "./settings/restart.ts";
import { RUN } from "./settings/run.ts";
import { SPEED } from "./settings/speed.ts";
import { WATCH } from "./settings/watch.ts";

/**
 * In the order in which an operator meets them. The names are those of the options of `createGateway` and `attach`,
 * where there is one.
 */
export const SETTINGS = {
	...RUN,
	...LLMS,
	...ACCESS,
	...PROXY,
	...LIMITS,
	...WATCH,
	...RESTART,
	...SPEED,
} as const satisfies Record<string, Setting>;

/** What was chosen. A setting that has no default is absent until it is given. */
export type Settings = {
	readonly [Name in WithDefault]: ValueOf<Name>;
} & {
	readonly [Name in Exclude<keyof Table, WithDefault>]?: ValueOf<Name>;
};

type Table = typeof SETTINGS;

type WithDefault = {
	[Name in keyof Table]: Table[Name] extends { readonly default: unknown }
		? Name
		: never;
}[keyof Table];

type ValueOf<Name extends keyof Table> = Table[Name] extends {
	readonly repeatable: true;
	readonly kind: Kind<infer Value>;
}
	? readonly Value[]
	: Table[Name] extends { readonly kind: Kind<infer Value> }
		? Value
		: never;
