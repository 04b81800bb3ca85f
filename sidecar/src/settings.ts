/** Every setting in one table: the command line, the environment, the help and the README follow it. */
import type { Setting, SettingsOf } from "./setting.ts";
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

/** What was chosen. */
export type Settings = SettingsOf<typeof SETTINGS>;
