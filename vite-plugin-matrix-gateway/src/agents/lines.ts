/** What a thread prints, line by line. */

import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

export function eachLine(stream: Readable, take: (line: string) => void): void {
	createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on(
		"line",
		take,
	);
}
