/** Where the worlds of a hub are in its folder. */
import fs from "node:fs";
import { join } from "node:path";
import { DEFAULT_WORLD } from "../core/protocol/world-name.ts";
import type { WorldSnapshot } from "../core/world/snapshot.ts";

/** The folder of a world: `default` has that of the hub itself, as without a hub. */
export function worldFolder(data: string, name: string): string {
	return name === DEFAULT_WORLD ? data : join(data, "worlds", name);
}

/**
 * Removes the folder of a world that has ended and left nothing: else each name that anybody ever
 * asked for would stay on the disk.
 */
export function removeBlank(
	folder: string,
	world: WorldSnapshot | undefined,
): void {
	if (!world) return;
	const { roster, sessions, retained } = world;
	if (roster.length + sessions.length + retained.length === 0)
		fs.rmSync(folder, { recursive: true, force: true });
}
