/** A release: rehearsed in a copy, and where it is to be, written into the tree. */
import { spawnSync } from "node:child_process";
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	realpathSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cutChangelog, notesOf } from "./changelog.ts";
import { copyRepository } from "./copy.ts";
import { PYTHON, packForNpm, packForPython, packSidecar } from "./packing.ts";
import { run } from "./run.ts";
import { tryNpm, tryPython } from "./trying.ts";
import { versionOf, withVersion } from "./versions.ts";

const CHANGELOG = "CHANGELOG.md";

export interface Release {
	/** The repository's folder. */
	readonly root: string;
	/** The version to come. Without it what is there is released as it is. */
	readonly version?: string;
	/** The tag that has to be that of what is there. */
	readonly tag?: string;
	/** Whether to leave the tree as it is. */
	readonly isDryRun: boolean;
	/** A folder for what was packed. */
	readonly out?: string;
}

export function release({ root, version, tag, isDryRun, out }: Release): void {
	if ((version === undefined) === (tag === undefined))
		throw new Error("Give the version to come, 0.2.0, or --tag v0.2.0.");
	const read = (path: string) => readFileSync(join(root, path), "utf8");
	const changed = version ? prepare(read, version) : new Map();
	if (tag && tag !== `v${versionOf(read)}`)
		throw new Error(`The tag is ${tag}, and the version ${versionOf(read)}.`);
	const hasPython = checkTools(root, isDryRun);
	const home = realpathSync(mkdtempSync(join(tmpdir(), "matrix-release-")));
	try {
		const copy = join(home, "copy");
		step("Copying", () => copyRepository(root, copy));
		write(copy, changed);
		rehearse(copy, home, hasPython);
		if (out) cpSync(join(home, "out"), out, { recursive: true });
	} finally {
		rmSync(home, { recursive: true, force: true });
	}
	if (!isDryRun) write(root, changed);
	for (const path of changed.keys())
		console.log(isDryRun ? `would change ${path}` : `changed ${path}`);
	if (isDryRun) console.log("A dry run: nothing has changed.");
}

/** The files that say which version this is, as they are to be. */
function prepare(
	read: (path: string) => string,
	version: string,
): Map<string, string> {
	const changed = withVersion(read, version);
	const day = new Date().toISOString().slice(0, 10);
	return changed.set(CHANGELOG, cutChangelog(read(CHANGELOG), version, day));
}

/** Builds, packs and tries. What is packed is in `out` then, with the notes. */
function rehearse(copy: string, home: string, hasPython: boolean): void {
	const out = join(home, "out");
	mkdirSync(out);
	const read = (path: string) => readFileSync(join(copy, path), "utf8");
	const version = versionOf(read);
	writeFileSync(join(out, "notes.md"), notesOf(read(CHANGELOG), version));
	step("Comparing the lock file with the manifests", () =>
		run("npm", ["ci", "--dry-run", "--ignore-scripts", "--offline"], copy),
	);
	step("Packing for npm", () => packForNpm(copy, out));
	packSidecar(copy, out);
	step("Trying it in an empty project", () =>
		tryNpm(out, join(home, "project"), version),
	);
	if (!hasPython) return;
	step("Packing for PyPI", () => packForPython(copy, out));
	step("Trying it in an empty environment", () =>
		tryPython(out, join(home, "environment"), version),
	);
}

/** What a release needs; a dry run goes without, and says so. Returns whether Python's is there. */
function checkTools(root: string, isDryRun: boolean): boolean {
	if (!existsSync(join(root, "node_modules")))
		throw new Error("Nothing is installed: npm ci");
	const need = (isThere: boolean, sentence: string) => {
		if (!isThere && !isDryRun) throw new Error(sentence);
		if (!isThere) console.log(`Missing for a release: ${sentence}`);
		return isThere;
	};
	need(
		run("git", ["status", "--porcelain"], root) === "",
		"the tree has changes that are not committed, and so not reviewed",
	);
	const check = ["scripts/repository.mjs", "--check"];
	const { status } = spawnSync(process.execPath, check, { cwd: root });
	need(
		status === 0,
		"the packages do not say yet where they live: node scripts/repository.mjs https://host/owner/name",
	);
	const modules = "import build, hatchling, pip, websockets";
	return need(
		spawnSync(PYTHON, ["-c", modules]).status === 0,
		"there is nothing to build for Python with: apt install python3-build python3-hatchling python3-pip python3-websockets",
	);
}

function write(root: string, files: ReadonlyMap<string, string>): void {
	for (const [path, text] of files) writeFileSync(join(root, path), text);
}

function step(name: string, work: () => void): void {
	const begin = performance.now();
	work();
	const seconds = (performance.now() - begin) / 1_000;
	console.log(`${name}: done in ${seconds.toFixed(1)} s`);
}
