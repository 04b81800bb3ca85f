/** A data folder of a test's own, which is gone after it. */
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export function createFolder(): string {
	const folder = fs.mkdtempSync(join(tmpdir(), "matrix-data-"));
	onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
	return folder;
}

/** The files of a kind, the oldest first, as paths. */
export function filesOf(folder: string, kind: "log" | "snapshot"): string[] {
	return fs
		.readdirSync(folder)
		.filter((name) => /^\d+\./.test(name) && name.endsWith(`.${kind}`))
		.sort()
		.map((name) => join(folder, name));
}

/** The same folder once more, as it is now. */
export function copyFolder(folder: string): string {
	const copy = createFolder();
	fs.cpSync(folder, copy, { recursive: true });
	return copy;
}
