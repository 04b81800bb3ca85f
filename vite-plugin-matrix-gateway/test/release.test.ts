/** What a release writes: the version everywhere, and a section of the changelog. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { cutChangelog, notesOf } from "../../scripts/release/changelog.ts";
import { versionOf, withVersion } from "../../scripts/release/versions.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

const CHANGELOG = `# Changelog

## [Unreleased]

### Added

- A new thing.

## [0.1.0] - 2026-11-22

- The first one.
`;

describe("the changelog", () => {
	test("has what was unreleased under its version and day", () => {
		const cut = cutChangelog(CHANGELOG, "0.2.0", "2026-12-01");
		expect(cut).toBe(
			CHANGELOG.replace(
				"## [Unreleased]\n",
				"## [Unreleased]\n\n## [0.2.0] - 2026-12-01\n",
			),
		);
		expect(notesOf(cut, "0.2.0")).toBe("### Added\n\n- A new thing.");
		expect(notesOf(cut, "0.1.0")).toBe("- The first one.");
	});

	test("is cut once, and only where there is something to tell", () => {
		const cut = (text: string, version = "0.2.0") =>
			cutChangelog(text, version, "2026-12-01");
		expect(() => cut(cut(CHANGELOG))).toThrow(/0\.2\.0 already/);
		expect(() => cut(cut(CHANGELOG), "0.3.0")).toThrow(/nothing/);
		expect(() => cut("# Changelog\n")).toThrow(/one section/);
		expect(() => cut(CHANGELOG + CHANGELOG)).toThrow(/one section/);
		expect(() => notesOf(CHANGELOG, "0.2.0")).toThrow(/no section/);
	});

	test("of this repository tells of what it has released", () => {
		expect(notesOf(read("CHANGELOG.md"), versionOf(read))).not.toBe("");
	});
});

describe("the version", () => {
	const old = versionOf(read);
	const files = withVersion(read, "99.0.1");

	test("is the same in every file", () => {
		expect([...files.keys()].sort()).toEqual([
			"e2e/package.json",
			"package-lock.json",
			"playground/package.json",
			"playground/template/package.json",
			"sidecar/package.json",
			"vite-plugin-matrix-gateway/PROTOCOL.md",
			"vite-plugin-matrix-gateway/package.json",
			"vite-plugin-matrix-gateway/python/pyproject.toml",
		]);
	});

	test.each([...files])("in %s nothing else changes", (path, text) => {
		const lines = read(path).split("\n");
		const changed = text.split("\n").filter((line, at) => line !== lines[at]);
		expect(text.split("\n")).toHaveLength(lines.length);
		for (const line of changed)
			expect(line).toMatch(
				/^\s*"?(version|[\w-]*matrix-gateway[\w-]*)"? ?[:=] "\^?99\.0\.1",?$|spoken by gateway 99\.0\.$/,
			);
		expect(changed).not.toEqual([]);
	});

	test.each(["package-lock.json", "playground/template/package.json"])(
		"in %s our packages ask for each other's new one",
		(path) => {
			const asked = /"[\w-]*matrix-gateway[\w-]*": "\^.*"/g;
			for (const [line] of String(files.get(path)).matchAll(asked))
				expect(line).toContain('"^99.0.1"');
		},
	);

	test.each([old, "0.0.9", "v1.0.0", "1.0", "1.0.0-rc.1", "01.0.0", ""])(
		"cannot become %j",
		(version) => {
			expect(() => withVersion(read, version)).toThrow(/comes after/);
		},
	);

	test("may have tens", () => {
		expect(withVersion(read, "0.10.0").size).toBe(files.size);
	});
});
