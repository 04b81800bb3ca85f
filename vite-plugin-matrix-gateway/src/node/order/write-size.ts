/** How much is one write. */
import type { Command } from "../../core/world/command.ts";

/** So many commands, or bytes of frames. */
const MOST = 1_000;
const MOST_BYTES = 1024 * 1024;

/** Whether so much is not to wait for more. */
export function isEnough(commands: number, bytes: number): boolean {
	return commands >= MOST || bytes >= MOST_BYTES;
}

/** What of a command may be large. */
export function bytesOf(command: Command): number {
	return "frame" in command ? (command.frame?.byteLength ?? 0) : 0;
}
