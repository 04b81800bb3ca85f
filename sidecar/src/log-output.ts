/**
 * Where JSON lines go: standard output, where the hub waits for no reader of a pipe.
 *
 * The lines of one turn are one write: in a storm of joins each connection logs two, and a write
 * for each was a tenth of the CPU time. Pino's own destination hands lines to the thread pool
 * instead, where files that are served may be before them, and at the end of the process the last
 * line overtakes them.
 */
import type { Writable } from "node:stream";
import type { DestinationStream } from "pino";

/** What a reader that is behind may leave unread before lines are dropped, in bytes. */
const MAX_UNREAD = 16 * 1024 * 1024;

/** Lines on their way out. */
export interface LogOutput extends DestinationStream {
	/** Writes the lines of this turn now. */
	flush(): void;
}

/** Gathers lines until the end of the turn. Where some had to be dropped, a line says how many. */
export function createLogOutput(to: Writable): LogOutput {
	let lines: string[] = [];
	let dropped = 0;

	function flush(): void {
		const waiting = lines;
		lines = [];
		if (to.writableLength > MAX_UNREAD) dropped += waiting.length;
		else if (waiting.length > 0 || dropped > 0) {
			if (dropped > 0) waiting.unshift(gap(dropped));
			dropped = 0;
			to.write(waiting.join(""));
		}
	}

	return {
		flush,
		write(line) {
			if (lines.length === 0) setImmediate(flush);
			lines.push(line);
		},
	};
}

function gap(lines: number): string {
	const fields = {
		level: "warn",
		time: new Date().toISOString(),
		event: "dropped",
		lines,
		msg: "the reader of this log was too far behind",
	};
	return `${JSON.stringify(fields)}\n`;
}
