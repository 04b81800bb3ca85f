/** What is published is whole. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PACKAGES, pack, ROOT } from "./pack.ts";

test.each(PACKAGES)("publint and attw find nothing wrong in %s", (folder) => {
	// It throws, with what they print, where they do.
	const output = execFileSync("npm", ["run", "check:package"], {
		cwd: join(ROOT, folder),
		encoding: "utf8",
		env: { ...process.env, NO_COLOR: "1" },
	});
	expect(output).toContain("All good!");
});

test("every entry is in the package, and no source or test is", () => {
	const { files } = pack();
	const entries = ["index", "client", "mcp", "messages", "protocol", "server"];
	for (const name of entries)
		expect(files).toEqual(
			expect.arrayContaining([`dist/${name}.js`, `dist/${name}.d.ts`]),
		);
	expect(files).toEqual(
		expect.arrayContaining([
			"PROTOCOL.md",
			"DATA.md",
			"MCP.md",
			"LICENSE",
			"schemas/matrix-message.json",
			"schemas/bark.json",
			"dist/console/index.html",
			"virtual.d.ts",
		]),
	);
	expect(files.filter((file) => /^(src|test)\//.test(file))).toEqual([]);
});
