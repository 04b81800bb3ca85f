/** How a fake Redis comes to have lost what some have applied. */

import type { SnapshotInfo } from "../../../../../src/node/order/redis/snapshots.ts";
import type { StreamId } from "../../../../../src/node/order/redis/stream-id.ts";
import { life } from "../../support/commands.ts";
import type { FakeEntry, FakeRedis, Fate, Rule } from "./fake-redis.ts";
import { KEYS, type Replica, settle } from "./replica.ts";

/** One goes on while the other hears nothing. Returns how many entries there were when that began. */
export async function goAhead(
	one: Replica,
	others: Gate,
	redis: FakeRedis,
): Promise<number> {
	others.shut();
	// What the other one waits for already is answered.
	await settle(one);
	const { length } = redis.entries;
	one.append(...life("a", 1));
	await settle(one);
	return length;
}

/** Redis loses what one has applied, and the other goes on in its place. */
export async function meetAnother(
	one: Replica,
	other: Replica,
	hers: Gate,
	his: Gate,
	redis: FakeRedis,
): Promise<void> {
	const kept = await goAhead(one, his, redis);
	// Redis loses what the other one has not read, who is the first to write again.
	hers.shut(new Error("LOADING"));
	redis.entries = redis.entries.slice(0, kept);
	redis.last = redis.entries.at(-1)?.id;
	his.open();
	await settle(other);
	await settle(other);
	hers.open();
}

/** Puts an entry into the stream behind everybody's back: nobody who waits is woken by it. */
export function plant(
	redis: FakeRedis,
	id: StreamId,
	entry: Omit<FakeEntry, "id">,
): void {
	redis.last = id;
	redis.entries.push({ id, ...entry });
}

/** Those that are in the index. */
export function snapshotsOf({ others }: FakeRedis): SnapshotInfo[] {
	const index = others.get(KEYS.snapshots);
	if (!(index instanceof Map)) return [];
	return [...index.values()].map((info) => JSON.parse(info));
}

/** Through which a node's commands go, or wait, or are refused. */
export interface Gate {
	readonly rule: Rule;
	shut(error?: Error): void;
	open(): void;
}

export function createGate(): Gate {
	let fate: Fate = "pass";
	let open = () => {};
	return {
		rule: () => fate,
		shut(error) {
			fate =
				error ??
				new Promise((resolve) => {
					open = resolve;
				});
		},
		open() {
			fate = "pass";
			open();
		},
	};
}
