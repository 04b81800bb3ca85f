/**
 * One process a folder. The lock is the operating system's where that can be had without native
 * code: it ends with its process, however that ends, and holds between containers too. It is on an
 * open file: `flock` locks the one that it inherits, and goes; macOS and Windows have a flag for it.
 * Where there is neither, as in an image with nothing but Node, see owner-file.ts.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { join } from "node:path";
import { DataError } from "./data-error.ts";
import { FILE_MODE } from "./disk.ts";
import { ownFile, readOwner, thisProcess } from "./owner-file.ts";

/**
 * Locks a folder for this process. Returns what unlocks it.
 * @throws DataError where another process has it.
 */
export function lockFolder(folder: string): () => void {
	const path = join(folder, "lock");
	const fd = open(path);
	const kernel = fd === undefined ? "held" : lockFile(fd);
	if (fd !== undefined && kernel === "locked") {
		// The file stays: who waits for its lock would have that of another one.
		fs.ftruncateSync(fd);
		fs.writeSync(fd, thisProcess(), 0);
		return () => fs.closeSync(fd);
	}
	if (fd !== undefined) fs.closeSync(fd);
	const disown =
		kernel === "unknown" ? ownFile(join(folder, "owner")) : undefined;
	if (disown) return disown;
	const owner = readOwner(path) ?? readOwner(join(folder, "owner"));
	throw new DataError(
		`${folder} is in use by another process${owner ? ` (${owner.pid})` : ""}`,
	);
}

/** Not in Node's table of flags: O_EXLOCK of the BSDs' fcntl.h, and libuv's own. */
const LOCKING: Partial<Record<NodeJS.Platform, number>> = {
	darwin: 0x20 | fs.constants.O_NONBLOCK,
	freebsd: 0x20 | fs.constants.O_NONBLOCK,
	openbsd: 0x20 | fs.constants.O_NONBLOCK,
	win32: 0x10000000,
};

const HELD: ReadonlySet<unknown> = new Set(["EAGAIN", "EWOULDBLOCK", "EBUSY"]);

/** Undefined where it is locked. */
function open(path: string): number | undefined {
	const { O_RDWR, O_CREAT } = fs.constants;
	const flags = O_RDWR | O_CREAT | (LOCKING[process.platform] ?? 0);
	try {
		return fs.openSync(path, flags, FILE_MODE);
	} catch (error) {
		if (HELD.has((error as NodeJS.ErrnoException).code)) return undefined;
		throw error;
	}
}

function lockFile(fd: number): "locked" | "held" | "unknown" {
	if (LOCKING[process.platform] !== undefined) return "locked";
	const stdio = ["ignore", "ignore", "ignore", fd] as const;
	const { status } = spawnSync("flock", ["-n", "3"], { stdio: [...stdio] });
	if (status === 0) return "locked";
	return status === 1 ? "held" : "unknown";
}
