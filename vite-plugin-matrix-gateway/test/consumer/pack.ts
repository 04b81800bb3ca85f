import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inject } from "vitest";

/** The plugin's own folder. */
export const PACKAGE: string = fileURLToPath(
	new URL("../../", import.meta.url),
);

/** Packs the plugin as it would be published. */
export function pack(): { tarball: string; files: string[] } {
	const folder = inject("scratch");
	const flags = ["--json", "--ignore-scripts", "--pack-destination", folder];
	const json = execFileSync("npm", ["pack", ...flags], {
		cwd: PACKAGE,
		encoding: "utf8",
		stdio: ["ignore", "pipe", "ignore"],
	});
	const [packed] = JSON.parse(json);
	const files = packed.files.map(({ path }: { path: string }) => path);
	return { tarball: join(folder, packed.filename), files };
}
