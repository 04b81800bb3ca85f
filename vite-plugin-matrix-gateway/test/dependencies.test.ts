import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bundle } from "./dependencies/bundle.ts";
import {
	circlesIn,
	type Graph,
	graphOf,
	plantedIn,
} from "./dependencies/circles.ts";
import { ROOT, sourcesIn } from "./dependencies/files.ts";
import {
	CORE,
	HOUSES,
	houseOf,
	PLUGIN,
	SOURCE,
} from "./dependencies/houses.ts";
import { filesOf, straysOf } from "./dependencies/strays.ts";

describe("who may import whom", () => {
	test.each(HOUSES)("$folder", (house) => {
		const strays = filesOf(house).flatMap((file) => straysOf(house, file));
		expect(strays).toEqual([]);
	});

	test.each(HOUSES)("$folder has files to look at", (house) => {
		expect(filesOf(house).length).toBeGreaterThan(0);
	});

	test("every file of the plugin is in one of these folders, and core's alone is the front door", () => {
		expect(filesOf({ folder: SOURCE })).toEqual([]);
		expect(filesOf({ folder: CORE })).toEqual([`${CORE}/gateway.ts`]);
	});

	test.each([
		["core", 'import { join } from "node:path";'],
		["core", 'import type { WebSocket } from "ws";'],
		["core", 'import colors from "picocolors";'],
		["core", 'export * from "../client/index.ts";'],
		["core", 'const { a } = await import("../node/create-gateway.ts");'],
		["core", "const a = await import(name);"],
		["core", 'const a = require("node:net");'],
		["core", 'import a = require("node:net");'],
		["core", 'let a: import("vite").Plugin;'],
		["core", '/// <reference types="node" />'],
		["core", 'declare module "vite" { interface Plugin {} } export {};'],
		["client", 'import { createGateway } from "../core/gateway.ts";'],
		["client", 'import type { Host } from "../core/edge/host.ts";'],
		["client", 'import "node:events";'],
		["client", 'import url from "virtual:matrix-gateway";'],
		["client", 'import { WebSocket } from "ws";'],
		["client", 'import colors from "picocolors";'],
		["node", 'import type { Plugin } from "vite";'],
		["node", 'import { plugin } from "../vite/plugin.ts";'],
		["vite", 'import { WebSocketServer } from "ws";'],
		["vite", 'import { client } from "../client/index.ts";'],
		["vite", 'import leftPad from "left-pad";'],
		["vite", 'import { x } from "vite-plugin-matrix-gateway/protocol";'],
	])("in %s, %s is found", (name, text) => {
		const house = houseOf(`${SOURCE}/${name}`);
		expect(straysOf(house, `${house.folder}/planted.ts`, text)).toHaveLength(1);
	});

	test.each([
		["sidecar/src", 'import { x } from "vite-plugin-matrix-gateway/dist/x";'],
		["sidecar/src", `import { x } from "../../${CORE}/gateway.ts";`],
		["sidecar/src", 'import type { Plugin } from "vite";'],
		["playground/src", `import { x } from "../../${CORE}/protocol.ts";`],
		["playground/src", 'import { readFile } from "node:fs/promises";'],
		["playground", 'import { x } from "vite-plugin-matrix-gateway/src/a.ts";'],
		["e2e", `import { x } from "../${SOURCE}/client/index.ts";`],
		["e2e", 'import { createServer } from "../sidecar/src/server.ts";'],
	])("in %s, %s is found", (folder, text) => {
		const house = houseOf(folder);
		expect(straysOf(house, `${folder}/planted.ts`, text)).toHaveLength(1);
	});
});

describe("the storeys of core/, from below to above", () => {
	const STOREYS = ["protocol", "world", "order", "edge", ""];
	const UP = STOREYS.flatMap((from, index) =>
		STOREYS.slice(index + 1).map((to) => [from, to] as const),
	);
	const straysIn = (storey: string, text: string) =>
		straysOf(
			houseOf(`${CORE}/${storey}`),
			`${CORE}/${storey}/planted.ts`,
			text,
		);

	test.each(
		UP.flatMap(([from, to]) => [
			[from, `import { x } from "../${join(to, "x.ts")}";`],
			[from, `import type { X } from "../${join(to, "x.ts")}";`],
			[from, `export type { X } from "../${join(to, "x.ts")}";`],
		]),
	)("in %s an arrow up is found: %s", (from, text) => {
		expect(straysIn(from ?? "", text ?? "")).toHaveLength(1);
	});

	test("the order knows the world by its types alone", () => {
		const from = 'from "../world/world.ts";';
		expect(straysIn("order", `import type { X } ${from}`)).toEqual([]);
		expect(straysIn("order", `import { x } ${from}`)).toHaveLength(1);
		expect(straysIn("order", `import { type X } ${from}`)).toHaveLength(1);
		expect(straysIn("order", `export * ${from}`)).toHaveLength(1);
	});
});

describe("no circle among files", () => {
	const FOLDERS = [PLUGIN, "sidecar", "playground", "e2e", "scripts"];
	const graph = graphOf(FOLDERS.flatMap(sourcesIn));
	const circlesWith = (texts: Readonly<Record<string, string>>) =>
		circlesIn(plantedIn(graph, texts));

	test("types count as well", () => {
		expect(circlesIn(graph)).toEqual([]);
	});

	test.each([
		["two files", 'import { a } from "./a.ts";'],
		["two files, one by a type", 'import type { A } from "./a.ts";'],
		["two files, one by a type in a signature", 'let a: import("./a.ts").A;'],
		["two files, one by an export", 'export * from "./a.ts";'],
		["two files, one while it runs", 'const a = await import("./a.ts");'],
	])("of %s is found, and shown as a way", (_, text) => {
		const folder = `${SOURCE}/client`;
		expect(
			circlesWith({
				[`${folder}/a.ts`]: 'import { b } from "./b.ts";',
				[`${folder}/b.ts`]: text,
			}),
		).toContain(`${folder}/a.ts → ${folder}/b.ts → ${folder}/a.ts`);
	});

	test("of three files, by types alone, is found where it leads through other folders", () => {
		const [a, b, c] = ["world/a.ts", "world/b.ts", "edge/c.ts"].map(
			(name) => `${CORE}/${name}`,
		) as [string, string, string];
		expect(
			circlesWith({
				[a]: 'import type { C } from "../edge/c.ts";',
				[b]: 'import type { A } from "./a.ts";',
				[c]: 'export type { B } from "../world/b.ts";',
			}),
		).toContain(`${c} → ${b} → ${a} → ${c}`);
	});

	test("of a file with one that is there already is found", () => {
		const client = `${SOURCE}/client`;
		expect(
			circlesWith({
				[`${client}/backoff.ts`]: 'import type { X } from "./index.ts";',
			}),
		).not.toEqual([]);
	});

	test("of a file with itself is found; files that merely lead to one are not in it", () => {
		expect(
			circlesWith({
				"e2e/a.ts": 'import "./b.ts";',
				"e2e/b.ts": 'import { b } from "./b.ts";',
			}),
		).toEqual(["e2e/b.ts → e2e/b.ts"]);
	});
});

describe("native/ is imported from one place", () => {
	const NATIVE = `${SOURCE}/node/native/`;
	const CHOOSER = `${SOURCE}/node/native-io.ts`;
	const graph = graphOf([SOURCE, "sidecar/src"].flatMap(sourcesIn));
	/** Who imports what is in native/, from without. */
	const importersIn = (files: Graph) =>
		[...files]
			.filter(([, targets]) => targets.some((file) => file.startsWith(NATIVE)))
			.map(([file]) => file)
			.filter((file) => !file.startsWith(NATIVE));

	test("by nobody else", () => {
		expect(importersIn(graph)).toEqual([CHOOSER]);
	});

	test.each([
		["node", 'import { a } from "./native/scanner.ts";'],
		["vite", 'export type { A } from "../node/native/tcp-handle.ts";'],
	])("in %s, %s is found", (folder, text) => {
		const planted = `${SOURCE}/${folder}/planted.ts`;
		expect(importersIn(plantedIn(graph, { [planted]: text }))).toContain(
			planted,
		);
	});
});

describe("the router is pure", () => {
	const entry = join(ROOT, CORE, "gateway.ts");

	test("bundled, it imports nothing, and is made of its own folder alone", async () => {
		const { imports, files } = await bundle(entry);
		expect(imports).toEqual([]);
		expect(files).toContain(`${CORE}/gateway.ts`);
		expect(files.filter((file) => !file.startsWith(`${CORE}/`))).toEqual([]);
	});

	test("an import that is planted in it would be seen", async () => {
		const { imports, files } = await bundle(
			entry,
			'import "node:fs"; export * from "../client/backoff.ts";',
		);
		expect(imports).toEqual(["node:fs"]);
		expect(files).toContain(`${SOURCE}/client/backoff.ts`);
	});
});
