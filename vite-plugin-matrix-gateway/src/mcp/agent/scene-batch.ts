/** What a `scene_batch` may hold. */

/** The types of its messages, as `schemas/scene_batch.json` has them. */
export const IN_BATCH: ReadonlySet<string> = new Set([
	"scene_add",
	"scene_update",
	"scene_remove",
	"scene_clear",
]);

/** How many messages; the playground's page reads no more. */
export const MAX_BATCH = 500;
