/** Nodes on a fake Redis. */
import type { FakeRedis } from "./fake-redis.ts";
import { type Replica, type ReplicaOptions, startReplica } from "./replica.ts";

export async function startOne(
	{ connect }: Pick<FakeRedis, "connect">,
	options: ReplicaOptions = {},
): Promise<Replica> {
	const replica = startReplica("redis://fake", { connect, ...options });
	await replica.ready();
	return replica;
}

export async function startAll(
	redis: FakeRedis,
	count: number,
	options?: ReplicaOptions,
): Promise<Replica[]> {
	const all: Replica[] = [];
	for (let n = 0; n < count; n++) all.push(await startOne(redis, options));
	return all;
}

export async function startTwo(
	redis: FakeRedis,
	options?: ReplicaOptions,
): Promise<[Replica, Replica]> {
	return [await startOne(redis, options), await startOne(redis, options)];
}

/** The epochs of which there are entries. */
export function epochsOf({ entries }: FakeRedis): number[] {
	return [...new Set(entries.map(({ id }) => id.epoch))];
}

/** What a node has told of lost history. */
export function lossesOf({ events }: Replica): number[] {
	return events.flatMap((event) =>
		event.event === "historyLost" ? [event.epoch] : [],
	);
}
