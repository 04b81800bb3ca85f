/**
 * Where JSON lines go: standard output, without the hub ever waiting for whoever reads it.
 *
 * The lines of one turn are one write: in a storm of joins each connection logs two, and a write
 * for each was a tenth of the CPU time. Pino's own destination hands lines to the thread pool
 * instead, where files that are served may be before them, and at the end of the process the last
 * line overtakes them.
 */
import type { DestinationStream } from "pino";

/** What a reader that is behind may leave unread before lines are dropped, in bytes. */
const MAX_UNREAD = 16 * 1024 * 1024;

let lines: string[] = [];
let dropped = 0;

/** Keeps lines until the end of the turn, or of the process. */
export function createLogOutput(): DestinationStream {
	process.on("exit", writeLines);
	return {
		write(line) {
			if (lines.length === 0) setImmediate(writeLines);
			lines.push(line);
		},
	};
}

/** Resolves when all that was logged is written, which takes as long as its reader does. */
export function allWritten(): Promise<void> {
	writeLines();
	return new Promise((resolve) => {
		process.stdout.write("", () => resolve());
	});
}

function writeLines(): void {
	const waiting = lines;
	lines = [];
	if (process.stdout.writableLength > MAX_UNREAD) dropped += waiting.length;
	else if (waiting.length > 0) process.stdout.write(gap() + waiting.join(""));
}

/** Says how much is missing here, where anything is. */
function gap(): string {
	if (dropped === 0) return "";
	const fields = {
		level: "warn",
		time: new Date().toISOString(),
		event: "dropped",
		lines: dropped,
		msg: "the reader of this log was too far behind",
	};
	dropped = 0;
	return `${JSON.stringify(fields)}\n`;
}
