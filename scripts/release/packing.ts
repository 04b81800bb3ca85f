/** What a release consists of, built and packed. */
import { cpSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run.ts";

/** The packages that are published on npm, the one that the other is built of first. */
const ON_NPM = ["vite-plugin-matrix-gateway", "sidecar"];

/** The system's has what builds for Python, and a version manager's need not. */
export const PYTHON = "/usr/bin/python3";

/** Packs for npm, as `npm publish` would: `npm/*.tgz`. */
export function packForNpm(root: string, out: string): void {
	const destination = join(out, "npm");
	mkdirSync(destination, { recursive: true });
	for (const folder of ON_NPM) {
		run("npm", ["run", "build", "-w", folder], root);
		const flags = ["--ignore-scripts", "--pack-destination", destination];
		run("npm", ["pack", "-w", folder, ...flags], root);
	}
}

/** The sidecar as it runs without npm: `server.js`, the file that it loads for `mcp`, and others' licences. */
export function packSidecar(root: string, out: string): void {
	const dist = join(root, "sidecar/dist");
	for (const file of readdirSync(dist).filter((name) => !/\.map$/.test(name)))
		cpSync(join(dist, file), join(out, "sidecar", file));
}

/** Packs for PyPI: a wheel and what it is built of, `python/*`. */
export function packForPython(root: string, out: string): void {
	const source = join(root, "vite-plugin-matrix-gateway/python");
	const offline = ["--no-isolation", "--skip-dependency-check"];
	const flags = [...offline, "--outdir", join(out, "python"), source];
	run(PYTHON, ["-m", "build", ...flags], root);
}
