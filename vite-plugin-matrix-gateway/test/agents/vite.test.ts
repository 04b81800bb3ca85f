/** What Vite is told of agents: their files, errors with a place, and where they are built to. */
import type { HotPayload, ResolvedConfig } from "vite";
import { expect, test } from "vitest";
import { createAgentsChannel } from "../../src/vite/agents/channel.ts";
import {
	entryOf,
	loadEntry,
	resolveEntry,
} from "../../src/vite/agents/entry.ts";
import { checkOutDir, resolveAgents } from "../../src/vite/agents/options.ts";
import { frameOf, placeOf } from "../../src/vite/agents/place.ts";

test("patterns may be one, several, or have a folder beside them", () => {
	expect(resolveAgents(undefined)).toBeUndefined();
	expect(resolveAgents("a/*.ts")).toEqual({
		patterns: ["a/*.ts"],
		outDir: "dist-agents",
	});
	expect(resolveAgents(["a", "b"])?.patterns).toEqual(["a", "b"]);
	expect(resolveAgents({ files: "a", outDir: "b" })).toEqual({
		patterns: ["a"],
		outDir: "b",
	});
});

test.each([[""], [[]], [["a", 7]], [{ outDir: "b" }], [true]])(
	"%j is none",
	(given) => {
		expect(() => resolveAgents(given as string)).toThrow(
			"`agents` is a pattern",
		);
	},
);

test.each([
	["dist-agents", true],
	["dist", false],
	["dist/agents", false],
	["public", false],
	["dist/../agents", true],
])("agents may be built to %s: %s", (outDir, isFine) => {
	const config = {
		...{ root: "/app", publicDir: "/app/public", build: { outDir: "dist" } },
		environments: {},
	} as unknown as ResolvedConfig;
	const check = () => checkOutDir(config, { patterns: ["a"], outDir });
	if (isFine) check();
	else expect(check).toThrow("is served");
});

test("an entry imports its file by the URL that Vite has for it", () => {
	const source = (root: string, file: string) =>
		loadEntry(String(resolveEntry(entryOf(root, file))));
	expect(source("/app", "/app/src/ada b.ts")).toContain(
		'import("/src/ada b.ts")',
	);
	expect(source("/app", "/other/ada.ts")).toContain(
		'import("/@fs/other/ada.ts")',
	);
	expect(resolveEntry("virtual:matrix-gateway")).toBeUndefined();
});

const ERROR = { name: "Error", message: "no" };

test.each([
	["at live (/app/a b.ts:3:9)", "/app/a b.ts:3:8"],
	["at /app/a.ts:3:9", "/app/a.ts:3:8"],
	[
		"at async Promise.all (index 0)\n    at async /app/a.ts:1:1",
		"/app/a.ts:1:0",
	],
	["at x (file:///app/a.ts:2:1)", "/app/a.ts:2:0"],
	[
		"at x (/app/node_modules/p/a.js:1:1)\n    at y (/elsewhere/a.ts:1:1)",
		undefined,
	],
	["at process.processTicks (node:internal/process:1:1)", undefined],
])("%j is at %s", (calls, place) => {
	const found = placeOf({ ...ERROR, stack: `Error: no\n    ${calls}` }, "/app");
	expect(found && `${found.file}:${found.line}:${found.column}`).toBe(place);
});

test("what is imported and not there is at its import", () => {
	const file = import.meta.filename;
	const message = `Cannot find module '../../src/vite/agents/entry.ts' imported from '${file}'`;
	expect(placeOf({ ...ERROR, message, stack: "" }, "/app")).toMatchObject({
		file,
		line: expect.any(Number),
	});
	const failed = `Failed to load url ../../src/vite/agents/entry.ts (resolved id: ../../src/vite/agents/entry.ts) in ${file}. Does the file exist?`;
	expect(
		placeOf({ ...ERROR, message: failed, stack: "" }, "/app"),
	).toMatchObject({ file, line: expect.any(Number) });
	const other = `Cannot find package 'none' imported from ${file}x`;
	expect(placeOf({ ...ERROR, message: other, stack: "" }, "/app")).toBe(
		undefined,
	);
});

test("a frame has the line, a mark below the column, and two lines around", () => {
	const frame = frameOf({ file: import.meta.filename, line: 1, column: 4 });
	expect(frame?.split("\n").slice(0, 2)).toEqual([
		expect.stringMatching(/^1 {2}\| {2}\/\*\* What Vite/),
		"   |      ^",
	]);
	expect(frame?.split("\n")).toHaveLength(4);
	expect(frameOf({ file: "/nowhere", line: 1, column: 0 })).toBeUndefined();
});

test("an error with itself in it is told all the same", () => {
	const channel = createAgentsChannel();
	const told: string[] = [];
	channel.connect((_payload, text) => told.push(text));
	const cause: Record<string, unknown> = { size: 1n };
	cause.self = cause;
	const payload = { type: "custom", event: "e", data: cause } as HotPayload;
	channel.transport.send?.(payload);
	expect(JSON.parse(String(told[0])).data).toEqual({ size: "1" });
});
