/** The files of a data folder, by the numbers in their names. */
import { basename, join } from "node:path";
import { type Disk, FILE_MODE } from "./disk.ts";

/** The number of a log, and of the snapshot that the log goes on from. */
export type Generation = number;

/** Which files there are, the oldest first. */
export interface DataFiles {
	readonly logs: readonly Generation[];
	readonly snapshots: readonly Generation[];
}

export function listFiles(disk: Disk, folder: string): DataFiles {
	const names = disk.readdirSync(folder);
	return {
		logs: generationsOf(names, "log"),
		snapshots: generationsOf(names, "snapshot"),
	};
}

export function logPath(folder: string, generation: Generation): string {
	return join(folder, `${padded(generation)}.log`);
}

export function snapshotPath(folder: string, generation: Generation): string {
	return join(folder, `${padded(generation)}.snapshot`);
}

/** Where a snapshot is written until it is whole. */
export function unfinishedPath(folder: string): string {
	return join(folder, "unfinished.snapshot");
}

/** A file's name in its folder, for a message. */
export const nameOf: (path: string) => string = basename;

/** Makes a file that was not there. */
export function createFile(disk: Disk, path: string): number {
	return disk.openSync(path, "wx", FILE_MODE);
}

/** Removes the files of generations before one. */
export function removeBefore(
	disk: Disk,
	folder: string,
	generation: Generation,
): void {
	const { logs, snapshots } = listFiles(disk, folder);
	for (const old of logs.filter((log) => log < generation))
		remove(disk, logPath(folder, old));
	for (const old of snapshots.filter((snapshot) => snapshot < generation))
		remove(disk, snapshotPath(folder, old));
}

/** Removes a file, if it is there. */
export function remove(disk: Disk, path: string): void {
	disk.rmSync(path, { force: true });
}

function padded(generation: Generation): string {
	return String(generation).padStart(10, "0");
}

function generationsOf(
	names: readonly string[],
	kind: "log" | "snapshot",
): Generation[] {
	return names
		.map((name) => NAME.exec(name))
		.filter((match) => match?.[2] === kind)
		.map((match) => Number(match?.[1]))
		.sort((one, other) => one - other);
}

const NAME = /^(\d{10,15})\.(log|snapshot)$/;
