/**
 * Where this project lives, in the manifests of what is published:
 *
 *     node scripts/repository.mjs https://host/owner/name     writes `repository`, `homepage` and `bugs`
 *     node scripts/repository.mjs --check                     fails while that is still the placeholder
 *
 * `npm publish` asks for the check. The placeholder's top-level domain is reserved (RFC 2606) and
 * belongs to nobody.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const FOLDERS = ["vite-plugin-matrix-gateway", "sidecar"];
const PLACEHOLDER = /^https:\/\/[^/]+\.example\//;

const [argument = ""] = process.argv.slice(2);
if (argument === "--check") check();
else if (URL.canParse(argument)) write(argument.replace(/(\.git)?\/*$/, ""));
else
	fail("Give the repository's address, https://host/owner/name, or --check.");

function write(url) {
	for (const folder of FOLDERS)
		writeFileSync(
			pathOf(folder),
			`${JSON.stringify({ ...manifestOf(folder), ...placeOf(url, folder) }, null, "\t")}\n`,
		);
}

function check() {
	for (const folder of FOLDERS)
		if (PLACEHOLDER.test(manifestOf(folder).homepage ?? "https://no.example/"))
			fail(
				`${folder}/package.json does not say yet where this project lives: node scripts/repository.mjs https://host/owner/name`,
			);
}

function placeOf(url, folder) {
	return {
		homepage: `${url}#readme`,
		repository: { type: "git", url: `git+${url}.git`, directory: folder },
		bugs: { url: `${url}/issues` },
	};
}

function manifestOf(folder) {
	return JSON.parse(readFileSync(pathOf(folder), "utf8"));
}

function pathOf(folder) {
	return join(ROOT, folder, "package.json");
}

function fail(sentence) {
	console.error(sentence);
	process.exit(1);
}
