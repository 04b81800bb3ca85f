/** The defaults that comments repeat, and the README's tables after them, are those of the code. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DEFAULTS } from "../src/core/protocol/protocol.ts";

const PACKAGE = join(import.meta.dirname, "..");

/** Not the client's, which has defaults of its own. */
const SOURCES = ["src/core", "src/node", "src/vite", "src/mcp"].flatMap(
	(folder) =>
		readdirSync(join(PACKAGE, folder), { recursive: true, encoding: "utf8" })
			.filter((file) => file.endsWith(".ts"))
			.map((file) => `${folder}/${file}`),
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

const PATTERN = /@default (?<value>.+?)\s*\*\/\s*readonly (?<name>\w+)\?/g;

/** What a file says of defaults. */
function defaultsIn(file: string) {
	return [...readFileSync(join(PACKAGE, file), "utf8").matchAll(PATTERN)]
		.map(({ groups: { name = "", value = "" } = {} }) => ({ name, value }))
		.filter(({ name, value }) => WRITTEN.has(name) || /^\d/.test(value))
		.map((found) => ({ file, ...found }));
}

test.each(SOURCES.flatMap(defaultsIn))("$file: $name", ({ name, value }) => {
	expect(value.replaceAll("_", "")).toBe(WRITTEN.get(name));
});
