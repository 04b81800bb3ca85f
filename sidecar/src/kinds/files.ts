/** Files and folders of this machine. */
import { existsSync, type Stats, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Kind } from "./kind.ts";

/** A folder that exists. */
export const directory: Kind<string> = {
	placeholder: "dir",
	expected: "a directory",
	parse: (text) => (text && isDirectory(text) ? resolve(text) : undefined),
};

/** A folder that may yet have to be made. */
export const folder: Kind<string> = {
	placeholder: "dir",
	expected: "a directory, nor a path at which one could be made",
	parse: (text) =>
		text && (!existsSync(text) || isDirectory(text))
			? resolve(text)
			: undefined,
};

/** A file that is there. */
export const file: Kind<string> = {
	placeholder: "file",
	expected: "a file",
	parse: (text) => (text && isFile(text) ? resolve(text) : undefined),
};

/** A file, which is read by whom it is for; what is wrong with it is told there. */
export const filePath: Kind<string> = {
	placeholder: "file",
	expected: "the path of a file",
	parse: (text) => (text && !isDirectory(text) ? resolve(text) : undefined),
};

function isFile(path: string): boolean {
	return statOf(path)?.isFile() ?? false;
}

function isDirectory(path: string): boolean {
	return statOf(path)?.isDirectory() ?? false;
}

function statOf(path: string): Stats | undefined {
	try {
		return statSync(path);
	} catch {
		return undefined;
	}
}
