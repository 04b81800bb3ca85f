/** Which log goes on from another. */
import type { Generation } from "./data-files.ts";
import type { LogReader } from "./log-reader.ts";

/** A log that says that it goes on from another: it does where that has been read just so far. */
export interface NextLog {
	readonly generation: Generation;
	readonly log: LogReader;
	/** How many bytes of the other one count. */
	readonly bytes: number;
}

/** The log that goes on from another; of several the latest, since the others were given up. */
export function findNext(
	logs: ReadonlyMap<Generation, LogReader>,
	after: Generation,
): NextLog | undefined {
	let next: NextLog | undefined;
	for (const [generation, log] of logs) {
		const begins = log.header?.begins;
		if (typeof begins !== "object" || begins.generation !== after) continue;
		if (generation > (next?.generation ?? after))
			next = { generation, log, bytes: begins.bytes };
	}
	return next;
}
