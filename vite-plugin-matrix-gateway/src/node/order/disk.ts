/** What is asked of a file system, so that tests may have one that is full. */
import fs from "node:fs";

/** As Node's. */
export type Disk = Pick<
	typeof fs,
	| "openSync"
	| "closeSync"
	| "writeSync"
	| "write"
	| "fdatasync"
	| "fsync"
	| "renameSync"
	| "rmSync"
	| "readdirSync"
	| "readFileSync"
	| "readSync"
	| "statfsSync"
>;

export const NODE_DISK: Disk = fs;

/** Only its owner reads what agents have said. */
export const FILE_MODE = 0o600;
export const FOLDER_MODE = 0o700;

/** Reads the first bytes of a file, or all that it has. */
export function readStart(disk: Disk, path: string, most: number): Buffer {
	const fd = disk.openSync(path, "r");
	try {
		const bytes = Buffer.allocUnsafe(most);
		return bytes.subarray(0, disk.readSync(fd, bytes, 0, most, 0));
	} finally {
		disk.closeSync(fd);
	}
}

/** Bytes that are left for files of a folder. */
export function freeBytes(disk: Disk, folder: string): number {
	try {
		const { bavail, bsize } = disk.statfsSync(folder);
		return bavail * bsize;
	} catch {
		// Not every file system says.
		return Number.POSITIVE_INFINITY;
	}
}

/** Writes all of it, though a disk may take it in pieces. */
export function writeAllSync(disk: Disk, fd: number, bytes: Uint8Array): void {
	let written = 0;
	while (written < bytes.byteLength)
		written += disk.writeSync(fd, bytes, written, bytes.byteLength - written);
}

/** The same, while the process goes on. */
export async function writeAll(
	disk: Disk,
	fd: number,
	bytes: Uint8Array,
): Promise<void> {
	let written = 0;
	while (written < bytes.byteLength)
		written += await new Promise<number>((resolve, reject) => {
			const rest = bytes.byteLength - written;
			disk.write(fd, bytes, written, rest, null, (error, count) =>
				error ? reject(error) : resolve(count),
			);
		});
}

/** Resolves when what was written to a file, so that its size, are on the disk. */
export function syncData(disk: Disk, fd: number): Promise<void> {
	return new Promise((resolve, reject) =>
		disk.fdatasync(fd, (error) => (error ? reject(error) : resolve())),
	);
}

/** Resolves when what others have written to a file is on the disk. */
export async function syncFile(disk: Disk, path: string): Promise<void> {
	const fd = disk.openSync(path, "r+");
	try {
		await syncData(disk, fd);
	} finally {
		disk.closeSync(fd);
	}
}

/** Resolves when the names in a folder are on the disk; at once where no folder can be told to be. */
export async function syncFolder(disk: Disk, folder: string): Promise<void> {
	if (process.platform === "win32") return;
	const fd = disk.openSync(folder, "r");
	try {
		await new Promise<void>((resolve, reject) =>
			disk.fsync(fd, (error) =>
				error && error.code !== "EINVAL" ? reject(error) : resolve(),
			),
		);
	} finally {
		disk.closeSync(fd);
	}
}
