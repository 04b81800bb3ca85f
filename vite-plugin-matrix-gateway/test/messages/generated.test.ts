/** What is made of the messages is up to date. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { generated } from "../../../scripts/messages/generated.ts";

const PACKAGE = join(import.meta.dirname, "../..");
const FILES = generated();

test.each([...FILES])("%s: if not, npm run messages", (file, text) => {
	expect(readFileSync(join(PACKAGE, file), "utf8")).toBe(text);
});

test("there is no schema of what is not documented", () => {
	const schemas = readdirSync(join(PACKAGE, "schemas"));
	const wanted = [...FILES.keys()].filter((file) => file.startsWith("schemas"));
	expect(schemas.map((name) => `schemas/${name}`).sort()).toEqual(
		wanted.sort(),
	);
});
