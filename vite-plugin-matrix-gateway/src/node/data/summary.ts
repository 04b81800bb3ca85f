/** What is in a data folder, for an operator. */
import fs from "node:fs";
import { join } from "node:path";
import type { Command } from "../../core/world/command.ts";
import type { WorldSnapshot } from "../../core/world/snapshot.ts";
import type { DataEvent } from "../order/data-event.ts";
import { listFiles } from "../order/data-files.ts";
import { NODE_DISK } from "../order/disk.ts";
import { openLog } from "../order/log-reader.ts";
import { readFolder } from "./read-folder.ts";

/** What a folder has. */
export interface DataSummary {
	/** Bytes of all its files. */
	readonly bytes: number;
	readonly files: readonly { readonly name: string; readonly bytes: number }[];
	readonly worlds: readonly WorldSummary[];
	/** The last commands that were written, the latest last. */
	readonly last: readonly string[];
	/** What is not as it should be. */
	readonly events: readonly DataEvent[];
}

/** What a world has. */
export interface WorldSummary {
	readonly name: string;
	readonly agents: number;
	/** Connections whose clients may come back. */
	readonly sessions: number;
	/** Bytes that wait for these alone, without the broadcasts. */
	readonly waiting: number;
	readonly retained: number;
	readonly retainedBytes: number;
	/** Broadcasts that are kept for sessions. */
	readonly kept: number;
	readonly broadcast: number;
	readonly directed: number;
	readonly undeliverable: number;
	/** Commands since the snapshot. */
	readonly commands: number;
}

/** How many of the last commands are told. */
const LAST = 10;

/**
 * Reads a folder, in use or not, and changes nothing in it.
 * @throws DataError where there is none, or it is of a newer version.
 */
export function readData(folder: string): DataSummary {
	const { world, commands, findings } = readFolder(folder);
	const files = fs
		.readdirSync(folder, { withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map(({ name }) => ({ name, bytes: sizeOf(join(folder, name)) }));
	return {
		bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
		files,
		worlds: world ? [summarize(world, commands)] : [],
		last: lastCommands(folder),
		events: findings.events,
	};
}

function summarize(world: WorldSnapshot, commands: number): WorldSummary {
	const { roster, sessions, retained, log, counts } = world;
	const own = sessions.flatMap(({ exceptions }) => exceptions);
	return {
		name: "default",
		agents: roster.length,
		sessions: sessions.length,
		waiting: bytesOf(own),
		retained: retained.length,
		retainedBytes: bytesOf(retained),
		kept: log.kept.length,
		...counts,
		commands,
	};
}

function bytesOf(items: readonly { readonly frame: Uint8Array | undefined }[]) {
	return items.reduce((sum, { frame }) => sum + (frame?.byteLength ?? 0), 0);
}

function lastCommands(folder: string): string[] {
	const { logs } = listFiles(NODE_DISK, folder);
	const last: string[] = [];
	for (const generation of logs.toReversed()) {
		const log = openLog(NODE_DISK, folder, generation);
		const all: string[] = [];
		for (let entry = log.next(); entry; entry = log.next())
			all.push(...entry.commands.map(describe));
		last.unshift(...all.slice(-LAST));
		if (last.length >= LAST) break;
	}
	return last.slice(-LAST);
}

/** Without what somebody said. */
function describe(command: Command): string {
	const parts: string[] = [command.type];
	if ("agentId" in command && command.agentId !== undefined)
		parts.push(command.agentId);
	if ("target" in command) parts.push(`to ${command.target}`);
	if ("conn" in command && command.conn !== undefined)
		parts.push(`on ${command.conn}`);
	if ("frame" in command && command.frame)
		parts.push(`${command.frame.byteLength} bytes`);
	return parts.join(" ");
}

function sizeOf(path: string): number {
	return fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
