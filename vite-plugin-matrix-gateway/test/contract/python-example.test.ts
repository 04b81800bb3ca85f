/** The test of an agent that the README of the client for Python shows, against the built sidecar. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PACKAGE, PYTHONS } from "../python/pythons.ts";
import { start } from "../support/child.ts";
import { SIDECAR_FILE } from "../support/sidecar.ts";

const FILE = join(PACKAGE, "tests/example/test_agent.py");

test.each(PYTHONS.slice(0, 1))("it holds, with $name", async (python) => {
	const env = {
		...python.env,
		MATRIX_GATEWAY: `${process.execPath} ${SIDECAR_FILE}`,
	};
	const child = start(python.command, [...["-m", "unittest"], FILE], { env });
	expect(await child.exit(), child.logs()).toBe(0);
	expect(child.logs()).toContain("Ran 1 test");
});

test("it stands in the README", () => {
	const readme = readFileSync(join(PACKAGE, "README.md"), "utf8");
	expect(readme).toContain(readFileSync(FILE, "utf8"));
});
