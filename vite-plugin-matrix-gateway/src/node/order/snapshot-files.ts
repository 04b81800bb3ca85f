/** Snapshots in files: whole, or not there. */
import type { WorldSnapshot } from "../../core/world/snapshot.ts";
import {
	createFile,
	type Generation,
	nameOf,
	remove,
	snapshotPath,
	unfinishedPath,
} from "./data-files.ts";
import { type Disk, syncData, syncFolder, writeAll } from "./disk.ts";
import { encodeHeader, readHeader } from "./file-format.ts";
import { toSnapshotPieces } from "./snapshot-pieces.ts";
import { fromSnapshotRecords } from "./snapshot-records.ts";

/**
 * Writes a snapshot over many turns, and resolves to its size when it is on the disk. Until then it
 * has another name, so that no half of one is ever taken for one.
 */
export async function writeSnapshot(
	disk: Disk,
	folder: string,
	generation: Generation,
	snapshot: WorldSnapshot,
): Promise<number> {
	const path = unfinishedPath(folder);
	remove(disk, path);
	const fd = createFile(disk, path);
	let bytes = 0;
	try {
		const header = { kind: "snapshot", generation, at: Date.now() } as const;
		for (const piece of toSnapshotPieces(snapshot, encodeHeader(header))) {
			await writeAll(disk, fd, piece);
			bytes += piece.length;
		}
		await syncData(disk, fd);
	} catch (error) {
		disk.closeSync(fd);
		remove(disk, path);
		throw error;
	}
	disk.closeSync(fd);
	disk.renameSync(path, snapshotPath(folder, generation));
	await syncFolder(disk, folder);
	return bytes;
}

/** A snapshot that was read. */
export interface ReadSnapshot {
	readonly snapshot: WorldSnapshot;
	readonly bytes: number;
}

/**
 * Reads a snapshot; undefined where it is not whole.
 * @throws DataError where a newer version of the program wrote it.
 */
export function readSnapshot(
	disk: Disk,
	folder: string,
	generation: Generation,
): ReadSnapshot | undefined {
	const path = snapshotPath(folder, generation);
	const file = disk.readFileSync(path);
	const begin = readHeader(file, nameOf(path));
	if (begin?.header.kind !== "snapshot") return undefined;
	if (begin.header.generation !== generation) return undefined;
	const snapshot = fromSnapshotRecords(file, begin.end);
	return snapshot && { snapshot, bytes: file.length };
}
