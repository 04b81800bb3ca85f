/** Before all tests on hosts: a folder for what they write, and builds of what they run. */
import { execFileSync } from "node:child_process";
import {
	mkdtempSync,
	readdirSync,
	realpathSync,
	rmSync,
	statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

declare module "vitest" {
	export interface ProvidedContext {
		/** A folder that is removed after the run. */
		scratch: string;
	}
}

export default function setup(project: TestProject): () => void {
	buildIfStale("vite-plugin-matrix-gateway", "index.js", []);
	buildIfStale("sidecar", "server.js", ["vite-plugin-matrix-gateway/dist"]);
	const scratch = realpathSync(mkdtempSync(join(tmpdir(), "matrix-gateway-")));
	project.provide("scratch", scratch);
	return () => rmSync(scratch, { recursive: true, force: true });
}

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Builds a workspace where a source is newer than what it was built to. */
function buildIfStale(
	workspace: string,
	output: string,
	dependencies: readonly string[],
): void {
	const sources = [`${workspace}/src`, ...dependencies].map(newestIn);
	const built = statSync(join(ROOT, workspace, "dist", output), {
		throwIfNoEntry: false,
	});
	if (built && built.mtimeMs > Math.max(...sources)) return;
	execFileSync("npm", ["run", "build", "-w", join(ROOT, workspace)], {
		cwd: ROOT,
		shell: process.platform === "win32",
	});
}

/** When the last change within a folder was made. */
function newestIn(folder: string): number {
	const options = { recursive: true, withFileTypes: true } as const;
	const times = readdirSync(join(ROOT, folder), options)
		.filter((entry) => entry.isFile())
		.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs);
	return Math.max(0, ...times);
}
