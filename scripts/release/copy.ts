/** A copy of the repository to rehearse in. */
import {
	cpSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readlinkSync,
	symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { run } from "./run.ts";

/** Copies all that git knows or would take, as it is now, and links what was installed. */
export function copyRepository(from: string, to: string): void {
	const flags = ["--cached", "--others", "--exclude-standard", "-z"];
	const files = run("git", ["ls-files", ...flags], from).split("\0");
	// What was deleted, and not yet committed, git still lists.
	for (const file of new Set(files))
		if (file !== "" && lstatSync(join(from, file), { throwIfNoEntry: false }))
			cpSync(join(from, file), join(to, file));
	linkModules(join(from, "node_modules"), join(to, "node_modules"));
	for (const { name } of readdirSync(from, { withFileTypes: true }).filter(
		(entry) => entry.isDirectory(),
	)) {
		const own = join(from, name, "node_modules");
		if (name !== "node_modules" && lstatSync(own, { throwIfNoEntry: false }))
			linkModules(own, join(to, name, "node_modules"));
	}
}

/** Links others' packages to where they are. Our own are links already, which lead to the copy's. */
function linkModules(from: string, to: string): void {
	mkdirSync(to);
	// What tools keep there, as Vite its cache, is not for two folders.
	for (const entry of readdirSync(from, { withFileTypes: true }))
		if (entry.name === ".bin" || !entry.name.startsWith("."))
			symlinkSync(
				entry.isSymbolicLink()
					? readlinkSync(join(from, entry.name))
					: join(from, entry.name),
				join(to, entry.name),
			);
}
