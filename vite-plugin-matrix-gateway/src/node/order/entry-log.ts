/** One log: entries are written at its end, and nothing in it ever changes. */
import type { Command, Entry, NodeId } from "../../core/world/command.ts";
import { worldOptionsOf } from "../../core/world/options.ts";
import type { WorldOptions } from "../../core/world/state.ts";
import { COLUMNS, toEntryRow } from "./command-rows.ts";
import { createFile, type Generation, logPath } from "./data-files.ts";
import { type Disk, syncData, writeAll, writeAllSync } from "./disk.ts";
import { type Beginning, encodeHeader } from "./file-format.ts";
import { createRecordMaker } from "./records.ts";
import { lineOf } from "./values.ts";

/** A log that is written. All of it throws what the disk says. */
export interface EntryLog {
	readonly generation: Generation;
	readonly begins: Beginning;
	/** How many of its bytes are whole: where the next log goes on from. */
	readonly bytes: number;
	/** Writes commands as one entry. */
	write(commands: readonly Command[]): void;
	/** The same, while the process goes on; nothing else may be written until it has. */
	writeLater(commands: readonly Command[]): Promise<void>;
	/** Resolves when what was written so far is on the disk. */
	sync(): Promise<void>;
	/** Closes the file; where something is being written, after that: its number may be another file's by then. */
	close(): void;
}

/** What a log needs. */
export interface EntryLogParts {
	readonly disk: Disk;
	readonly folder: string;
	readonly node: NodeId;
	readonly options: WorldOptions;
}

/** Creates the file, and writes how it begins. */
export function createEntryLog(
	{ disk, folder, node, options }: EntryLogParts,
	generation: Generation,
	begins: Beginning,
): EntryLog {
	const fd = createFile(disk, logPath(folder, generation));
	const records = createRecordMaker();
	let sequence = 0;
	let bytes = 0;
	let isWriting = false;
	let isOver = false;
	const header = encodeHeader({
		kind: "log",
		generation,
		at: Date.now(),
		begins,
		options: worldOptionsOf(options),
		columns: COLUMNS,
	});
	try {
		writeAllSync(disk, fd, header);
	} catch (error) {
		disk.closeSync(fd);
		disk.rmSync(logPath(folder, generation), { force: true });
		throw error;
	}
	bytes = header.length;

	function encode(commands: readonly Command[]): Buffer {
		const entry: Entry = { node, sequence: sequence + 1, commands };
		const pieces: Uint8Array[] = [];
		return records.make(lineOf(toEntryRow(entry, pieces)), pieces);
	}

	function written(record: Buffer): void {
		sequence++;
		bytes += record.length;
	}

	return {
		...{ generation, begins },
		get bytes() {
			return bytes;
		},
		write(commands) {
			const record = encode(commands);
			writeAllSync(disk, fd, record);
			written(record);
		},
		async writeLater(commands) {
			const record = encode(commands);
			isWriting = true;
			try {
				await writeAll(disk, fd, record);
			} finally {
				isWriting = false;
				if (isOver) disk.closeSync(fd);
			}
			written(record);
		},
		sync: () => syncData(disk, fd),
		close() {
			isOver = true;
			if (!isWriting) disk.closeSync(fd);
		},
	};
}
