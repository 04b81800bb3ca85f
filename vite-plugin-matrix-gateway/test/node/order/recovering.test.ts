import fs from "node:fs";
import { basename, join as joinPath } from "node:path";
import { expect, test } from "vitest";
import { resolveOptions } from "../../../src/core/protocol/options.ts";
import type { Command } from "../../../src/core/world/command.ts";
import type { WorldSnapshot } from "../../../src/core/world/snapshot.ts";
import { CODEC } from "../../../src/node/codec.ts";
import { type Disk, NODE_DISK } from "../../../src/node/order/disk.ts";
import { createEntryLog } from "../../../src/node/order/entry-log.ts";
import { FORMAT } from "../../../src/node/order/file-format.ts";
import { toRecord } from "../../../src/node/order/records.ts";
import { recover } from "../../../src/node/order/recover.ts";
import { readSnapshot } from "../../../src/node/order/snapshot-files.ts";
import { encodeValue } from "../../../src/node/order/values.ts";
import { until } from "../../support/until.ts";
import { life, retain } from "./support/commands.ts";
import { copyFolder, createFolder, filesOf } from "./support/data-folder.ts";
import { type Process, startProcess } from "./support/process.ts";

const NAMES = ["0000000001.log", "0000000002.log", "0000000003.log"];

/** Appends commands, each in an entry of its own; returns the world after each, and where its log ends then. */
function appendEach(process: Process, folder: string, messages: number) {
	const file = filesOf(folder, "log").at(-1) as string;
	process.order.keep?.();
	const states = [{ world: process.world(), end: fs.statSync(file).size }];
	for (let n = 0; n < messages; n++) {
		process.append(retain("timmy", `${n}`, { type: "note", n }));
		process.order.keep?.();
		states.push({ world: process.world(), end: fs.statSync(file).size });
	}
	return { file: basename(file), states };
}

const read = (folder: string) => recover(NODE_DISK, folder, CODEC);
const namesOf = (world: WorldSnapshot | undefined) => world?.roster;
const keysOf = (world: WorldSnapshot | undefined) =>
	world?.retained.map(({ key }) => key);

function rewrite(path: string, change: (bytes: Buffer) => Buffer): void {
	fs.writeFileSync(path, change(fs.readFileSync(path)));
}

/** A folder in which two processes ended well, and one was killed: two snapshots, and the logs after. */
async function liveThrice(): Promise<{
	folder: string;
	worlds: WorldSnapshot[];
}> {
	const folder = createFolder();
	const worlds: WorldSnapshot[] = [];
	for (const name of ["timmy", "perplexity"]) {
		const process = startProcess(folder, { node: `node of ${name}` });
		process.append(...life(name, 7));
		worlds.push(process.world());
		await process.close();
	}
	const last = startProcess(folder, { node: "last" });
	last.append(...life("last", 7));
	last.order.keep?.();
	worlds.push(last.world());
	const killed = copyFolder(folder);
	await last.close();
	return { folder: killed, worlds };
}

test("a folder that is not there is made for its owner alone, as are its files", async () => {
	const folder = joinPath(createFolder(), "a", "b");
	const process = startProcess(folder);
	process.append(...life("timmy", 3));
	await process.close();
	expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
	for (const name of fs.readdirSync(folder))
		expect(fs.statSync(joinPath(folder, name)).mode & 0o777, name).toBe(0o600);
	expect(process.events).toEqual([]);
});

test("a world outlives its process, ended well or killed", async () => {
	const { folder, worlds } = await liveThrice();
	const process = startProcess(folder);
	expect(process.found.roster).toEqual(["timmy", "perplexity", "last"]);
	expect(keysOf(process.found)).toEqual(keysOf(worlds[2]));
	expect(process.found.sessions).toEqual(worlds[2]?.sessions);
	expect(process.events).toEqual([
		expect.objectContaining({ event: "restored", agents: 3, commands: 9 }),
	]);
});

test("a log that is torn at any byte of its last entries has what was before it", () => {
	const folder = createFolder();
	const process = startProcess(folder);
	process.append(...life("timmy", 3));
	const { file, states } = appendEach(process, folder, 3);
	const whole = fs.readFileSync(joinPath(folder, file));
	const torn = copyFolder(folder);
	for (let size = states[0]?.end ?? 0; size <= whole.length; size++) {
		fs.writeFileSync(joinPath(torn, file), whole.subarray(0, size));
		const found = read(torn);
		const kept = states.findLast(({ end }) => end <= size);
		expect(keysOf(found.world), `${size}`).toEqual(keysOf(kept?.world));
		const bytes = size - (kept?.end ?? 0);
		expect(found.findings.events).toEqual(
			bytes === 0 ? [] : [{ event: "tornTail", file, bytes }],
		);
	}
});

test("a log that is torn in its beginning is none, and its number is not given again", () => {
	const folder = createFolder();
	const process = startProcess(folder);
	process.append(...life("timmy", 3));
	process.order.keep?.();
	const torn = copyFolder(folder);
	const whole = fs.readFileSync(joinPath(torn, NAMES[0] as string));
	for (let size = 0; size < 300; size += 7) {
		fs.writeFileSync(
			joinPath(torn, NAMES[1] as string),
			whole.subarray(0, size),
		);
		const found = read(torn);
		expect(keysOf(found.world)).toEqual(keysOf(process.world()));
		expect(found.next).toBe(3);
		expect(found.end).toMatchObject({ generation: 1 });
	}
	const next = startProcess(torn);
	expect(keysOf(next.found)).toEqual(keysOf(process.world()));
	expect(filesOf(torn, "log").map((path) => basename(path))).toEqual([
		NAMES[0],
		NAMES[2],
	]);
});

test("what is torn stays so: who is killed again before there is a snapshot loses nothing", async () => {
	const folder = createFolder();
	const first = startProcess(folder);
	first.append(...life("timmy", 3));
	first.order.keep?.();
	const torn = copyFolder(folder);
	fs.appendFileSync(joinPath(torn, NAMES[0] as string), "half an entry");
	const noSnapshot = { ...NODE_DISK, renameSync: () => fail("EIO") };
	const second = startProcess(torn, { node: "n1", disk: noSnapshot });
	second.append(...life("perplexity", 3));
	second.order.keep?.();
	const again = copyFolder(torn);
	const third = startProcess(again, { node: "n2" });
	expect(third.found.roster).toEqual(["timmy", "perplexity"]);
	expect(third.events.map(({ event }) => event)).toEqual(["restored"]);
});

test("each bit of a snapshot is held by its checksums", async () => {
	const { folder } = await liveThrice();
	const newest = filesOf(folder, "snapshot").at(-1) as string;
	const whole = fs.readFileSync(newest);
	let broken = whole;
	const disk = { ...NODE_DISK, readFileSync: () => broken };
	const generation = Number.parseInt(basename(newest), 10);
	const readBroken = () =>
		readSnapshot(disk as unknown as Disk, folder, generation);
	expect(readBroken()).toBeDefined();
	for (let bit = 0; bit < 8 * whole.length; bit++) {
		broken = Buffer.from(whole);
		broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7));
		expect(readBroken(), `bit ${bit}`).toBeUndefined();
	}
});

test("where a snapshot is broken the one before it is taken, with a longer tail", async () => {
	const { folder, worlds } = await liveThrice();
	const newest = filesOf(folder, "snapshot").at(-1) as string;
	const whole = fs.readFileSync(newest);
	for (let at = 0; at < whole.length; at += 101) {
		const broken = Buffer.from(whole);
		broken[at] = (broken[at] ?? 0) ^ 1;
		fs.writeFileSync(newest, broken);
		const found = read(folder);
		expect(namesOf(found.world), `byte ${at}`).toEqual(worlds[2]?.roster);
		expect(keysOf(found.world)).toEqual(keysOf(worlds[2]));
		expect(found.findings.events).toMatchObject([
			{ event: "damaged", file: basename(newest) },
		]);
	}
	const next = startProcess(folder);
	expect(keysOf(next.found)).toEqual(keysOf(worlds[2]));
	expect(next.events.map(({ event }) => event)).toEqual([
		"damaged",
		"restored",
	]);
});

test("a snapshot that is cut short anywhere is none", async () => {
	const { folder, worlds } = await liveThrice();
	const [, newest] = filesOf(folder, "snapshot") as [string, string];
	const whole = fs.readFileSync(newest);
	for (let size = 0; size < whole.length; size += 101) {
		fs.writeFileSync(newest, whole.subarray(0, size));
		expect(keysOf(read(folder).world)).toEqual(keysOf(worlds[2]));
	}
});

test("nothing after a hole is taken: what is lost is told, and kept aside", async () => {
	const folder = createFolder();
	const process = startProcess(folder);
	process.append(...life("timmy", 3));
	const { file, states } = appendEach(process, folder, 5);
	const holed = copyFolder(folder);
	const path = joinPath(holed, file);
	const at = states[1]?.end ?? 0;
	rewrite(path, (bytes) => {
		bytes[at + 20] = (bytes[at + 20] ?? 0) ^ 1;
		return bytes;
	});
	const damaged = fs.readFileSync(path);
	const next = startProcess(holed, { node: "n1" });
	expect(keysOf(next.found)).toEqual(keysOf(states[1]?.world));
	expect(next.events).toMatchObject([
		{
			event: "damaged",
			file,
			reason: expect.stringContaining("3 whole entries"),
		},
		{ event: "restored" },
	]);
	expect(fs.readFileSync(joinPath(holed, "damaged", file))).toEqual(damaged);
	await next.close();
	const after = startProcess(holed, { node: "n2" });
	expect(after.events).toMatchObject([{ event: "restored" }]);
	expect(keysOf(after.found)).toEqual(keysOf(states[1]?.world));
});

test("a log that is gone is a hole", async () => {
	const folder = createFolder();
	const noSnapshot = { ...NODE_DISK, renameSync: () => fail("EIO") };
	let last: Process | undefined;
	for (const node of ["n0", "n1", "n2"]) {
		last = startProcess(folder, { node, disk: noSnapshot });
		last.append(...life(node, 2));
		await last.close();
	}
	const whole = read(copyFolder(folder));
	expect(namesOf(whole.world)).toEqual(["n0", "n1", "n2"]);
	// The one that the first process ended with has nothing, but is what the next one goes on from.
	fs.rmSync(joinPath(folder, NAMES[1] as string));
	const found = read(folder);
	expect(namesOf(found.world)).toEqual(["n0"]);
	const { events } = found.findings;
	expect(events.map(({ event }) => event)).toEqual(["damaged", "damaged"]);
});

test("where no snapshot is whole a world begins anew, and all there was is kept aside", async () => {
	const { folder } = await liveThrice();
	for (const path of filesOf(folder, "snapshot"))
		rewrite(path, (bytes) => bytes.subarray(0, 50));
	for (const path of filesOf(folder, "log").slice(0, 1)) fs.rmSync(path);
	const process = startProcess(folder);
	expect(process.found.roster).toEqual([]);
	const damaged = process.events.filter(({ event }) => event === "damaged");
	expect(damaged.length).toBeGreaterThanOrEqual(3);
	expect(fs.readdirSync(joinPath(folder, "damaged"))).toHaveLength(
		damaged.length,
	);
	process.append(...life("anew", 2));
	await process.close();
	const next = startProcess(folder);
	expect(next.found.roster).toEqual(["anew"]);
	expect(next.events).toMatchObject([{ event: "restored" }]);
});

test.each(["log", "snapshot"] as const)(
	"a %s of a newer format is refused by its name, and left as it is",
	async (kind) => {
		const { folder } = await liveThrice();
		const path = filesOf(folder, kind).at(-1) as string;
		rewrite(path, (bytes) => {
			const line = bytes.subarray(0, bytes.indexOf("\n") + 1);
			const header = toRecord(encodeValue({ format: FORMAT + 1, kind }));
			return Buffer.concat([line, header, Buffer.from("what that has")]);
		});
		const before = fs.readFileSync(path);
		expect(() => startProcess(folder)).toThrow(
			`${basename(path)} is of format ${FORMAT + 1}`,
		);
		expect(fs.readFileSync(path)).toEqual(before);
	},
);

test("what was applied under other options is what it was then", () => {
	const folder = createFolder();
	const process = startProcess(folder);
	process.append(...life("timmy", 5));
	process.order.keep?.();
	const options = { maxRetainedMessages: 2 };
	const found = read(copyFolder(folder));
	expect(keysOf(found.world)).toHaveLength(5);
	const next = startProcess(copyFolder(folder), { options });
	// There is no room for more than the latest two of what was kept.
	expect(next.found.roster).toEqual(["timmy"]);
	expect(next.found.retained.length).toBeLessThanOrEqual(2);
});

test("ERR3 a command that breaks the world is not met again: what was before it is there", async () => {
	const folder = createFolder();
	const process = startProcess(folder);
	process.append(...life("timmy", 3));
	process.order.keep?.();
	const broken = copyFolder(folder);
	const bytes = fs.statSync(joinPath(broken, NAMES[0] as string)).size;
	const parts = { disk: NODE_DISK, folder: broken, node: "n0" };
	const log = createEntryLog({ ...parts, options: resolveOptions() }, 2, {
		generation: 1,
		bytes,
	});
	log.write([retain("timmy", "before", {})]);
	// No process writes such a one; it stands for a bug.
	const bug = { type: "tick", ms: 1, report: 5 } as unknown as Command;
	log.write([retain("timmy", "with it", {}), bug]);
	log.write([retain("timmy", "after", {})]);
	log.close();
	const next = startProcess(broken, { node: "n1" });
	expect(keysOf(next.found)).toContain("before");
	expect(keysOf(next.found)).not.toContain("with it");
	expect(keysOf(next.found)).not.toContain("after");
	expect(next.events.map(({ event }) => event)).toEqual([
		"damaged",
		"restored",
	]);
});

test("a world that is handed over goes into a folder that has none, and no other", async () => {
	const [given, folder] = [createFolder(), createFolder()];
	const before = startProcess(given, { node: "n0" });
	before.append(...life("timmy", 3));
	const initial = before.world();
	const next = startProcess(folder, { node: "n1", initial });
	expect(next.found.roster).toEqual(["timmy"]);
	next.append(...life("perplexity", 1));
	next.order.keep?.();
	await until(
		() => filesOf(folder, "snapshot").length,
		(length) => length === 1,
	);
	const killed = copyFolder(folder);
	const again = startProcess(killed, { node: "n2", initial });
	expect(again.found.roster).toEqual(["timmy", "perplexity"]);
});

test("files that nobody needs go: two snapshots stay, and the logs since the older one", async () => {
	const folder = createFolder();
	for (let n = 0; n < 6; n++) {
		const process = startProcess(folder, { node: `n${n}` });
		process.append(...life(`a${n}`, 1));
		await process.close();
	}
	expect(fs.readdirSync(folder).sort()).toEqual([
		"0000000010.log",
		"0000000010.snapshot",
		"0000000011.log",
		"0000000012.log",
		"0000000012.snapshot",
		"lock",
	]);
});

function fail(code: string): never {
	throw Object.assign(new Error(code), { code, syscall: "rename" });
}
