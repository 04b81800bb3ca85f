/** What a thread prints. */
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { eachLine } from "../../src/agents/lines.ts";

async function linesOf(chunks: readonly (string | Buffer)[]) {
	const stream = new PassThrough();
	const lines: string[] = [];
	eachLine(stream, (line) => lines.push(line));
	const end = once(stream, "end");
	for (const chunk of chunks) stream.write(chunk);
	stream.end();
	await end;
	return lines;
}

test.each([
	[["one\ntwo\n"], ["one", "two"]],
	[
		["on", "e\n\ntw", "o"],
		["one", "", "two"],
	],
	[
		["one\r", "\ntwo\rthree\r"],
		["one", "two", "three"],
	],
	[[Buffer.from([0xc3]), Buffer.from([0xbc, 0x0a])], ["ü"]],
	[[], []],
])("what is printed as %j are the lines %j", async (chunks, lines) => {
	expect(await linesOf(chunks)).toEqual(lines);
});

test("a line without an end is told in parts, and fills no memory", async () => {
	const stream = new PassThrough();
	const told = new Promise<string>((resolve) => eachLine(stream, resolve));
	const text = "x".repeat(100_000);
	stream.write(text);
	// It has no end yet.
	expect((await told).length).toBeLessThan(100_000);
	const parts = await linesOf([text, text, "\n", `${text}\n`]);
	expect(parts.join("")).toBe(text.repeat(3));
	expect(Math.max(...parts.map(({ length }) => length))).toBeLessThan(20_000);
});
