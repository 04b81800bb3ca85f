/** Where a node that starts begins to read: the newest world that is whole. */

import { findEnding } from "./ending.ts";
import type { HistoryStart } from "./history.ts";
import { decodeEpoch } from "./payload.ts";
import type { SnapshotInfo, Snapshots } from "./snapshots.ts";
import type { Extent, Stream } from "./stream.ts";
import {
	beginningOf,
	compareIds,
	isNext,
	parseId,
	type StreamId,
} from "./stream-id.ts";

/** Undefined where there is none: what is in the stream does not say what came before. */
export async function findStart(
	stream: Stream,
	snapshots: Snapshots,
	extent: Extent,
): Promise<HistoryStart | undefined> {
	const epoch = beginningOf(extent.last.epoch);
	const kept = await snapshots.list();
	const reachable = kept.filter(({ id }) => isReachable(parseId(id), extent));
	const isLater = ({ id }: SnapshotInfo) => compareIds(parseId(id), epoch) >= 0;
	return (
		(await firstOf(reachable.filter(isLater), stream, snapshots)) ??
		(await fromEpoch(stream, snapshots, epoch)) ??
		(await firstOf(reachable, stream, snapshots)) ??
		fromEarlier(stream, snapshots, extent)
	);
}

/** Somebody else may have written a place that is far from all others. */
const MOST_EARLIER = 16;

/** Where the last epoch only cuts a history, an earlier one may have begun with a world. */
async function fromEarlier(
	stream: Stream,
	snapshots: Snapshots,
	{ first, last }: Extent,
): Promise<HistoryStart | undefined> {
	const least = Math.max(first?.epoch ?? last.epoch, last.epoch - MOST_EARLIER);
	for (let epoch = last.epoch - 1; epoch >= least; epoch--) {
		const start = await fromEpoch(stream, snapshots, beginningOf(epoch));
		if (start) return start;
	}
	return undefined;
}

async function firstOf(
	infos: readonly SnapshotInfo[],
	stream: Stream,
	snapshots: Snapshots,
): Promise<HistoryStart | undefined> {
	for (const info of infos) {
		// It may be of entries that were lost, in whose place others are: its writer has not come to tell.
		if ((await findEnding(stream, info)) === "other") continue;
		const world = await snapshots.read(info.key);
		const { format, columns } = info;
		if (world) return { applied: info, format, columns, world };
	}
	return undefined;
}

/** An epoch may begin with a world of its own. */
async function fromEpoch(
	stream: Stream,
	snapshots: Snapshots,
	place: StreamId,
): Promise<HistoryStart | undefined> {
	const read = await stream.at(place);
	const start = read && decodeEpoch(read.payload);
	if (!read || !start?.base) return undefined;
	const { base: applied, snapshot, format, columns } = start;
	const world = snapshot === null ? undefined : await snapshots.read(snapshot);
	if (snapshot !== null && !world) return undefined;
	return { applied, format, columns, world, epoch: { read, start } };
}

/** Whether what came after a place is all there. */
function isReachable(id: StreamId, { first, last }: Extent): boolean {
	if (compareIds(id, last) > 0) return false;
	return !first || compareIds(first, id) <= 0 || isNext(first, id);
}
