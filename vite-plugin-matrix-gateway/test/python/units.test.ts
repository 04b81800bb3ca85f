/** The unit tests of the client for Python, which are Python's own. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PACKAGE, PYTHONS } from "./pythons.ts";

test.each(PYTHONS)("all hold with $name", ({ command, env }) => {
	const { stderr } = run(command, ["-m", "unittest", "--buffer"], "tests", env);
	const failed = stderr.match(/^(?:FAIL|ERROR): .*/gm) ?? [];
	expect(failed, stderr).toEqual([]);
	const [, count] = /^Ran (\d+) tests/m.exec(stderr) ?? [];
	expect(Number(count), stderr).toBeGreaterThan(30);
	// What a task or a socket that was forgotten makes Python say.
	expect(stderr).not.toMatch(/never (?:retrieved|awaited)|ResourceWarning/);
});

const hasMypy = run(
	"/usr/bin/python3",
	["-m", "mypy", "--version"],
	".",
).status;
if (hasMypy !== 0 && !process.env.CI)
	console.warn("Skipped: no mypy (apt install mypy).");

test.skipIf(hasMypy !== 0 && !process.env.CI)(
	"mypy finds nothing wrong",
	() => {
		const cache = process.platform === "win32" ? "nul" : "/dev/null";
		const args = ["-m", "mypy", "--cache-dir", cache];
		const { stdout, stderr } = run("/usr/bin/python3", args, ".");
		expect(stdout + stderr).toMatch(/^Success/);
	},
);

function run(
	command: string,
	args: readonly string[],
	folder: string,
	env: Readonly<Record<string, string>> = {},
) {
	return spawnSync(command, args, {
		cwd: join(PACKAGE, folder),
		encoding: "utf8",
		env: { ...process.env, ...env },
	});
}
