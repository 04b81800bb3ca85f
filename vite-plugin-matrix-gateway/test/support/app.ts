/** Apps in folders of their own. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inject } from "vitest";

const PAGE = '<!doctype html><script type="module" src="/main.js"></script>\n';

/** Makes an app with a page, built already for `vite preview`, and the files given besides. */
export function makeApp(files: Readonly<Record<string, string>> = {}): string {
	const folder = makeFolder();
	writeFiles(folder, {
		"package.json": '{ "type": "module", "private": true }\n',
		"index.html": PAGE,
		"main.js": "export {};\n",
		"dist/index.html": PAGE,
		...files,
	});
	return folder;
}

/** Makes an empty folder, which goes when the run ends. */
export function makeFolder(): string {
	return mkdtempSync(join(inject("scratch"), "app-"));
}

/** Writes files by their paths within a folder. */
export function writeFiles(
	folder: string,
	files: Readonly<Record<string, string>>,
): void {
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), text);
	}
}
