import fs from "node:fs";
import { dirname } from "node:path";
import { FOLDER_MODE } from "./disk.ts";

/**
 * Makes a folder, and those that it is in, where they are not there. Not by Node's `recursive`: that
 * tries for ever where a folder is there and nothing can be made in it, which the system calls ENOENT,
 * as in /proc.
 * @throws What the system says of the first that cannot be made.
 */
export function makeFolder(path: string): void {
	if (isFolder(path)) return;
	const parent = dirname(path);
	if (parent !== path) makeFolder(parent);
	try {
		fs.mkdirSync(path, { mode: FOLDER_MODE });
	} catch (error) {
		// Another process was faster.
		if (!isFolder(path)) throw error;
	}
}

function isFolder(path: string): boolean {
	return fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
