import { resolve } from "node:path";
import type { CreateOrder } from "../../core/order/order.ts";
import { createFileOrder, type FileOrderParts } from "./file-order.ts";
import type { Fsync } from "./journal.ts";

/** Where the world is kept. */
export interface DataOptions extends FsyncOptions {
	/**
	 * A folder in which the world outlives its process: agents with a session, what waits for them,
	 * and the retained messages. It is made where there is none, and is one gateway's at a time;
	 * DATA.md has the rest. Without it the world is in memory.
	 * @default none
	 */
	readonly data?: string;
}

/** How well it is kept. */
export interface FsyncOptions {
	/**
	 * When what happens is brought to the disk itself: each second, `always` before anybody is told
	 * of it, or `never` but when the system likes. It outlives the process in any case; this is about
	 * power cuts, after which clients are told where something was lost.
	 * @default "second"
	 */
	readonly fsync?: Fsync;
}

const MODES: readonly Fsync[] = ["second", "always", "never"];

/**
 * The order of a gateway with these options; undefined where its world is in no folder.
 * @throws RangeError where `fsync` is none of its words, or `data` names no folder.
 */
export function orderOf(
	options: DataOptions,
	parts: Omit<FileOrderParts, "folder" | "fsync">,
): CreateOrder | undefined {
	const fsync = checkFsync(options);
	if (options.data === undefined) return undefined;
	// Else it would be the folder that the process happens to be in.
	if (options.data === "") throw new RangeError("data names no folder");
	const folder = resolve(options.data);
	return createFileOrder({ ...parts, fsync, folder });
}

/**
 * The mode that was chosen, or the default.
 * @throws RangeError where it is none.
 */
export function checkFsync({ fsync = "second" }: FsyncOptions): Fsync {
	if (MODES.includes(fsync)) return fsync;
	throw new RangeError(
		`fsync is one of ${MODES.join(", ")}, but ${String(fsync)} was given`,
	);
}
