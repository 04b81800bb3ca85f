/** Files of which something is lost are kept for whoever wants to look: those of the last time alone. */
import fs from "node:fs";
import { basename, join } from "node:path";
import { FOLDER_MODE } from "./disk.ts";
import type { Findings } from "./findings.ts";

/** Puts them into the folder `damaged`. */
export function putAside(folder: string, { damaged, useless }: Findings): void {
	for (const path of useless) fs.rmSync(path, { force: true });
	if (damaged.length === 0) return;
	const aside = join(folder, "damaged");
	fs.rmSync(aside, { recursive: true, force: true });
	fs.mkdirSync(aside, { mode: FOLDER_MODE });
	for (const { path, isUsed } of damaged)
		if (isUsed) fs.copyFileSync(path, join(aside, basename(path)));
		else fs.renameSync(path, join(aside, basename(path)));
}
