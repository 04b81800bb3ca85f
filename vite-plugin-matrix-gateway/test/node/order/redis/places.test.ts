/** Places are dense, and nobody goes over a gap. On a Redis that does what a test says. */
import { expect, test } from "vitest";
import { encodeEpoch } from "../../../../src/node/order/redis/payload.ts";
import { until } from "../../../support/until.ts";
import { life } from "../support/commands.ts";
import { createFakeRedis, type FakeRedis } from "./support/fake-redis.ts";
import {
	epochsOf,
	lossesOf,
	startAll,
	startOne,
	startTwo,
} from "./support/fakes.ts";
import { plant } from "./support/losses.ts";
import {
	endOf,
	settle,
	settleLiving,
	startReplica,
} from "./support/replica.ts";

test("[ORD11] each is one more than the one before", async () => {
	const redis = createFakeRedis();
	const replicas = await startAll(redis, 3);
	await settle(...replicas);
	const places = redis.entries.map(({ id }) => [id.epoch, id.place]);
	expect(places).toEqual(places.map((_, n) => [1, n]));
	expect(places.length).toBeGreaterThan(3);
});

test("[ORD11] who has clients ends where the next one is missing", async () => {
	const redis = createFakeRedis();
	const [one, other] = await startTwo(redis);
	hideNextOf(redis, other.id);
	const ended = await endOf(one);
	expect(ended.code).toBe("lost");
	expect(ended.message).toMatch(/not there any more/);
});

test("[ORD11] who begins and meets a gap goes on from a newer snapshot", async () => {
	const redis = createFakeRedis();
	const one = await startOne(redis, { pace: EAGER });
	one.append(...life("early", 20));
	await settle(one);
	await until(
		() => redis.others.size,
		(size) => size > 1,
	);
	// Some that came before the snapshot.
	redis.entries.splice(1, 2);
	const later = await startOne(redis);
	await settle(one, later);
	expect(later.world().retained).toEqual(one.world().retained);
});

test("[ORD11] who begins and finds no way through waits for a snapshot, while others live", async () => {
	const redis = createFakeRedis();
	const one = await startOne(redis, { pace: EAGER });
	for (let n = 0; n < 3; n++) await settle(one);
	redis.entries.splice(2, 1);
	const later = startReplica("redis://fake", { ...redis, lease: 300 });
	const { length } = redis.entries;
	await until(
		() => redis.entries.length,
		(now) => now > length + 8,
	);
	expect(later.order.health?.state).toBe("behind");
	one.append(...life("a", 50));
	await settle(one, later);
	expect(epochsOf(redis)).toEqual([1]);
});

test("[ORD11] who begins and finds no way through begins the next epoch with what there is", async () => {
	const redis = createFakeRedis();
	const one = await startOne(redis);
	one.append(...life("early", 20));
	for (let n = 0; n < 3; n++) await settle(one);
	await one.vanish();
	redis.entries.splice(-2, 1);
	const later = await startOne(redis, { lease: 300 });
	expect(lossesOf(later)).toEqual([2]);
	expect(later.world().roster).toContain("early");
	const last = await startOne(redis);
	await settle(later, last);
	expect(last.world().roster).toEqual(later.world().roster);
});

test("[ORD11] what was meant for an epoch that is over is sent in the next one", async () => {
	const redis = createFakeRedis();
	const [one, other] = await startTwo(redis);
	await settle(one, other);
	// Nobody is woken by it, so that they write before they read it.
	const payload = encodeEpoch({ base: null, snapshot: null });
	plant(redis, { epoch: 2, place: 0 }, { payload });
	one.append(...life("a", 3));
	await settle(one, other);
	expect([one.ended, other.ended]).toEqual([undefined, undefined]);
	expect(epochsOf(redis)).toEqual([1, 2]);
	expect(other.world().retained).toEqual(one.world().retained);
});

test("[ORD11] exactly one begins an epoch, and who has applied the same goes on", async () => {
	const redis = createFakeRedis();
	const replicas = await startAll(redis, 5);
	await settle(...replicas);
	redis.flush();
	const living = await settleLiving(replicas);
	expect(replicas.flatMap(lossesOf)).toEqual([2]);
	const [roster] = replicas.map(({ world }) => world().roster);
	expect(roster?.length).toBeGreaterThan(4);
	for (const { world } of living)
		expect(world().roster).toEqual(living[0]?.world().roster);
});

/** A snapshot as soon as something was written. */
const EAGER = { bytes: 2_000, age: 1e9, spare: 1e9 };

/** The next entry of a node's is gone before anybody reads it. */
function hideNextOf({ entries }: FakeRedis, node: string): void {
	const { push } = entries;
	entries.push = (...added) => {
		if (!added[0]?.payload.includes(node)) return push.apply(entries, added);
		entries.push = push;
		return entries.length;
	};
}
