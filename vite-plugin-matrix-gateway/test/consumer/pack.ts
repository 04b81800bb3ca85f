import { execFileSync } from "node:child_process";
import {
	existsSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inject } from "vitest";

/** The repository's folder. */
export const ROOT: string = fileURLToPath(
	new URL("../../../", import.meta.url),
);

/** The packages that are published, by their folders. */
export const PACKAGES = ["vite-plugin-matrix-gateway", "sidecar"] as const;

interface Packed {
	readonly tarball: string;
	readonly files: readonly string[];
}

/** Packs a package as it would be published, once for all tests of a run. */
export function pack(folder: (typeof PACKAGES)[number] = PACKAGES[0]): Packed {
	const known = join(inject("scratch"), `packed-${folder}.json`);
	if (!existsSync(known)) {
		// Two test files may pack at once. Each does so in a folder of its own, and one of them is kept.
		const own = mkdtempSync(join(inject("scratch"), "pack-"));
		writeFileSync(
			join(own, "packed.json"),
			JSON.stringify(packTo(own, folder)),
		);
		renameSync(join(own, "packed.json"), known);
	}
	return JSON.parse(readFileSync(known, "utf8"));
}

function packTo(destination: string, folder: string): Packed {
	const flags = ["--json", "--ignore-scripts"];
	const json = execFileSync(
		"npm",
		["pack", ...flags, "--pack-destination", destination],
		{
			cwd: join(ROOT, folder),
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
		},
	);
	const [packed] = JSON.parse(json);
	const files = packed.files.map(({ path }: { path: string }) => path);
	return { tarball: join(destination, packed.filename), files };
}
