/** What a thread prints, line by line. */
import type { Readable } from "node:stream";

/**
 * Characters of a line at most. A longer one is told in parts: who prints and ends no line would
 * fill the memory of this process, and Node's `readline` then throws where nobody catches it.
 */
const LONGEST = 16 * 1024;

export function eachLine(stream: Readable, take: (line: string) => void): void {
	let rest = "";

	function tell(line: string): void {
		for (let at = 0; at < Math.max(1, line.length); at += LONGEST)
			take(line.slice(at, at + LONGEST));
	}

	stream.setEncoding("utf8");
	stream.on("data", (text: string) => {
		const lines = (rest + text).split(LINE_END);
		rest = lines.pop() ?? "";
		for (const line of lines) tell(line);
		for (; rest.length > LONGEST; rest = rest.slice(LONGEST))
			take(rest.slice(0, LONGEST));
	});
	stream.on("end", () => {
		if (rest !== "") tell(rest.replace(/\r$/, ""));
	});
}

/** A return at the end of what has come may be the first half of one. */
const LINE_END = /\r?\n|\r(?!\n|$)/;
