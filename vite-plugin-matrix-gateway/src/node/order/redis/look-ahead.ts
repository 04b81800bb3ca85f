/** What of a stream a node looks at before it applies it [ORD17]. */
import type { NodeId } from "../../../core/world/command.ts";
import { isFencing } from "../../../core/world/membership.ts";
import type { History } from "./history.ts";
import { MOST_READ, type Stream } from "./stream.ts";
import { isNext, type StreamId } from "./stream-id.ts";

/** What a node looks for, and what it needs for that. */
export interface LookAheadParts {
	readonly node: NodeId;
	/** The number of its last entry that was read. */
	readonly lastRead: number;
	readonly history: Pick<History, "at" | "peek">;
	/** Whether one of its own is to come, for which it is worth to wait. */
	isToCome(): boolean;
	/** Milliseconds after which it asks that again. */
	readonly patience: number;
}

/**
 * What comes first of what is not applied yet:
 *
 * - the place of this node's next entry, or of the next epoch, before which nothing will come any more,
 * - `fenced`: the others went on without it, so that its entries are void from there on,
 * - `gap`: something that is not there any more,
 * - undefined: nothing of that, and nothing of its own is to come.
 */
export type Ahead = StreamId | "fenced" | "gap" | undefined;

/**
 * Looks, and waits as long as something of its own is to come. It waits for the stream and not for the
 * answer to its own entry, which may be lost before anybody has read it.
 */
export async function lookAhead(
	stream: Pick<Stream, "after">,
	{ node, lastRead, history, isToCome, patience }: LookAheadParts,
): Promise<Ahead> {
	let { at } = history;
	for (;;) {
		const block = isToCome() ? patience : undefined;
		const reads = await stream.after(at, MOST_READ, block);
		for (const read of reads) {
			if (!isNext(read.id, at)) return "gap";
			if (read.id.epoch !== at.epoch) return read.id;
			at = read.id;
			const entry = history.peek(read);
			if (!entry) continue;
			if (entry.node === node && entry.sequence > lastRead) return at;
			if (isFencing(entry, node, lastRead)) return "fenced";
		}
		if (reads.length === 0 && !isToCome()) return undefined;
	}
}
