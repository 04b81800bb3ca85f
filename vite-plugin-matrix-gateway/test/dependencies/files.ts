/** The repository's source files. Paths are relative to the repository. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** The source files of a folder and of those within it. */
export function sourcesIn(folder: string): string[] {
	return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
		.map((path) => posix.join(folder, path.split(sep).join("/")))
		.filter((path) => /\.[cm]?[jt]sx?$/.test(path))
		.filter((path) => !/(^|\/)(node_modules|dist)\//.test(path));
}

export function read(path: string): string {
	return readFileSync(join(ROOT, path), "utf8");
}

/** A path as the repository's, whatever the system. */
export function inRepository(path: string): string {
	return relative(ROOT, path).split(sep).join("/");
}
