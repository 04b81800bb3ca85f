/** The defaults that comments and the README repeat are those of the code. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DEFAULTS } from "../src/core/protocol/protocol.ts";

const PACKAGE = join(import.meta.dirname, "..");

/** Not the client's, which has defaults of its own. */
const SOURCES = ["src/core", "src/node", "src/vite"].flatMap((folder) =>
	readdirSync(join(PACKAGE, folder)).map((file) => `${folder}/${file}`),
);

/** Each default by the name of its option, as code writes it but for underscores. */
const WRITTEN = new Map(
	Object.entries({
		...DEFAULTS,
		paths: [DEFAULTS.path],
		timeout: DEFAULTS.shutdownTimeout,
	}).map(([name, value]) => [name, JSON.stringify(value)]),
).set(
	"registerTimeout",
	`${DEFAULTS.registerTimeout}, and ${DEFAULTS.requiredRegisterTimeout} under \`requireRegistration\``,
);

/** What a file says of defaults, by a pattern with a `name` and a `value`. */
function defaultsIn(file: string, pattern: RegExp) {
	return [...readFileSync(join(PACKAGE, file), "utf8").matchAll(pattern)]
		.map(({ groups: { name = "", value = "" } = {} }) => ({ name, value }))
		.filter(({ name, value }) => WRITTEN.has(name) || /^\d/.test(value))
		.map((found) => ({ file, ...found }));
}

describe.each([
	{
		where: "TSDoc",
		files: SOURCES,
		pattern: /@default (?<value>.+?)\s*\*\/\s*readonly (?<name>\w+)\?/g,
	},
	{
		where: "README.md",
		files: ["../README.md"],
		pattern: /^\| `(?<name>\w+)` \| `(?<value>.+?)`/gm,
	},
])("$where", ({ files, pattern }) => {
	test.each(files.flatMap((file) => defaultsIn(file, pattern)))(
		"$file: $name",
		({ name, value }) => {
			expect(value.replaceAll("_", "")).toBe(WRITTEN.get(name));
		},
	);
});
