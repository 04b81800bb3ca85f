import { setFlagsFromString } from "node:v8";

/**
 * Sets V8 to work as a hub needs it.
 *
 * - The young generation stays as small as it is when the process starts, 2 to 4 MB of two
 *   halves. It would grow to 32 with the first storm of connections and never shrink, which is
 *   2 kB of each of 10,000; and what a hub makes dies with the flush, so a small one that stays in
 *   the processor's cache costs nothing: a directed message of 4 kB takes a tenth less CPU time.
 * - On Node 20 a function runs eight times as long as by default before it is optimized. A hub is
 *   connected to as soon as it is there: while 2,000 agents join, a quarter of the CPU time went to
 *   optimizing, mostly what runs once a connection. What is hot is optimized within a second all
 *   the same. Later V8s have a quicker compiler before that one, and no such flag.
 */
export function tuneV8(): void {
	setFlagsFromString("--semi-space-growth-factor=1");
	if (Number.parseInt(process.versions.v8, 10) < 12)
		setFlagsFromString("--interrupt-budget=540672");
}
