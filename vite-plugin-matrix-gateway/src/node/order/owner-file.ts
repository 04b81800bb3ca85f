/**
 * A file that says which process owns its folder, for where the operating system locks no file for
 * us. A process is known by its number and when it started, since numbers come again. Processes that
 * do not see each other, as in two containers, are not kept apart by it.
 */
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import { FILE_MODE } from "./disk.ts";

/** A process, and what tells it from a later one of its number. */
export interface Owner {
	readonly pid: number;
	/** In the units of its system; undefined where that does not say. */
	readonly started?: string | undefined;
}

/** This process, as it is written. */
export function thisProcess(): string {
	return JSON.stringify({ pid: process.pid, started: startOf(process.pid) });
}

/** Who owns a file; undefined where nobody does. */
export function readOwner(path: string): Owner | undefined {
	try {
		const owner: unknown = JSON.parse(fs.readFileSync(path, "utf8"));
		return isOwner(owner) ? owner : undefined;
	} catch {
		return undefined;
	}
}

/** Makes a file this process' own; undefined where another that lives has it. Returns what gives it up. */
export function ownFile(path: string): (() => void) | undefined {
	if (create(path)) return () => fs.rmSync(path, { force: true });
	if (!removeStale(path)) return undefined;
	return create(path) ? () => fs.rmSync(path, { force: true }) : undefined;
}

function create(path: string): boolean {
	const own = `${path}.${randomUUID()}`;
	fs.writeFileSync(own, thisProcess(), { mode: FILE_MODE });
	try {
		// It appears with all that is in it, or not at all.
		fs.linkSync(own, path);
		return true;
	} catch {
		return false;
	} finally {
		fs.rmSync(own);
	}
}

/** Of two processes that find the same stale file one alone can move it away. */
function removeStale(path: string): boolean {
	if (isAlive(readOwner(path))) return false;
	const away = `${path}.${randomUUID()}`;
	try {
		fs.renameSync(path, away);
	} catch {
		return false;
	}
	// By now it may have been the other one's, which has moved the stale one away before.
	const isMistaken = isAlive(readOwner(away));
	if (isMistaken) fs.linkSync(away, path);
	fs.rmSync(away);
	return !isMistaken;
}

function isAlive(owner: Owner | undefined): boolean {
	if (!owner) return false;
	try {
		process.kill(owner.pid, 0);
	} catch (error) {
		// Another user's process is one.
		if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
	}
	const started = startOf(owner.pid);
	return started === undefined || started === owner.started;
}

/** When a process started, since the boot of which it says the id; undefined where there is no /proc. */
function startOf(pid: number): string | undefined {
	try {
		const stat = fs.readFileSync(`/proc/${pid}/stat`, "latin1");
		const boot = fs.readFileSync("/proc/sys/kernel/random/boot_id", "latin1");
		// The command may have spaces; after it the start is the twentieth (proc(5)).
		const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
		return `${boot.trim()} ${started}`;
	} catch {
		return undefined;
	}
}

function isOwner(value: unknown): value is Owner {
	return (
		typeof value === "object" &&
		value !== null &&
		"pid" in value &&
		Number.isSafeInteger(value.pid)
	);
}
