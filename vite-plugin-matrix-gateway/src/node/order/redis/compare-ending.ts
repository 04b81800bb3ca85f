/** Where a history stands to what is in the stream now [ORD12]. */
import { type Ending, findEnding } from "./ending.ts";
import { decodeEpoch } from "./payload.ts";
import type { Stream } from "./stream.ts";
import {
	beginningOf,
	compareIds,
	parseId,
	type StreamId,
} from "./stream-id.ts";

/**
 * - `same`: it is what was applied here, as far as can be told; reading on tells the rest.
 * - `shorter`: it ends before the place of this, and nobody has begun another epoch.
 * - `other`: others have written something else in the place of this.
 */
export type Standing = "same" | "shorter" | "other";

/** What it is compared with. */
export type Reachable = Pick<Stream, "at" | "between" | "extent">;

export async function compareEnding(
	stream: Reachable,
	ending: Ending,
): Promise<Standing> {
	const standing = await look(stream, ending);
	// Of what is asked in turn some may be from before a loss, or a beginning, and some from after it.
	return standing === "other" ? look(stream, ending) : standing;
}

async function look(stream: Reachable, ending: Ending): Promise<Standing> {
	const at = parseId(ending.id);
	const presence = await findEnding(stream, ending);
	if (presence === "same" || (await isToldNext(stream, at))) return "same";
	// Also where it is another one: who has just begun anew has less to lose.
	const extent = await stream.extent();
	if (!extent || compareIds(extent.last, at) < 0) return "shorter";
	if (presence === "other") return "other";
	// Where it is trimmed, reading on tells whether more is.
	const isTrimmed = !extent.first || compareIds(extent.first, at) > 0;
	return isTrimmed ? "same" : "other";
}

/** Whether an epoch was begun since that says itself whose history it goes on from. */
async function isToldNext(stream: Reachable, at: StreamId): Promise<boolean> {
	const next = await stream.at(beginningOf(at.epoch + 1));
	return Boolean(next && decodeEpoch(next.payload)?.base);
}
