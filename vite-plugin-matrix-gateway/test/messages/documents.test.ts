/** Every message that the documents show is as its schema says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { WORLD } from "../../src/messages/catalogue.ts";
import {
	readConversations,
	readTitles,
} from "../protocol-document/document.ts";
import { faultsOf, JSON_SCHEMAS } from "./json-schemas.ts";

const PACKAGE = join(import.meta.dirname, "../..");

interface Example {
	readonly type: string;
}

/** What is shown as wrong: a target that is no name, what is too deep, and an object without an id. */
const WRONG =
	/^\{"type":"bark",("target_id":7|"text":\[)|^\{"type":"scene_add"\}$/;

function messagesIn(texts: readonly string[]): Example[] {
	return texts.flatMap((text) => {
		try {
			const value = JSON.parse(text);
			return typeof value?.type === "string" ? [value] : [];
		} catch {
			return [];
		}
	});
}

function blocksIn(path: string): string[] {
	const text = readFileSync(join(PACKAGE, path), "utf8");
	const blocks = text.matchAll(/```json\n([\s\S]*?)```/g);
	const inline = text.matchAll(/`(\{"type.*?\})`/g);
	return [
		...[...blocks].flatMap(([, code = ""]) => [code, ...code.split("\n")]),
		...[...inline].map(([, code = ""]) => code),
	];
}

describe.each([
	["PROTOCOL.md", 15],
	["../playground/README.md", 18],
	["../AGENTS-GUIDE.md", 8],
])("%s", (path, least) => {
	const messages = messagesIn(blocksIn(path));

	test("has examples", () => {
		expect(messages.length).toBeGreaterThanOrEqual(least);
	});

	test.each(messages)("$type", (message) => {
		expect(faultsOf(message)).toEqual([]);
	});
});

describe("the conversations of PROTOCOL.md", () => {
	const said = readConversations()
		.flatMap(({ lines }) => lines)
		.map((line) => line.replace(/^\w+[<>] /, ""))
		.filter((text) => !WRONG.test(text));
	// What stands for an id or a number stands in quotes or not.
	const texts = said.map((text) =>
		text.replace(/"<\w+>"/g, '"x"').replace(/<\w+>/g, "1"),
	);
	const messages = messagesIn(texts).filter(({ type }) => type in WORLD);

	test("have messages of the world", () => {
		expect(messages.length).toBeGreaterThan(40);
	});

	test.each(messages)("$type", (message) => {
		expect(faultsOf(message)).toEqual([]);
	});
});

test("each message that PROTOCOL.md describes has a schema", () => {
	const described = readTitles("Messages").filter((title) =>
		/^\w+$/.test(title),
	);
	expect(described.length).toBeGreaterThan(10);
	expect(described.filter((type) => !JSON_SCHEMAS.has(type))).toEqual([]);
});
