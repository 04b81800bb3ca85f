/** What worlds may be called. */

/** The world at the path of the WebSocket itself [WLD1]. */
export const DEFAULT_WORLD = "default";

/** Whether a value can be the name of a world, which is part of a path and names a folder [WLD2]. */
export function isWorldName(value: unknown): value is string {
	return typeof value === "string" && NAME.test(value);
}

/** What such a name looks like, for who gave another. */
export const WORLD_FORM =
	"1-64 of a-z, 0-9, dot, underscore and hyphen, a letter or a digit first and last";

const NAME = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;
