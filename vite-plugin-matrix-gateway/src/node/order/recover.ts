/**
 * What a folder has of a world: the newest snapshot that is whole, and the logs after it as far as
 * they are whole and follow each other. Nothing after a hole is taken: it would be another world.
 */
import type { WorldSnapshot } from "../../core/world/snapshot.ts";
import type { Codec } from "../../core/world/state.ts";
import { type DataFiles, type Generation, listFiles } from "./data-files.ts";
import type { Disk } from "./disk.ts";
import type { Beginning } from "./file-format.ts";
import { createFindings, type Findings } from "./findings.ts";
import { findNext } from "./log-chain.ts";
import { type LogReader, openLog } from "./log-reader.ts";
import { createReplay, type Heir, type Replay } from "./replay.ts";
import { readSnapshot } from "./snapshot-files.ts";

/** A world as the files have it. */
export interface Recovered {
	/** Undefined where there is none yet. */
	readonly world: WorldSnapshot | undefined;
	/** Whether the heir has it already. */
	readonly isInherited: boolean;
	/** The snapshot that it is made from, or the log that began with an empty world. */
	readonly base: { readonly generation: Generation; readonly bytes: number };
	/** Where the next log goes on from. */
	readonly end: Beginning;
	/** The number of the next log: no file has it. */
	readonly next: Generation;
	/** Commands after the snapshot. */
	readonly commands: number;
	/** Bytes of the logs that have them. */
	readonly tail: number;
	/** What was not as it should be. */
	readonly findings: Findings;
}

/**
 * Reads a folder, and changes nothing in it.
 * @param heir Who is to have the world, and may have it when this returns.
 * @throws DataError where a newer version of the program wrote a file.
 */
export function recover(
	disk: Disk,
	folder: string,
	codec: Codec,
	heir?: Heir,
): Recovered {
	// What it begins with where there is no snapshot, more than once if need be.
	const empty = heir?.node.snapshot();
	let stop: Stop | undefined;
	for (;;) {
		const reading = { disk, folder, codec, heir, empty, stop };
		const recovered = recoverUntil(reading);
		if (!("stop" in recovered)) return recovered;
		// What has failed may have left the world in between.
		stop = recovered.stop;
	}
}

interface Reading {
	readonly disk: Disk;
	readonly folder: string;
	readonly codec: Codec;
	readonly heir: Heir | undefined;
	readonly empty: WorldSnapshot | undefined;
	readonly stop: Stop | undefined;
}

/** An entry that cannot be applied. */
interface Stop {
	readonly generation: Generation;
	/** Where it begins. */
	readonly at: number;
}

function recoverUntil(reading: Reading): Recovered | { readonly stop: Stop } {
	const { disk, folder, codec, heir, empty, stop } = reading;
	const files = listFiles(disk, folder);
	const findings = createFindings(folder);
	const logs = new Map<Generation, LogReader>();
	for (const generation of files.logs)
		logs.set(generation, openLog(disk, folder, generation));
	const found: Found = { disk, folder, files, logs, findings, stop };
	const base = findBase(found);
	const replay = createReplay(codec, base?.world ?? (base && empty), heir);
	const end = base && follow(found, base.generation, replay);
	if (end?.failed) return { stop: end };
	tellOfRest(found, end?.generation ?? 0);
	const { generation = 0, bytes = 0 } = base ?? {};
	return {
		world: replay.cut(),
		isInherited: replay.isInherited,
		base: { generation, bytes },
		end: end ? { generation: end.generation, bytes: end.at } : "empty",
		next: Math.max(0, ...files.logs, ...files.snapshots) + 1,
		commands: replay.commands,
		tail: end?.tail ?? 0,
		findings,
	};
}

/** What is there to be read. */
interface Found {
	readonly disk: Disk;
	readonly folder: string;
	readonly files: DataFiles;
	readonly logs: ReadonlyMap<Generation, LogReader>;
	readonly findings: Findings;
	readonly stop: Stop | undefined;
}

interface Base {
	readonly generation: Generation;
	readonly bytes: number;
	/** Undefined where it is empty. */
	readonly world: WorldSnapshot | undefined;
}

/** Where the last entry that was read ends, or begins where it has failed. */
interface End {
	readonly generation: Generation;
	readonly at: number;
	readonly failed: boolean;
	/** Bytes of all logs that were read. */
	readonly tail: number;
}

/** The newest that is whole; an older one has a longer tail. */
function findBase({
	disk,
	folder,
	files,
	logs,
	findings,
}: Found): Base | undefined {
	const isFirst = (log: Generation) =>
		logs.get(log)?.header?.begins === "empty";
	const generations = [...files.snapshots, ...files.logs.filter(isFirst)];
	for (const generation of generations.sort((one, other) => other - one)) {
		if (!files.snapshots.includes(generation))
			return { generation, bytes: 0, world: undefined };
		const read = readSnapshot(disk, folder, generation);
		if (read) return { generation, bytes: read.bytes, world: read.snapshot };
		findings.brokenSnapshot(generation);
	}
	return undefined;
}

/** Applies the logs from a base on, each as far as the next one goes on from. */
function follow(found: Found, base: Generation, replay: Replay): End {
	const { logs, findings, stop } = found;
	let generation = base;
	let tail = 0;
	for (;;) {
		const log = logs.get(generation);
		const next = findNext(logs, generation);
		const isLast = stop?.generation === generation;
		const until = Math.min(next?.bytes ?? FOREVER, isLast ? stop.at : FOREVER);
		const failedAt = log && readLog(log, replay, until);
		if (failedAt !== undefined)
			return { generation, at: failedAt, failed: true, tail };
		const at = log?.at ?? 0;
		tail += at;
		if (next?.bytes !== at) {
			if (log) findings.endOfLog(generation, log, next !== undefined);
			return { generation, at, failed: false, tail };
		}
		generation = next.generation;
	}
}

const FOREVER = Number.POSITIVE_INFINITY;

/** Applies entries as far as a place; returns where one begins that cannot be applied. */
function readLog(
	log: LogReader,
	replay: Replay,
	until: number,
): number | undefined {
	if (log.header) replay.setOptions(log.header.options);
	while (log.at < until) {
		const { at } = log;
		const entry = log.next();
		if (!entry) break;
		if (!replay.apply(entry)) return at;
	}
	return undefined;
}

/** Logs that follow none that was read. */
function tellOfRest({ logs, findings }: Found, end: Generation): void {
	for (const [generation, log] of logs)
		if (generation > end) findings.strayLog(generation, log);
}
