/** What becomes of a world while its disk takes nothing, and once it does again. */
import fs from "node:fs";
import { expect, onTestFinished, test, vi } from "vitest";
import { CODEC } from "../../../src/node/codec.ts";
import { type Disk, NODE_DISK } from "../../../src/node/order/disk.ts";
import { recover } from "../../../src/node/order/recover.ts";
import { until } from "../../support/until.ts";
import { life, retain } from "./support/commands.ts";
import { copyFolder, createFolder, filesOf } from "./support/data-folder.ts";
import { startProcess } from "./support/process.ts";

/** A disk that fails with a code while it is told to. */
function createFailingDisk(code: string) {
	let fails: (keyof Disk)[] = [];
	let failures = 0;
	const failure = () => {
		failures++;
		return Object.assign(new Error(code), { code, syscall: "x" });
	};
	const sync = (name: keyof Disk) =>
		function call(...args: unknown[]) {
			if (fails.includes(name)) throw failure();
			return (fs[name] as (...given: unknown[]) => unknown)(...args);
		};
	const later = (name: keyof Disk) =>
		function call(...args: unknown[]) {
			if (!fails.includes(name))
				return (fs[name] as (...given: unknown[]) => unknown)(...args);
			const callback = args.at(-1) as (error: Error) => void;
			return setImmediate(() => callback(failure()));
		};
	const disk = {
		...NODE_DISK,
		openSync: sync("openSync"),
		writeSync: sync("writeSync"),
		renameSync: sync("renameSync"),
		rmSync: sync("rmSync"),
		closeSync: sync("closeSync"),
		write: later("write"),
		fdatasync: later("fdatasync"),
	} as Disk;
	return {
		disk,
		fail(...names: (keyof Disk)[]) {
			fails = names;
		},
		/** How often it has failed. */
		get failures() {
			return failures;
		},
	};
}

const PACE = { bytes: 1e9, age: 1e9, retry: 10 };
const keysOf = (folder: string) =>
	recover(NODE_DISK, copyFolder(folder), CODEC).world?.retained.map(
		({ key }) => key,
	);

test.each([
	["second", "ENOSPC", "writeSync"],
	["second", "EIO", "fdatasync"],
	["always", "ENOSPC", "write"],
	["always", "EIO", "fdatasync"],
	["never", "EDQUOT", "writeSync"],
] as const)(
	"ORD16 while the disk takes nothing the world goes on, and says so; then it is kept again (--fsync %s, %s in %s)",
	async (fsync, code, call) => {
		const folder = createFolder();
		const { disk, fail } = createFailingDisk(code);
		const process = startProcess(folder, { fsync, disk, pace: PACE });
		const keys = () => process.world().retained.map(({ key }) => key);
		const health = () => process.order.health?.state;
		process.append(...life("timmy", 1));
		await until(keys, ({ length }) => length === 1);
		expect(health()).toBe("ok");
		fail(call);
		process.append(retain("timmy", "lost", {}));
		process.order.keep?.();
		await until(health, (state) => state === "degraded");
		expect(process.order.health).toMatchObject({
			reason: expect.stringContaining(folder),
		});
		process.append(retain("timmy", "in memory", {}));
		await until(keys, ({ length }) => length === 3);
		const told = await new Promise<boolean>((resolve) =>
			process.order.whenSafe
				? process.order.whenSafe(() => resolve(true))
				: resolve(true),
		);
		expect(told, "nobody waits for a disk that takes nothing").toBe(true);
		fail();
		await until(health, (state) => state === "ok");
		process.append(retain("timmy", "kept", {}));
		await until(keys, ({ length }) => length === 4);
		process.order.keep?.();
		expect(keysOf(folder)).toEqual(keys());
		expect(process.events.map(({ event }) => event)).toEqual([
			"degraded",
			"durable",
		]);
		await process.close();
		expect(keysOf(folder)).toEqual(keys());
	},
);

test("a disk that fails again and again is told of once, and leaves no more files", async () => {
	const folder = createFolder();
	const failing = createFailingDisk("ENOSPC");
	const { disk, fail } = failing;
	const process = startProcess(folder, { disk, pace: PACE });
	process.append(...life("timmy", 3));
	process.order.keep?.();
	const before = fs.readdirSync(folder).sort();
	fail("writeSync", "write");
	process.append(retain("timmy", "lost", {}));
	process.order.keep?.();
	await until(
		() => failing.failures,
		(failures) => failures >= 3,
	);
	expect(process.events).toMatchObject([{ event: "degraded" }]);
	expect(fs.readdirSync(folder).sort()).toEqual(before);
	expect(keysOf(folder)).toHaveLength(3);
});

test("where no snapshot can be written the log goes on, and is told to grow", async () => {
	const folder = createFolder();
	const { disk, fail } = createFailingDisk("ENOSPC");
	const pace = { ...PACE, bytes: 2_000 };
	const process = startProcess(folder, { disk, pace });
	process.append(...life("timmy", 1));
	fail("write");
	process.append(...life("perplexity", 30));
	process.order.keep?.();
	await until(
		() => process.order.health?.state,
		(state) => state === "degraded",
	);
	process.append(...life("late", 5));
	process.order.keep?.();
	const world = process.world();
	expect(keysOf(folder)).toEqual(world.retained.map(({ key }) => key));
	fail();
	await until(
		() => process.order.health?.state,
		(state) => state === "ok",
	);
	expect(filesOf(folder, "snapshot").length).toBeGreaterThan(0);
	expect(keysOf(folder)).toEqual(world.retained.map(({ key }) => key));
});

/** Told of each promise that is rejected and of which nobody knows, which ends a sidecar. */
function watchRejections() {
	const rejected = vi.fn();
	process.on("unhandledRejection", rejected);
	onTestFinished(() => void process.off("unhandledRejection", rejected));
	return rejected;
}

test.each(["rmSync", "closeSync"] as const)(
	"a disk that does not even take %s ends no process, and may come back",
	async (call) => {
		const rejected = watchRejections();
		const failing = createFailingDisk("EIO");
		const { disk, fail } = failing;
		const hub = startProcess(createFolder(), { disk, pace: PACE });
		const health = () => hub.order.health?.state;
		hub.append(...life("timmy", 1));
		hub.order.keep?.();
		fail("writeSync", call);
		hub.append(retain("timmy", "lost", {}));
		hub.order.keep?.();
		await until(health, (state) => state === "degraded");
		// Its log begins, and no snapshot comes of it.
		fail("write", call);
		const before = failing.failures;
		await until(
			() => failing.failures,
			(failures) => failures >= before + 3,
		);
		await new Promise((resolve) => setTimeout(resolve, 20));
		fail();
		await until(health, (state) => state === "ok");
		expect(rejected).not.toHaveBeenCalled();
	},
);

test("a file that could neither be written nor removed is in nobody's way", async () => {
	const failing = createFailingDisk("EIO");
	const { disk, fail } = failing;
	const process = startProcess(createFolder(), { disk, pace: PACE });
	const health = () => process.order.health?.state;
	process.append(...life("timmy", 1));
	process.order.keep?.();
	fail("writeSync", "rmSync");
	process.append(retain("timmy", "lost", {}));
	process.order.keep?.();
	await until(
		() => failing.failures,
		(failures) => failures >= 3,
	);
	fail();
	await until(health, (state) => state === "ok");
});
