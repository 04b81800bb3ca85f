/** The tables of options in the package's README are those of the source's comments. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const PACKAGE = join(import.meta.dirname, "..");
const SCRIPT = join(PACKAGE, "../scripts/options.mjs");

test("they are up to date: if not, npm run options", () => {
	execFileSync(process.execPath, [SCRIPT, "--check"], { stdio: "pipe" });
}, 60_000);

test.each(["heartbeatInterval", "path", "allowedOrigins", "keepSession"])(
	"%s stands in one of them",
	(option) => {
		const readme = readFileSync(join(PACKAGE, "README.md"), "utf8");
		expect(readme).toMatch(
			new RegExp(`^\\| \`${option}\` \\| .+ \\| .+ \\|$`, "m"),
		);
	},
);
