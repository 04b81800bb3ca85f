/**
 * Snapshots of the world, written by the first of its nodes, and the trimming of what came before
 * them: only below one that is there, and has been for minutes [ORD15].
 */
import type { OrderNode } from "../../../core/order/order.ts";
import { findEnding } from "./ending.ts";
import type { History } from "./history.ts";
import type { SnapshotInfo, Snapshots } from "./snapshots.ts";
import type { Stream } from "./stream.ts";
import { beginningOf, compareIds, parseId } from "./stream-id.ts";

/** When a snapshot is due, and how long one is kept. */
export interface KeeperPace {
	/** Bytes that a node which starts reads back, at least; as many as the snapshot where that is more. */
	readonly bytes: number;
	/** Milliseconds, where anything was written. */
	readonly age: number;
	/** Milliseconds for which a snapshot was there before what came before it goes. */
	readonly spare: number;
}

export const PACE: KeeperPace = {
	bytes: 16 * 1024 * 1024,
	age: 60_000,
	spare: 120_000,
};

/** Milliseconds between two that are written since one is missing: writing may be what does not work. */
const AGAIN = 10_000;

export interface Keeper {
	/** So many bytes were read. */
	read(bytes: number): void;
	/** Does what is due. Never twice at once. */
	look(stream: Stream, snapshots: Snapshots): Promise<void>;
}

/** What was there for how long is counted by this process' clock alone: those of others may differ. */
export function createKeeper(
	node: OrderNode,
	history: History,
	pace: KeeperPace = PACE,
): Keeper {
	let unread = 0;
	let size = 0;
	let writtenAt = performance.now();
	let repairedAt = Number.NEGATIVE_INFINITY;
	let isBusy = false;
	/** When this node has seen one first, by key. */
	let seen = new Map<string, number>();

	function isDue(): boolean {
		if (unread > Math.max(pace.bytes, size)) return true;
		// What a start would hardly notice is not worth the writing.
		return performance.now() - writtenAt > pace.age && unread > size / 10;
	}

	/**
	 * Whether a node that starts may find none of this epoch: what it begins with may be lost by itself. The
	 * first one begins with nothing.
	 */
	async function isMissing(
		infos: readonly SnapshotInfo[],
		stream: Stream,
		snapshots: Snapshots,
	): Promise<boolean> {
		if (performance.now() - repairedAt < AGAIN) return false;
		const newest = infos.find(isOfEpoch);
		const isLacking = newest
			? !(await snapshots.isThere(newest))
			: history.at.epoch > 1 || !(await stream.at(beginningOf(1)));
		// Where that is lost too, another epoch comes.
		return isLacking && (await history.isThere(stream));
	}

	/** Whether one is of the epoch that this node is in, and of what it has applied. */
	function isOfEpoch({ id, mark }: SnapshotInfo): boolean {
		const { at, ending } = history;
		const place = parseId(id);
		if (place.epoch !== at.epoch || compareIds(place, at) > 0) return false;
		return mark === undefined || mark === ending.mark;
	}

	async function write(snapshots: Snapshots): Promise<void> {
		unread = 0;
		writtenAt = performance.now();
		// Between two entries: the world is what the history says.
		const info = await snapshots.write(history.ending, node.snapshot());
		size = info.bytes;
		await snapshots.keep(info);
	}

	function remember(infos: readonly SnapshotInfo[]): void {
		const now = performance.now();
		seen = new Map(infos.map(({ key }) => [key, seen.get(key) ?? now]));
	}

	function isSpare({ key }: SnapshotInfo): boolean {
		return performance.now() - (seen.get(key) ?? 0) > pace.spare;
	}

	/** Whether this epoch may have begun with one, and has no other yet. */
	function isBase({ id }: SnapshotInfo, infos: readonly SnapshotInfo[]) {
		return parseId(id).epoch < history.at.epoch && !infos.some(isOfEpoch);
	}

	/** The newest that has been there for long stays, and all that is newer. */
	async function clean(
		infos: readonly SnapshotInfo[],
		stream: Stream,
		snapshots: Snapshots,
	): Promise<void> {
		remember(infos);
		const floor = infos.findIndex(isSpare);
		const kept = infos[floor];
		if (!kept) return;
		const isThere = await snapshots.isThere(kept);
		const presence = isThere ? await findEnding(stream, kept) : "other";
		if (isThere && presence !== "same" && isBase(kept, infos)) return;
		// Where it is of entries that were lost, what comes before is all that there is.
		if (presence !== "same") return snapshots.remove(kept);
		await stream.trim(parseId(kept.id));
		for (const info of infos.slice(floor + 1)) await snapshots.remove(info);
	}

	return {
		read(bytes) {
			unread += bytes;
		},
		async look(stream, snapshots) {
			const isFirst = node.members()[0] === node.id;
			if (isBusy || node.hasEnded || !isFirst) return;
			isBusy = true;
			try {
				const infos = await snapshots.list();
				if (isDue()) await write(snapshots);
				else if (await isMissing(infos, stream, snapshots)) {
					repairedAt = performance.now();
					await write(snapshots);
				}
				await clean(infos, stream, snapshots);
			} finally {
				isBusy = false;
			}
		},
	};
}
