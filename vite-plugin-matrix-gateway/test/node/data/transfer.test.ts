import fs from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { resolveOptions } from "../../../src/core/protocol/options.ts";
import { SILENCE } from "../../../src/core/world/silence.ts";
import {
	cutSnapshot,
	restoreSnapshot,
	type WorldSnapshot,
} from "../../../src/core/world/snapshot.ts";
import { apply, createWorld } from "../../../src/core/world/world.ts";
import { CODEC } from "../../../src/node/codec.ts";
import { fromLines, toLines } from "../../../src/node/data/pack.ts";
import { readData } from "../../../src/node/data/summary.ts";
import { exportData, importData } from "../../../src/node/data/transfer.ts";
import { anyOrder } from "../../core/support/any-command.ts";
import { life } from "../order/support/commands.ts";
import {
	copyFolder,
	createFolder,
	filesOf,
} from "../order/support/data-folder.ts";
import { startProcess } from "../order/support/process.ts";

const options = resolveOptions();

function createEmpty() {
	const world = createWorld({ options, codec: CODEC, effects: SILENCE });
	apply(world, { type: "up" }, "n0");
	return world;
}

function restored(snapshot: WorldSnapshot): WorldSnapshot {
	const world = createEmpty();
	restoreSnapshot(world, snapshot);
	return cutSnapshot(world);
}

test("a world is read back from its lines as it was", async () => {
	await fc.assert(
		fc.asyncProperty(anyOrder, async (order) => {
			const world = createEmpty();
			for (const { command } of order) apply(world, command, "n0");
			const snapshot = cutSnapshot(world);
			const read = await fromLines(toLines(snapshot));
			expect(restored(read)).toEqual(restored(snapshot));
		}),
		{ numRuns: 50 },
	);
});

async function livedIn(): Promise<string> {
	const folder = createFolder();
	const process = startProcess(folder);
	process.append(...life("timmy", 7));
	await process.close();
	return folder;
}

test("an export goes into another folder, and a process starts on it", async () => {
	const folder = await livedIn();
	const lines = [...exportData(folder)];
	expect(lines[0]).toBe(
		'{"format":"matrix-gateway","version":1,"world":"default"}',
	);
	const other = join(createFolder(), "new");
	await importData(other, lines);
	expect(fs.statSync(other).mode & 0o777).toBe(0o700);
	const [before, after] = [startProcess(folder), startProcess(other)];
	expect(after.found).toEqual(before.found);
	expect(after.found.retained).toHaveLength(5);
	await after.close();
	expect(startProcess(other).found.roster).toEqual(["timmy"]);
});

test("what an export says is what was said, and no token", async () => {
	const text = [...exportData(await livedIn())].join("\n");
	expect(text).toContain('{\\"type\\":\\"note\\",\\"n\\":6}');
	expect(text).toContain('"digest":"digest of timmy"');
});

test("an import does not touch a folder that has a world", async () => {
	const folder = await livedIn();
	const before = fs.readdirSync(folder);
	const lines = [...exportData(folder)];
	await expect(importData(folder, lines)).rejects.toThrow(
		"there is a world in",
	);
	expect(fs.readdirSync(folder)).toEqual(before);
});

test.each([
	["nothing", []],
	["no JSON", ["s3cret"]],
	["something else", ['{"format":"other"}']],
	["a newer version", ['{"format":"matrix-gateway","version":2}']],
	["a line that is none", [firstLine(), "{}"]],
	["no world", [firstLine(), '{"end":true}']],
	["a world of nonsense", [firstLine(), ...nonsense(), '{"end":true}']],
])("%s is refused, and leaves nothing", async (_, lines) => {
	const folder = createFolder();
	const refused = importData(folder, lines);
	await expect(refused).rejects.toMatchObject({ name: "DataError" });
	await expect(refused).rejects.not.toThrow("s3cret");
	expect(fs.readdirSync(folder)).toEqual(["lock"]);
});

test("a line changes nothing but the world that is read", async () => {
	const at = "counts.__proto__.planted";
	const lines = [firstLine(), JSON.stringify({ at, value: true })];
	await expect(fromLines(lines)).rejects.toThrow("too early");
	expect({}).not.toHaveProperty("planted");
});

test("an export that ends anywhere before its end is refused", async () => {
	const lines = [...exportData(await livedIn())];
	for (let count = 0; count < lines.length; count++)
		await expect(fromLines(lines.slice(0, count))).rejects.toThrow("too early");
});

test("a summary tells what is there, of a folder that is in use too", async () => {
	const folder = createFolder();
	const process = startProcess(folder);
	process.append(...life("timmy", 7));
	process.order.keep?.();
	const summary = readData(folder);
	expect(summary.worlds).toEqual([
		expect.objectContaining({
			...{ name: "default", agents: 1, sessions: 1, retained: 5 },
			...{ broadcast: 7, commands: 9 },
		}),
	]);
	expect(summary.last).toHaveLength(9);
	expect(summary.last[1]).toBe("join timmy on timmy");
	expect(summary.last[8]).toMatch(/^publish on timmy \d+ bytes$/);
	expect(summary.events).toEqual([]);
	const file = filesOf(folder, "log")[0] as string;
	const torn = copyFolder(folder);
	fs.appendFileSync(join(torn, "0000000001.log"), "half");
	expect(readData(torn).events).toMatchObject([
		{ event: "tornTail", bytes: 4 },
	]);
	expect(fs.statSync(file).size).toBeLessThanOrEqual(summary.bytes);
});

test("a folder that is not there, or has no world, is told of", () => {
	const folder = createFolder();
	expect(readData(folder)).toMatchObject({ worlds: [], last: [] });
	expect(() => exportData(folder)).toThrow("there is no world in");
	expect(() => readData(join(folder, "none"))).toThrow("is not there");
});

function firstLine(): string {
	return '{"format":"matrix-gateway","version":1,"world":"default"}';
}

function nonsense(): string[] {
	const names = ["time", "counts", "members", "peers", "roster"];
	return [...names, "sessions", "waiting", "log", "retained"].map((at) =>
		JSON.stringify({ at, value: "nonsense" }),
	);
}
