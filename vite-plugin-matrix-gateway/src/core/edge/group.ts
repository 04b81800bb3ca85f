/** Connections that are sent the same of what is broadcast, and so share their batches. */
import type { Audience } from "../world/audience.ts";
import type { Batch } from "./batch.ts";

export interface Group {
	/** What it is sent, and the places of that, for those to which nothing is sent yet. */
	readonly audience: Audience;
	/** What waits for the next flush. */
	frames: Uint8Array[];
	/** What is on its way to those who receive; undefined where that is nothing. */
	batch: Batch | undefined;
}

/** A group in which nothing waits. */
export function createGroup<Of extends Audience>(audience: Of) {
	const frames: Uint8Array[] = [];
	return { audience, frames, batch: undefined as Batch | undefined };
}
