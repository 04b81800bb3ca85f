/**
 * Where JSON lines go: standard output, where the hub waits for no reader of a pipe.
 *
 * A line is written at the end of its turn; what follows within `GATHERING` is one write: in a
 * storm of joins each connection logs two lines, and a write for each was a tenth of the CPU
 * time. Pino's own destination hands lines to the thread pool instead, where files that are
 * served may be before them, and at the end of the process the last line overtakes them.
 */
import type { Writable } from "node:stream";
import type { DestinationStream } from "pino";

/** What a reader that is behind may leave unread before lines are dropped, in bytes. */
const MAX_UNREAD = 16 * 1024 * 1024;

/** The fewest milliseconds between two writes; a process that is killed loses the lines of as many. */
const GATHERING = 20;

/** Lines on their way out. */
export interface LogOutput extends DestinationStream {
	/** Writes what was gathered now. */
	flush(): void;
}

/** Gathers lines. Where some had to be dropped, a line says how many. */
export function createLogOutput(to: Writable): LogOutput {
	let lines: string[] = [];
	let dropped = 0;
	let lastFlush = Number.NEGATIVE_INFINITY;

	function flush(): void {
		const waiting = lines;
		lines = [];
		lastFlush = performance.now();
		if (to.writableLength > MAX_UNREAD) dropped += waiting.length;
		else if (waiting.length > 0 || dropped > 0) {
			if (dropped > 0) waiting.unshift(gap(dropped));
			dropped = 0;
			to.write(waiting.join(""));
		}
	}

	function schedule(): void {
		const wait = lastFlush + GATHERING - performance.now();
		if (wait > 0) setTimeout(flush, wait).unref();
		else setImmediate(flush);
	}

	return {
		flush,
		write(line) {
			if (lines.length === 0) schedule();
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
