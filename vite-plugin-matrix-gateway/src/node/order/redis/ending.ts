/**
 * How a history ends, to find whether a stream has the same [ORD12]. Equal bytes in its last place are not
 * enough: an entry that is sent again after others were lost may get the place that it had.
 */
import { crc32 } from "node:zlib";
import { type Applied, decodeEpoch } from "./payload.ts";
import type { Stream } from "./stream.ts";
import { beginningOf, compareIds, parseId } from "./stream-id.ts";

export interface Ending extends Applied {
	/**
	 * The checksums of all before each of its last entries, up to that at its place and not beyond its
	 * epoch. Absent in what older versions wrote.
	 */
	readonly before?: readonly number[];
	/** Of the beginning of its epoch; absent likewise. */
	readonly mark?: string | undefined;
}

/** As many as nodes that may send their last again are nowhere near. */
export const LAST = 16;

/**
 * - `same`: the stream has it, or as much of it as is not trimmed.
 * - `other`: the stream has something else there.
 * - `missing`: the stream has nothing in its last place.
 */
export type Presence = "same" | "other" | "missing";

export async function findEnding(
	stream: Pick<Stream, "between" | "at">,
	{ id, hash, before = [], mark }: Ending,
): Promise<Presence> {
	const last = parseId(id);
	const begun = mark && (await markOf(stream, last.epoch));
	if (begun && begun !== mark) return "other";
	const place = last.place - Math.max(before.length - 1, 0);
	const reads = await stream.between({ ...last, place }, last);
	const [oldest] = reads;
	const newest = reads.at(-1);
	if (!oldest || !newest || compareIds(newest.id, last) !== 0) return "missing";
	const start = before[oldest.id.place - place];
	if (start === undefined) return "same";
	const sum = reads.reduce((sum, { payload }) => crc32(payload, sum), start);
	return sum === hash ? "same" : "other";
}

/** The mark with which an epoch begins, as far as its beginning is there. */
async function markOf(
	stream: Pick<Stream, "at">,
	epoch: number,
): Promise<string | undefined> {
	const start = await stream.at(beginningOf(epoch));
	return start && decodeEpoch(start.payload)?.mark;
}
