/** A release is rehearsed as whoever makes one does: from a clone, with no credentials. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../support/app.ts";
import { ROOT } from "./pack.ts";

const { version } = JSON.parse(read("sidecar/package.json"));

/** Where nothing is unreleased, the version that is there is about to be tagged. */
const isReleased = /^## \[Unreleased\]\s+## /m.test(read("CHANGELOG.md"));
const VERSION = isReleased ? version : "99.0.1";
const WHICH = isReleased ? ["--tag", `v${VERSION}`] : [VERSION];

// A minute and more, for what is done before each release anyway: `.ci/run --full` asks for it.
const IS_WANTED = process.env.MATRIX_RELEASE === "1";

test.runIf(IS_WANTED)(
	"a dry run packs and tries all of it, and changes nothing (MATRIX_RELEASE=1)",
	() => {
		const out = makeFolder();
		const before = changes();
		const flags = ["--dry-run", ...WHICH, "--out", out];
		const told = run("npm", "run", "release", "--", ...flags);
		expect(told).toMatch(/Trying it in an empty project: done/);
		expect(told).toContain("nothing has changed");
		expect(changes()).toBe(before);

		expect(readdirSync(join(out, "npm"))).toEqual([
			`matrix-gateway-sidecar-${VERSION}.tgz`,
			`vite-plugin-matrix-gateway-${VERSION}.tgz`,
		]);
		expect(readdirSync(join(out, "sidecar"))).toContain("server.js");
		if (process.env.CI)
			expect(readdirSync(join(out, "python"))).toEqual([
				`matrix_gateway_client-${VERSION}-py3-none-any.whl`,
				`matrix_gateway_client-${VERSION}.tar.gz`,
			]);
		expect(readdirSync(out)).toContain("notes.md");
	},
	300_000,
);

/** What git sees of the tree, with the contents of what is changed already. */
function changes(): string {
	return run("git", "status", "--porcelain") + run("git", "diff");
}

function run(command: string, ...args: string[]): string {
	// Whoever has a token of npm's has it in one of these.
	const { NODE_AUTH_TOKEN: _, NPM_TOKEN: __, ...env } = process.env;
	return execFileSync(command, args, {
		cwd: ROOT,
		encoding: "utf8",
		stdio: "pipe",
		env,
	});
}

function read(path: string): string {
	return readFileSync(join(ROOT, path), "utf8");
}
