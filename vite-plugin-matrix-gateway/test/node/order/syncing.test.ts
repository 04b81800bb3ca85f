/** What is on the disk itself, and who waits for it [ORD16]. */
import fs from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { resolveOptions } from "../../../src/core/protocol/options.ts";
import { type Disk, NODE_DISK } from "../../../src/node/order/disk.ts";
import { createEntryLog } from "../../../src/node/order/entry-log.ts";
import { createSyncer } from "../../../src/node/order/syncer.ts";
import { until } from "../../support/until.ts";
import { life, retain } from "./support/commands.ts";
import { copyFolder, createFolder, filesOf } from "./support/data-folder.ts";
import { startProcess } from "./support/process.ts";

/** A disk that says which files it was told to sync, and does it when it may. */
function createSlowDisk() {
	const synced: string[] = [];
	const waiting: (() => void)[] = [];
	let isSlow = false;
	const nameOf = (fd: number) =>
		fs.readlinkSync(`/proc/self/fd/${fd}`).split("/").at(-1) ?? "";
	const disk = {
		...NODE_DISK,
		fdatasync(fd: number, callback: (error: null) => void) {
			const done = () => {
				synced.push(nameOf(fd));
				callback(null);
			};
			if (isSlow) waiting.push(done);
			else setImmediate(done);
		},
	} as unknown as Disk;
	return {
		disk,
		synced,
		/** Nothing is synced from here on. */
		stop() {
			isSlow = true;
		},
		goOn() {
			isSlow = false;
			for (const done of waiting.splice(0)) done();
		},
		get isAsked() {
			return waiting.length > 0;
		},
	};
}

const onLinux = test.runIf(process.platform === "linux");

onLinux(
	"ORD16 who asks is told once what came before is on the disk",
	async () => {
		const slow = createSlowDisk();
		const process = startProcess(createFolder(), {
			...{ fsync: "second", disk: slow.disk },
		});
		const { whenSafe } = process.order;
		process.append(...life("timmy", 1));
		await new Promise<void>((resolve) => whenSafe?.(resolve));
		let isTold = false;
		whenSafe?.(() => {
			isTold = true;
		});
		expect(isTold, "nothing came since").toBe(true);
		slow.stop();
		process.append(retain("timmy", "a", {}));
		const told: string[] = [];
		whenSafe?.(() => told.push("a"));
		await until(() => slow.isAsked, Boolean);
		process.append(retain("timmy", "b", {}));
		whenSafe?.(() => told.push("b"));
		expect(told).toEqual([]);
		slow.goOn();
		await until(
			() => told.length,
			(length) => length >= 1,
		);
		expect(told, "that came while it was synced").toEqual(["a"]);
		await until(
			() => told.length,
			(length) => length >= 2,
		);
		expect(told).toEqual(["a", "b"]);
	},
);

onLinux(
	"ORD16 always: nothing is applied that is not on the disk",
	async () => {
		const slow = createSlowDisk();
		const process = startProcess(createFolder(), {
			...{ fsync: "always", disk: slow.disk },
		});
		process.append(...life("timmy", 1));
		await until(
			() => process.applied.length,
			(length) => length === 3,
		);
		slow.stop();
		process.append(retain("timmy", "a", {}));
		await until(() => slow.isAsked, Boolean);
		process.append(retain("timmy", "b", {}), retain("timmy", "c", {}));
		expect(process.applied).toHaveLength(3);
		slow.goOn();
		await until(
			() => process.applied.length,
			(length) => length === 6,
		);
	},
);

onLinux(
	"ORD16 what a killed process wrote is on the disk before anything that follows it",
	async () => {
		const folder = createFolder();
		const killed = startProcess(folder, { fsync: "never" });
		killed.append(...life("timmy", 3));
		killed.order.keep?.();
		const slow = createSlowDisk();
		const next = startProcess(copyFolder(folder), {
			...{ fsync: "always", disk: slow.disk, node: "n1" },
		});
		await until(
			() => next.applied.length,
			(length) => length === 1,
		);
		const logs = slow.synced.filter((name) => name.endsWith(".log"));
		expect(logs.slice(0, 2)).toEqual(["0000000001.log", "0000000002.log"]);
	},
);

onLinux("never: the disk is told nothing but of snapshots", async () => {
	const slow = createSlowDisk();
	const pace = { bytes: 10_000, age: 1e9, retry: 1e9 };
	const process = startProcess(createFolder(), {
		...{ fsync: "never", disk: slow.disk, pace },
	});
	expect(process.order.whenSafe).toBeUndefined();
	process.append(...life("timmy", 100));
	process.order.keep?.();
	await until(
		() => slow.synced.length,
		(length) => length >= 1,
	);
	expect(slow.synced).toEqual(["unfinished.snapshot"]);
});

/** The logs of a folder that this process has open, those that are removed included. */
function openLogs(folder: string): string[] {
	return fs
		.readdirSync("/proc/self/fd")
		.map((fd) => {
			try {
				return fs.readlinkSync(`/proc/self/fd/${fd}`);
			} catch {
				return "";
			}
		})
		.filter((path) => path.startsWith(folder) && path.includes(".log"));
}

/** A world that stays small, and has a snapshot after each hundred messages. */
const SNAPSHOTS_OFTEN = {
	options: { maxLogBytes: 1_000, maxSessionBytes: 1_000 },
	pace: { bytes: 10_000, age: 1e9, retry: 1e9 },
};

/** Appends until so many snapshots more are on the disk. */
async function fillUp(
	process: ReturnType<typeof startProcess>,
	folder: string,
	snapshots: number,
) {
	for (let n = 0; n < snapshots; n++) {
		const before = filesOf(folder, "snapshot").at(-1);
		process.append(...life("timmy", 100));
		process.order.keep?.();
		await until(
			() => filesOf(folder, "snapshot").at(-1),
			(last) => last !== before,
		);
	}
}

onLinux.each(["second", "never"] as const)(
	"a log that is over is closed, so that its room on the disk is free once it is removed (--fsync %s)",
	async (fsync) => {
		const folder = createFolder();
		const process = startProcess(folder, { fsync, ...SNAPSHOTS_OFTEN });
		await fillUp(process, folder, 4);
		await until(
			() => openLogs(folder),
			({ length }) => length === 1,
			3_000,
		);
	},
);

test("never: a log of the process before that was removed meanwhile is not missed at the end", async () => {
	const folder = createFolder();
	const killed = startProcess(folder, { fsync: "never", ...SNAPSHOTS_OFTEN });
	killed.append(...life("timmy", 3));
	killed.order.keep?.();
	const copy = copyFolder(folder);
	const next = startProcess(copy, {
		...{ fsync: "never", ...SNAPSHOTS_OFTEN, node: "n1" },
	});
	await fillUp(next, copy, 3);
	expect(fs.existsSync(join(copy, "0000000001.log"))).toBe(false);
	await next.close();
	expect(next.events.map(({ event }) => event)).toEqual(["restored"]);
	expect(next.order.health).toEqual({ state: "ok" });
});

test("a log of the process before that the disk will not sync is let go with all that went on from it", async () => {
	const folder = createFolder();
	const before = join(folder, "0000000001.log");
	fs.writeFileSync(before, "");
	const disk = {
		...NODE_DISK,
		fdatasync: (_: number, callback: (error: Error) => void) =>
			setImmediate(() => callback(new Error("EIO"))),
	} as unknown as Disk;
	const syncer = createSyncer(disk, folder, before);
	const log = (generation: number) => ({
		...{ generation, begins: "empty" as const, bytes: 0 },
		...{ write() {}, async writeLater() {}, async sync() {}, close() {} },
	});
	syncer.follow(log(2));
	await expect(syncer.sync()).rejects.toThrow("EIO");
	syncer.leave();
	syncer.follow(log(3));
	await syncer.sync();
});

test("a log that is written to meanwhile is closed only then: its number may be another file's by that time", async () => {
	const folder = createFolder();
	const closed: number[] = [];
	let write: (() => void) | undefined;
	const disk = {
		...NODE_DISK,
		write(...args: Parameters<typeof fs.write>) {
			write = () => fs.write(...args);
		},
		closeSync(fd: number) {
			closed.push(fd);
			fs.closeSync(fd);
		},
	} as unknown as Disk;
	const log = createEntryLog(
		{ ...{ disk, folder, node: "n0" }, options: resolveOptions() },
		1,
		"empty",
	);
	const written = log.writeLater(life("timmy", 1));
	log.close();
	expect(closed).toEqual([]);
	write?.();
	await written;
	expect(closed).toHaveLength(1);
});
