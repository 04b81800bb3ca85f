/** What is on the disk itself, and who waits for it [ORD16]. */
import fs from "node:fs";
import { expect, test } from "vitest";
import { type Disk, NODE_DISK } from "../../../src/node/order/disk.ts";
import { until } from "../../support/until.ts";
import { life, retain } from "./support/commands.ts";
import { copyFolder, createFolder } from "./support/data-folder.ts";
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
