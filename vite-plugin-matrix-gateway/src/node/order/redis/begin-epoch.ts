import type { WorldSnapshot } from "../../../core/world/snapshot.ts";
import type { Ending } from "./ending.ts";
import { encodeEpoch } from "./payload.ts";
import type { Store } from "./store.ts";
import type { Stream } from "./stream.ts";
import { beginningOf } from "./stream-id.ts";

/** Begins an epoch with a world that is here; false where somebody else was faster [ORD11]. */
export async function beginEpoch(
	{ stream, snapshots }: Store,
	epoch: number,
	ending: Ending,
	world: WorldSnapshot,
): Promise<boolean> {
	const info = await snapshots.write(ending, world);
	const { id, hash } = ending;
	const start = encodeEpoch({ base: { id, hash }, snapshot: info.key });
	const isBegun = await stream.open(beginningOf(epoch), start);
	await (isBegun ? snapshots.keep(info) : snapshots.remove(info));
	return isBegun;
}

/**
 * Begins one that cuts a history, which goes on; false where somebody else was faster, or there is none
 * any more: what is left of it then nobody could tell from any other [ORD12].
 */
export async function cutHistory(
	stream: Stream,
	epoch: number,
): Promise<boolean> {
	const start = encodeEpoch({ base: null, snapshot: null });
	return stream.goOn(beginningOf(epoch), start);
}
