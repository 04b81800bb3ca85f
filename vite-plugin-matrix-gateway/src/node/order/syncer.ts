/** Brings logs to the disk itself, the oldest first, so that none is there that goes on from one that is not. */
import { type Disk, syncFile, syncFolder } from "./disk.ts";
import type { EntryLog } from "./entry-log.ts";

export interface Syncer {
	/** This log is written from here on; the one before is closed once it is on the disk. */
	follow(log: EntryLog): void;
	/** The logs before the one that is written are closed, on the disk or not. */
	letGo(): void;
	/** Nothing is written from here on, and nobody waits. */
	leave(): void;
	/** Something was written. */
	written(): void;
	/** Resolves when all that was written so far is on the disk; rejects with what the disk says. */
	sync(): Promise<void>;
	/** Calls back when what was written so far is on the disk, for which others have to `sync`. */
	whenSynced(callback: () => void): void;
}

/** @param before A log of a process that was killed, of which the disk may not have all. */
export function createSyncer(
	disk: Disk,
	folder: string,
	before: string | undefined,
): Syncer {
	let unsynced = before;
	/** The last one is written. */
	let logs: EntryLog[] = [];
	/** Whether the folder has a name that may not be on the disk. */
	let isFolderDirty = false;
	/** How often something was written, and how many of that are on the disk. */
	let written = 0;
	let synced = 0;
	let waiting: Waiting[] = [];
	/** The rounds so far, one after the other; it never rejects. */
	let rounds: Promise<void> = Promise.resolve();

	async function round(): Promise<void> {
		const all = logs;
		const end = written;
		if (end === synced) return;
		if (unsynced !== undefined) await syncFile(disk, unsynced);
		unsynced = undefined;
		for (const log of all) await log.sync();
		if (isFolderDirty) await syncFolder(disk, folder);
		// Others may have come, or all have been left, while it went on.
		if (logs !== all && !logs.includes(all.at(-1) as EntryLog)) return;
		isFolderDirty &&= logs.at(-1) !== all.at(-1);
		const done = all.slice(0, -1);
		logs = logs.filter((log) => !done.includes(log));
		closeAll(done);
		synced = end;
		callBack();
	}

	/** Not while one of them is being synced: its number may be another file's by then. */
	function closeLater(left: readonly EntryLog[]): void {
		rounds = rounds.then(() => closeAll(left));
	}

	function callBack(): void {
		const ready = waiting.filter(({ since }) => since <= synced);
		waiting = waiting.filter(({ since }) => since > synced);
		for (const { callback } of ready) callback();
	}

	return {
		follow(log) {
			logs = [...logs, log];
			written++;
			isFolderDirty = true;
		},
		letGo() {
			closeLater(logs.slice(0, -1));
			logs = logs.slice(-1);
			unsynced = undefined;
		},
		leave() {
			closeLater(logs);
			logs = [];
			// What comes goes on from none of them.
			unsynced = undefined;
			synced = written;
			callBack();
		},
		written() {
			written++;
		},
		sync() {
			const done = rounds.then(round);
			rounds = done.catch(ignore);
			return done;
		},
		whenSynced(callback) {
			if (written === synced) callback();
			else waiting.push({ since: written, callback });
		},
	};
}

interface Waiting {
	/** How often something had been written. */
	readonly since: number;
	readonly callback: () => void;
}

/** What a disk says at the end of a file changes nothing: the file is closed, and nobody waits for it. */
function closeAll(logs: readonly EntryLog[]): void {
	for (const log of logs)
		try {
			log.close();
		} catch {
			// And it must not be closed twice.
		}
}

function ignore(): void {}
