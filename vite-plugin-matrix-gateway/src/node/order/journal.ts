/**
 * What was applied to a world, on its way to the disk: the log that is written, when the next one
 * begins with a snapshot, and what becomes of it all while the disk takes nothing.
 */
import type { OrderHealth, OrderNode } from "../../core/order/order.ts";
import type { Command } from "../../core/world/command.ts";
import type { WorldSnapshot } from "../../core/world/snapshot.ts";
import type { WorldOptions } from "../../core/world/state.ts";
import type { DataEvent } from "./data-event.ts";
import {
	type Generation,
	logPath,
	remove,
	removeBefore,
} from "./data-files.ts";
import { type Disk, freeBytes } from "./disk.ts";
import { createEntryLog, type EntryLog } from "./entry-log.ts";
import type { Beginning } from "./file-format.ts";
import type { Recovered } from "./recover.ts";
import { writeSnapshot } from "./snapshot-files.ts";
import {
	createSnapshotSchedule,
	type SnapshotPace,
} from "./snapshot-schedule.ts";
import { createSyncer } from "./syncer.ts";

export interface Journal {
	readonly health: OrderHealth;
	/** Writes commands that were or are about to be applied. */
	write(commands: readonly Command[]): void;
	/** Resolves when commands that are to be applied are on the disk, or the disk takes nothing. */
	writeThrough(commands: readonly Command[]): Promise<void>;
	/** Calls back when what was written is on the disk, or the disk takes nothing. */
	whenSynced(callback: () => void): void;
	/** Cuts a snapshot, if it is time for one. */
	rest(): void;
	/** Resolves when all is on the disk; in a snapshot, where that can be. */
	close(): Promise<void>;
}

/** When data goes to the disk itself: each second, before anybody is told of it, or when the system likes. */
export type Fsync = "second" | "always" | "never";

/** What a journal needs. */
export interface JournalParts {
	readonly disk: Disk;
	readonly folder: string;
	readonly node: OrderNode;
	readonly options: WorldOptions;
	readonly fsync: Fsync;
	readonly recovered: Recovered;
	readonly pace: SnapshotPace;
	/** Brings files and world together; false where a snapshot of the one would not stand for the other. */
	settle(): boolean;
	/** It never throws. */
	tell(event: DataEvent): void;
}

/** Milliseconds between two looks at what is due, and two syncs. */
const SECOND = 1_000;

/** @throws what the disk says where the first log cannot be made. */
export function createJournal(parts: JournalParts): Journal {
	const { disk, folder, node, recovered, pace, fsync, tell } = parts;
	const syncer = createSyncer(disk, folder, pathOf(recovered.end, folder));
	let generation: Generation = recovered.next;
	/** Undefined while the disk takes nothing. */
	let log: EntryLog | undefined = begin(recovered.end);
	const schedule = createSnapshotSchedule(pace, recovered);
	let free = freeBytes(disk, folder);
	/** A snapshot that is on its way. */
	let writing: Promise<void> | undefined;
	let reason: string | undefined;
	let retryAt = 0;
	/** How often a snapshot has failed in a row, while the log takes what happens. */
	let attempts = 0;
	const { world, commands, end } = recovered;
	if (world && (commands > 0 || end === "snapshot"))
		writing = keepSnapshot(world);
	const timer = setInterval(look, SECOND).unref();

	/** Makes the log of the current generation. */
	function begin(begins: Beginning): EntryLog {
		const given = { disk, folder, node: node.id, options: parts.options };
		const begun = createEntryLog(given, generation, begins);
		syncer.follow(begun);
		// Nobody is going to sync them, and open ones would keep their room on the disk for ever.
		if (fsync === "never") syncer.letGo();
		return begun;
	}

	function look(): void {
		free = freeBytes(disk, folder);
		if (fsync === "second") syncer.sync().catch(fail);
		rest();
	}

	/** The disk takes nothing: the world goes on in memory. */
	function fail(error: unknown): void {
		if (!log) return;
		log = undefined;
		syncer.leave();
		degrade(
			`${folder} cannot be written (${codeOf(error)}): what happens now is lost when the process ends`,
		);
	}

	function degrade(why: string): void {
		// Each try makes a file that stays, but where the log does not go on.
		const patience = log ? 2 ** Math.min(attempts++, 6) : 1;
		retryAt = performance.now() + pace.retry * patience;
		if (reason === why) return;
		reason = why;
		tell({ event: "degraded", reason });
	}

	function isDue(): boolean {
		return reason === undefined
			? schedule.isDue(log?.bytes ?? 0, free)
			: performance.now() >= retryAt;
	}

	function rest(): void {
		if (!writing && isDue()) takeSnapshot();
	}

	/** If files and world can be brought together, and the disk takes a new log. */
	function takeSnapshot(): void {
		if (parts.settle() && rotate()) writing = keepSnapshot(node.snapshot());
	}

	/** The next log begins, with a snapshot to come. */
	function rotate(): boolean {
		const before = log;
		generation++;
		try {
			log = begin(before ? endOf(before) : "snapshot");
			schedule.logEnded(before?.bytes ?? 0);
			return true;
		} catch (error) {
			degrade(
				reason ??
					`${folder} takes no new file (${codeOf(error)}): its log grows`,
			);
			return false;
		}
	}

	/** Writes the snapshot of the current generation. */
	async function keepSnapshot(snapshot: WorldSnapshot): Promise<void> {
		const current = generation;
		schedule.cut();
		try {
			const bytes = await writeSnapshot(disk, folder, current, snapshot);
			removeBefore(disk, folder, schedule.written(current, bytes));
			if (log) recover();
		} catch (error) {
			snapshotFailed(error);
		} finally {
			writing = undefined;
		}
	}

	function recover(): void {
		attempts = 0;
		if (reason === undefined) return;
		reason = undefined;
		tell({ event: "durable" });
	}

	function snapshotFailed(error: unknown): void {
		const why = `${folder} takes no snapshot (${codeOf(error)}): its log grows`;
		degrade(reason ?? why);
		if (log?.begins !== "snapshot") return;
		// Nothing on the disk leads to it.
		log = undefined;
		syncer.leave();
		try {
			remove(disk, logPath(folder, generation));
		} catch {
			// A start finds that it goes on from nothing.
		}
	}

	return {
		get health(): OrderHealth {
			return reason === undefined ? OK : { state: "degraded", reason };
		},
		write(commands) {
			try {
				log?.write(commands);
				syncer.written();
			} catch (error) {
				fail(error);
			}
		},
		async writeThrough(commands) {
			try {
				await log?.writeLater(commands);
				syncer.written();
				await syncer.sync();
			} catch (error) {
				fail(error);
			}
		},
		whenSynced: syncer.whenSynced,
		rest,
		async close() {
			clearInterval(timer);
			await writing;
			takeSnapshot();
			await Promise.all([syncer.sync().catch(fail), writing]);
			syncer.leave();
		},
	};
}

function pathOf(end: Beginning, folder: string): string | undefined {
	// A snapshot alone is on the disk.
	if (typeof end !== "object" || end.bytes === 0) return undefined;
	return logPath(folder, end.generation);
}

const OK: OrderHealth = { state: "ok" };

function endOf({ generation, bytes }: EntryLog): Beginning {
	return { generation, bytes };
}

function codeOf(error: unknown): string {
	const { code, message } = error as NodeJS.ErrnoException;
	return code === "ENOSPC" ? "no space is left on its disk" : (code ?? message);
}
