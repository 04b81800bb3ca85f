import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inject } from "vitest";

/** The repository's folder. */
export const ROOT: string = fileURLToPath(
	new URL("../../../", import.meta.url),
);

/** The packages that are published, by their folders. */
export const PACKAGES = ["vite-plugin-matrix-gateway", "sidecar"] as const;

/** Packs a package as it would be published. */
export function pack(folder: (typeof PACKAGES)[number] = PACKAGES[0]): {
	tarball: string;
	files: string[];
} {
	const destination = inject("scratch");
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
