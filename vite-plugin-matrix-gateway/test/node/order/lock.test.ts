import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { lockFolder } from "../../../src/node/order/lock.ts";
import { ownFile, thisProcess } from "../../../src/node/order/owner-file.ts";
import { createFolder } from "./support/data-folder.ts";

/** A process that lives until the test ends it. */
function startOther() {
	const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
	onTestFinished(() => void other.kill("SIGKILL"));
	return other;
}

test("a folder is one holder's, until that one gives it up", () => {
	const folder = createFolder();
	const unlock = lockFolder(folder);
	expect(() => lockFolder(folder)).toThrow(
		`${folder} is in use by another process (${process.pid})`,
	);
	unlock();
	lockFolder(folder)();
});

test.skipIf(process.platform === "win32")(
	"a lock ends with its process, however that ends, and holds against others until then",
	async () => {
		const folder = createFolder();
		const program = `
			const fd = require("fs").openSync(${JSON.stringify(join(folder, "lock"))}, "a+");
			require("fs").writeSync(fd, JSON.stringify({ pid: process.pid }));
			require("child_process").spawnSync("flock", ["-n", "3"], { stdio: ["ignore", "ignore", "ignore", fd] });
			console.log("locked");
			setInterval(() => {}, 1000);`;
		const other = spawn(process.execPath, ["-e", program]);
		onTestFinished(() => void other.kill("SIGKILL"));
		await once(other.stdout, "data");
		expect(() => lockFolder(folder)).toThrow(`(${other.pid})`);
		const closed = once(other, "close");
		other.kill("SIGKILL");
		await closed;
		lockFolder(folder)();
	},
);

test("where no system locks, a file says whose a folder is", () => {
	const path = join(createFolder(), "owner");
	const disown = ownFile(path);
	expect(disown).toBeDefined();
	expect(ownFile(path)).toBeUndefined();
	disown?.();
	ownFile(path)?.();
	expect(fs.readdirSync(join(path, ".."))).toEqual([]);
});

test("without `flock` a folder is one holder's all the same", () => {
	const folder = createFolder();
	vi.stubEnv("PATH", "");
	onTestFinished(() => void vi.unstubAllEnvs());
	const unlock = lockFolder(folder);
	expect(() => lockFolder(folder)).toThrow(`(${process.pid})`);
	unlock();
	lockFolder(folder)();
});

test("the file of a process that is gone is in nobody's way", async () => {
	const path = join(createFolder(), "owner");
	const other = startOther();
	const started = JSON.parse(thisProcess()).started;
	fs.writeFileSync(path, JSON.stringify({ pid: other.pid }));
	const closed = once(other, "close");
	other.kill("SIGKILL");
	await closed;
	expect(ownFile(path)).toBeDefined();
	fs.writeFileSync(path, "not even JSON");
	expect(ownFile(path)).toBeDefined();
	fs.writeFileSync(path, JSON.stringify({ pid: 2 ** 22 + 1, started }));
	expect(ownFile(path)).toBeDefined();
});

test.runIf(process.platform === "linux")(
	"a process that has the number of one that is gone is not taken for it",
	() => {
		const path = join(createFolder(), "owner");
		const other = startOther();
		fs.writeFileSync(path, JSON.stringify({ pid: other.pid, started: "0" }));
		expect(ownFile(path)).toBeDefined();
	},
);

test.runIf(process.platform === "linux")(
	"a process that lives is in the way",
	() => {
		const path = join(createFolder(), "owner");
		const other = startOther();
		const boot = fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8");
		const stat = fs.readFileSync(`/proc/${other.pid}/stat`, "utf8");
		const started = `${boot.trim()} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
		const text = JSON.stringify({ pid: other.pid, started });
		fs.writeFileSync(path, text);
		expect(ownFile(path)).toBeUndefined();
		expect(fs.readFileSync(path, "utf8")).toBe(text);
	},
);
