/** Worlds out of data folders, and into them. */

import { resolveOptions } from "../../core/protocol/options.ts";
import { SILENCE } from "../../core/world/silence.ts";
import {
	restoreSnapshot,
	type WorldSnapshot,
} from "../../core/world/snapshot.ts";
import { createWorld } from "../../core/world/world.ts";
import { CODEC } from "../codec.ts";
import { DataError } from "../order/data-error.ts";
import { listFiles } from "../order/data-files.ts";
import { NODE_DISK } from "../order/disk.ts";
import { lockFolder } from "../order/lock.ts";
import { makeFolder } from "../order/make-folder.ts";
import { writeSnapshot } from "../order/snapshot-files.ts";
import { fromLines, toLines } from "./pack.ts";
import { readFolder } from "./read-folder.ts";

/**
 * The world of a folder, in use or not, as lines of JSON without line ends. There is no token in it.
 * @throws DataError where there is no world, or it is of a newer version.
 */
export function exportData(folder: string): Iterable<string> {
	const { world } = readFolder(folder);
	if (!world) throw new DataError(`there is no world in ${folder}`);
	return toLines(world);
}

/**
 * Makes a folder in which there is the world of an export.
 * @throws DataError where there is a world already, or the lines are none of a whole export.
 */
export async function importData(
	folder: string,
	lines: AsyncIterable<string> | Iterable<string>,
): Promise<void> {
	makeFolder(folder);
	const unlock = lockFolder(folder);
	try {
		const { logs, snapshots } = listFiles(NODE_DISK, folder);
		if (logs.length + snapshots.length > 0)
			throw new DataError(`there is a world in ${folder} already`);
		const world = await fromLines(lines);
		checkWorld(world);
		await writeSnapshot(NODE_DISK, folder, 1, world);
	} finally {
		unlock();
	}
}

/** A line may be of JSON and of no world, where somebody has changed it. */
function checkWorld(snapshot: WorldSnapshot): void {
	const options = resolveOptions();
	const world = createWorld({ options, codec: CODEC, effects: SILENCE });
	try {
		restoreSnapshot(world, snapshot);
	} catch {
		throw new DataError("what the lines say is no world");
	}
}
