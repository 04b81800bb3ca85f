/** Projects that a test makes and edits while Vite serves them. */
import {
	mkdirSync,
	mkdtempSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Scratch {
	readonly folder: string;
	/** At once: a module that is empty until it is written accepts no update, and its page would be loaded anew. */
	write(name: string, text: string): void;
	remove(): void;
}

/** Within the repository, so that the packages are found. */
export function makeScratch(
	name: string,
	files: Readonly<Record<string, string>>,
): Scratch {
	const reports = fileURLToPath(new URL("../reports", import.meta.url));
	mkdirSync(reports, { recursive: true });
	const folder = mkdtempSync(join(reports, `${name}-`));
	const draft = `${folder}.draft`;

	function write(file: string, text: string): void {
		const path = join(folder, file);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(draft, text);
		renameSync(draft, path);
	}

	for (const [file, text] of Object.entries(files)) write(file, text);
	return { folder, write, remove: () => rmSync(folder, { recursive: true }) };
}
