/** The documents hold for who has the repository, and for who has only a package. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { anchorsOf, linksOf, READMES } from "./documents.ts";
import { PACKAGES, pack, ROOT } from "./pack.ts";

test.each(READMES)("every link of %s leads to something", (readme) => {
	for (const link of linksOf(readme)) {
		if (/^https:/.test(link)) continue;
		const [path = "", anchor] = link.split("#");
		const file = path === "" ? readme : join(dirname(readme), path);
		expect(existsSync(join(ROOT, file)), link).toBe(true);
		if (anchor) expect(anchorsOf(file), link).toContain(anchor);
	}
});

describe.each(PACKAGES)("%s", (folder) => {
	const readme = `${folder}/README.md`;
	const text = readFileSync(join(ROOT, readme), "utf8");
	const manifest = JSON.parse(
		readFileSync(join(ROOT, folder, "package.json"), "utf8"),
	);

	test("links to nothing that is not on npm's page", () => {
		const links = linksOf(readme).filter((link) => !/^(https:|#)/.test(link));
		expect(links).toEqual([]);
	});

	test("says in its first lines what it is not, and what it is not for", () => {
		const beginning = text.split("\n## ")[0];
		expect(beginning).toContain("not the Matrix of matrix.org");
		expect(beginning).toContain("Do not use it");
	});

	test("names no file of the repository that is not in the package", () => {
		const { files } = pack(folder);
		expect(files).toEqual(expect.arrayContaining(["README.md", "LICENSE"]));
		const named = [...text.matchAll(/`(dist\/[\w./-]+|[A-Z]+\.md)`/g)].map(
			([, file]) => String(file),
		);
		expect(named).not.toEqual([]);
		const all = PACKAGES.flatMap((each) => pack(each).files);
		for (const file of named) expect(all).toContain(file);
	});

	test("says where it lives, as the other does", () => {
		const { homepage, repository, bugs } = manifest;
		const url = homepage.replace(/#readme$/, "");
		expect(repository).toEqual({
			type: "git",
			url: `git+${url}.git`,
			directory: folder,
		});
		expect(bugs).toEqual({ url: `${url}/issues` });
		for (const other of PACKAGES)
			expect(
				JSON.parse(readFileSync(join(ROOT, other, "package.json"), "utf8"))
					.homepage,
			).toBe(homepage);
	});

	test("cannot be published while it says so with a placeholder", () => {
		expect(manifest.scripts.prepublishOnly).toBe(
			"node ../scripts/repository.mjs --check",
		);
		const isPlaceholder = /^https:\/\/[^/]+\.example\//.test(manifest.homepage);
		const check = () =>
			execFileSync("npm", ["run", "prepublishOnly"], {
				cwd: join(ROOT, folder),
				stdio: "pipe",
			});
		if (isPlaceholder) expect(check).toThrow(/does not say yet where/);
		else expect(check).not.toThrow();
	});
});
