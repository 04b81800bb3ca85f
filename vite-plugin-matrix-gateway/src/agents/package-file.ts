import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The path of a file that this package is built to, wherever this module is itself. */
export function packageFile(name: string): string {
	const { resolve } = createRequire(import.meta.url);
	const manifest = resolve("vite-plugin-matrix-gateway/package.json");
	return join(dirname(manifest), "dist", name);
}
