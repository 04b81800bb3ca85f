import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bundle } from "./dependencies/bundle.ts";
import { filesOf, type House, ROOT, straysOf } from "./dependencies/imports.ts";

const PLUGIN = "vite-plugin-matrix-gateway";
const SOURCE = `${PLUGIN}/src`;
const CORE = `${SOURCE}/core`;

/** Who may import whom. */
const HOUSES: readonly House[] = [
	{ folder: CORE },
	{ folder: `${SOURCE}/client`, files: [`${CORE}/protocol`] },
	{
		folder: `${SOURCE}/node`,
		files: [CORE, `${PLUGIN}/package.json`],
		packages: ["ws", "h3", "node:*"],
	},
	{
		folder: `${SOURCE}/vite`,
		files: [CORE, `${SOURCE}/node`, `${PLUGIN}/package.json`],
		packages: ["vite", "node:*"],
	},
	{
		folder: "sidecar/src",
		files: ["sidecar/package.json"],
		packages: [PLUGIN, "h3", "srvx", "node:*"],
	},
	{ folder: "playground/src", packages: [PLUGIN, "virtual:*"] },
	{
		folder: "playground",
		packages: [PLUGIN, "virtual:*", "vite", "vitest", "ws", "node:*"],
	},
	{ folder: "e2e", packages: [PLUGIN, "vite", "ws", "node:*"] },
];

function houseOf(folder: string): House {
	const house = HOUSES.find((other) => other.folder === folder);
	if (!house) throw new Error(`no rule for ${folder}`);
	return house;
}

describe("who may import whom", () => {
	test.each(HOUSES)("$folder", (house) => {
		const strays = filesOf(house, HOUSES).flatMap((file) =>
			straysOf(house, file),
		);
		expect(strays).toEqual([]);
	});

	test.each(HOUSES.filter(({ folder }) => folder !== "e2e"))(
		"$folder has files to look at",
		(house) => {
			expect(filesOf(house, HOUSES).length).toBeGreaterThan(0);
		},
	);

	test.each([
		["core", 'import { join } from "node:path";'],
		["core", 'import type { WebSocket } from "ws";'],
		["core", 'export * from "../client/client.ts";'],
		["core", 'const { a } = await import("../node/create-gateway.ts");'],
		["core", 'let a: import("vite").Plugin;'],
		["client", 'import { createGateway } from "../core/gateway.ts";'],
		["client", 'import "node:events";'],
		["client", 'import url from "virtual:matrix-gateway";'],
		["client", 'import { WebSocket } from "ws";'],
		["node", 'import type { Plugin } from "vite";'],
		["node", 'import { plugin } from "../vite/plugin.ts";'],
		["vite", 'import { WebSocketServer } from "ws";'],
		["vite", 'import { client } from "../client/client.ts";'],
		["vite", 'import leftPad from "left-pad";'],
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
		["e2e", `import { x } from "../${SOURCE}/client/client.ts";`],
		["e2e", 'import { createServer } from "../sidecar/src/server.ts";'],
	])("in %s, %s is found", (folder, text) => {
		const house = houseOf(folder);
		expect(straysOf(house, `${folder}/planted.ts`, text)).toHaveLength(1);
	});
});

describe("native/ is imported from one place", () => {
	const NODE = `${SOURCE}/node`;
	const CHOOSER = `${NODE}/native-io.ts`;
	/** What a file of src imports from native/, unless it may. */
	function importsOfNative(file: string, text?: string): string[] {
		const others = ["core", "node", "vite", "client"].flatMap((folder) =>
			readdirSync(join(ROOT, SOURCE, folder))
				.filter((name) => name !== "native")
				.map((name) => `${SOURCE}/${folder}/${name}`),
		);
		const packages = ["ws", "h3", "vite", "node:*"];
		const files = [...others, `${PLUGIN}/package.json`];
		return straysOf({ folder: CHOOSER, files, packages }, file, text);
	}

	test("by nobody else", () => {
		const files = filesOf({ folder: SOURCE }, [{ folder: `${NODE}/native` }]);
		expect(files).toContain(CHOOSER);
		const strays = files
			.filter((file) => file !== CHOOSER)
			.flatMap((file) => importsOfNative(file));
		expect(strays).toEqual([]);
	});

	test.each([
		["node", 'import { a } from "./native/scanner.ts";'],
		["vite", 'export type { A } from "../node/native/tcp-handle.ts";'],
	])("in %s, %s is found", (folder, text) => {
		const planted = `${SOURCE}/${folder}/planted.ts`;
		expect(importsOfNative(planted, text)).toHaveLength(1);
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
