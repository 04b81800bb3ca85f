/** What of a stream a node looks at before it applies it. */
import type { NodeId } from "../../../core/world/command.ts";
import { isFencing } from "../../../core/world/membership.ts";
import type { History } from "./history.ts";
import { MOST_READ, type Stream } from "./stream.ts";
import type { StreamId } from "./stream-id.ts";

/** What a node looks for, and what it needs for that. */
export interface LookAheadParts {
	readonly node: NodeId;
	/** The number of its last entry that was read. */
	readonly lastRead: number;
	readonly history: Pick<History, "at" | "peek">;
}

/**
 * What comes first of what is not applied yet:
 *
 * - the place of this node's next entry,
 * - `fenced`: the others went on without it, so that its entries are void from there on,
 * - `epoch`: the end of this epoch,
 * - `nothing` of that.
 */
export type Ahead = StreamId | "fenced" | "epoch" | "nothing";

export async function lookAhead(
	stream: Pick<Stream, "after">,
	{ node, lastRead, history }: LookAheadParts,
): Promise<Ahead> {
	let { at } = history;
	for (;;) {
		const reads = await stream.after(at, MOST_READ);
		for (const read of reads) {
			if (read.id.epoch !== at.epoch) return "epoch";
			at = read.id;
			const entry = history.peek(read);
			if (!entry) continue;
			if (entry.node === node && entry.sequence > lastRead) return at;
			if (isFencing(entry, node, lastRead)) return "fenced";
		}
		if (reads.length < MOST_READ) return "nothing";
	}
}
