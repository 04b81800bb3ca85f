import { checkAmount } from "../core/protocol/options.ts";
import { DEFAULTS } from "../core/protocol/protocol.ts";
import {
	DEFAULT_WORLD,
	isWorldName,
	WORLD_FORM,
} from "../core/protocol/world-name.ts";

/** Which worlds there are [WLD]. */
export interface WorldsOptions {
	/**
	 * Names of the worlds that there are besides `default`, which is always there: each is a hub of
	 * its own, at the gateway's path with a slash and its name, and has all limits for itself. `"*"`
	 * makes each at its first use [WLD2, WLD3].
	 * @default []
	 */
	readonly worlds?: readonly string[] | "*";
	/**
	 * Under `"*"`, how many worlds that were made at their first use there may be at once; who asks
	 * for one more is refused with 503 [WLD3].
	 * @default 100
	 */
	readonly maxWorlds?: number;
	/**
	 * Under `"*"`, for how many milliseconds such a world is kept in which nobody is: no connection,
	 * and no agent that waits for its client. What it has retained goes with it, but for what is in
	 * a folder, which is there again at its next use [WLD3].
	 * @default 600_000
	 */
	readonly worldIdle?: number;
}

/** The options with nothing left open. */
export interface ResolvedWorlds {
	/** Those that are there from the start. */
	readonly fixed: ReadonlySet<string>;
	/** Whether all others are made at their first use. */
	readonly isOpen: boolean;
	readonly maxWorlds: number;
	readonly worldIdle: number;
}

/**
 * Fills in the defaults.
 * @throws TypeError that shows what is no name of a world.
 * @throws RangeError that names the option which is out of range.
 */
export function resolveWorlds({
	worlds = [],
	maxWorlds = DEFAULTS.maxWorlds,
	worldIdle = DEFAULTS.worldIdle,
}: WorldsOptions): ResolvedWorlds {
	return {
		fixed: new Set([DEFAULT_WORLD, ...(worlds === "*" ? [] : checked(worlds))]),
		isOpen: worlds === "*",
		maxWorlds: checkAmount("maxWorlds", maxWorlds),
		worldIdle: checkAmount("worldIdle", worldIdle),
	};
}

/** A string for a list would be taken letter by letter. */
function checked(worlds: readonly string[]): readonly string[] {
	if (!Array.isArray(worlds))
		throw new TypeError(
			`\`worlds\` is a list of names, or "*", but ${JSON.stringify(worlds)} was given.`,
		);
	const wrong = worlds.find((name) => !isWorldName(name));
	if (wrong === undefined) return worlds;
	throw new TypeError(
		`The name of a world is ${WORLD_FORM}, but ${JSON.stringify(wrong)} was given.`,
	);
}
