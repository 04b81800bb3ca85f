/** What is not as it should be in a data folder. */
import type { DataEvent } from "./data-event.ts";
import {
	type Generation,
	logPath,
	nameOf,
	snapshotPath,
} from "./data-files.ts";
import type { LogReader } from "./log-reader.ts";

export interface Findings {
	readonly events: readonly DataEvent[];
	/** The files of which something is lost. */
	readonly damaged: readonly Damaged[];
	/** Files in which there is nothing. */
	readonly useless: readonly string[];
	brokenSnapshot(generation: Generation): void;
	/** A log was read as far as it goes. @param goesOn Whether another one says that it goes on further. */
	endOfLog(generation: Generation, log: LogReader, goesOn: boolean): void;
	/** A log follows none that was read. */
	strayLog(generation: Generation, log: LogReader): void;
}

export interface Damaged {
	readonly path: string;
	/** Whether part of it is whole, and has been read. */
	readonly isUsed: boolean;
}

export function createFindings(folder: string): Findings {
	const events: DataEvent[] = [];
	const damaged: Damaged[] = [];
	const useless: string[] = [];

	function tellDamaged(path: string, isUsed: boolean, reason: string): void {
		damaged.push({ path, isUsed });
		events.push({ event: "damaged", file: nameOf(path), reason });
	}

	function tellTorn(path: string, bytes: number): void {
		events.push({ event: "tornTail", file: nameOf(path), bytes });
	}

	return {
		...{ events, damaged, useless },
		brokenSnapshot: (generation) =>
			tellDamaged(
				snapshotPath(folder, generation),
				false,
				"the snapshot is not whole: the one before it is taken, and the logs since",
			),
		endOfLog(generation, log, goesOn) {
			const path = logPath(folder, generation);
			const { at } = log;
			const entries = log.countRest();
			if (entries > 0)
				tellDamaged(
					path,
					true,
					`nothing from byte ${at} on can be used: ${entries} whole entries of this file are lost, and all that came after it`,
				);
			else if (goesOn)
				tellDamaged(
					path,
					true,
					`it ends at byte ${at}, and what came after it is lost`,
				);
			else if (at < log.size) tellTorn(path, log.size - at);
		},
		strayLog(generation, log) {
			const path = logPath(folder, generation);
			const entries = log.countRest();
			if (entries > 0)
				tellDamaged(
					path,
					false,
					`it does not go on from what could be read: ${entries} entries are lost`,
				);
			else if (!log.header) {
				useless.push(path);
				tellTorn(path, log.size);
			}
		},
	};
}
