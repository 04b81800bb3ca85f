/** A Redis that has lost some of the history: who goes on, and who ends. */
import { expect, test } from "vitest";
import { until } from "../../../support/until.ts";
import { life } from "../support/commands.ts";
import { createFakeRedis, type FakeEntry } from "./support/fake-redis.ts";
import {
	epochsOf,
	lossesOf,
	startAll,
	startOne,
	startTwo,
} from "./support/fakes.ts";
import { createGate, goAhead, meetAnother } from "./support/losses.ts";
import { endOf, settle, settleLiving } from "./support/replica.ts";

test("[ORD12] after a failover that lost the tail they go on with what they have", async () => {
	const redis = createFakeRedis();
	const replicas = await startAll(redis, 3);
	for (const { append } of replicas) append(...life("a", 5));
	await settle(...replicas);
	redis.loseTail(2);
	// Who has not read yet what another one has ends.
	const living = await settleLiving(replicas);
	expect(replicas.flatMap(lossesOf)).toEqual([2]);
	for (const { world } of living) expect(world().roster).toContain("a");
});

test("[ORD12] one of its own that is not above the last is the alarm, where no line breaks", async () => {
	const redis = createFakeRedis();
	const one = await startOne(redis);
	one.append(...life("a", 5));
	await settle(one);
	redis.entries = redis.entries.slice(0, -3);
	redis.last = redis.entries.at(-1)?.id;
	await settle(one);
	expect(lossesOf(one)).toEqual([2]);
	expect(one.world().roster).toContain("a");
});

test("[ORD12] what is lost before its own node has read it is missed, though that writes nothing more until then", async () => {
	const redis = createFakeRedis();
	const reading = createGate();
	const one = await startOne({
		connect: redis.connectBy((command, words) =>
			command === "XREAD" ? reading.rule(command, words) : "pass",
		),
	});
	one.append(...life("a", 5));
	await settle(one);
	reading.shut();
	// What it waits for already is read, and the next one is on its way.
	const { length } = redis.entries;
	await until(
		() => redis.entries.length,
		(now) => now >= length + 2,
	);
	redis.flush();
	reading.open();
	await settle(one);
	expect(lossesOf(one)).toEqual([2]);
	expect(one.world().roster).toContain("a");
});

test("[ORD12] without a stream nobody writes an entry, but how the next epoch begins", async () => {
	const redis = createFakeRedis();
	const [one, other] = await startTwo(redis);
	await settle(one, other);
	redis.flush();
	await settleLiving([one, other]);
	expect(epochsOf(redis)).toEqual([2]);
	expect(redis.entries[0]?.payload.toString()).toMatch(/^{"epoch":/);
});

test("[ORD12] where others have written something else in its place, it cuts their history and ends", async () => {
	const redis = createFakeRedis();
	const [hers, his] = [createGate(), createGate()];
	const one = await startOne({ connect: redis.connectBy(hers.rule) });
	const other = await startOne({ connect: redis.connectBy(his.rule) });
	await meetAnother(one, other, hers, his, redis);
	expect((await endOf(one)).code).toBe("lost");
	await settle(other);
	expect(other.ended).toBeUndefined();
	expect(lossesOf(one)).toEqual([2]);
	expect(epochsOf(redis)).toEqual([1, 2]);
});

test("[ORD12] who has applied less than who begins the epoch ends, and comes back to its world", async () => {
	const redis = createFakeRedis();
	const his = createGate();
	const one = await startOne(redis);
	const other = await startOne({ connect: redis.connectBy(his.rule) });
	await goAhead(one, his, redis);
	redis.flush();
	await settle(one);
	his.open();
	const ended = await endOf(other);
	expect(ended.code).toBe("lost");
	const next = await startOne(redis, { replaces: [other.id] });
	await settle(one, next);
	expect(one.world().members.sequences.map(([node]) => node)).toEqual([
		one.id,
		next.id,
	]);
	expect(next.world().roster).toEqual(one.world().roster);
});

test("[ORD12] equal bytes in its last place are not its history, where what comes before is another", async () => {
	const redis = createFakeRedis();
	const [hers, his] = [createGate(), createGate()];
	const one = await startOne({ connect: redis.connectBy(hers.rule) });
	const other = await startOne({ connect: redis.connectBy(his.rule) });
	const kept = await goAhead(one, his, redis);
	await settle(one);
	const last = redis.entries.at(-1) as FakeEntry;
	// In place of all others that she has written comes one that is none, and then her last one again.
	hers.shut(new Error("LOADING"));
	redis.entries = redis.entries.slice(0, -1).map(({ id, payload }, n) => ({
		...{ id, payload: n < kept ? payload : Buffer.from("none") },
	}));
	redis.entries.push(last);
	redis.cut();
	his.open();
	hers.open();
	expect((await endOf(one)).code).toBe("lost");
	expect(other.ended).toBeUndefined();
	expect(lossesOf(one)).toEqual([2]);
});
