/** Snapshots that a Redis has lost, or has of what it has lost. */
import { expect, test } from "vitest";
import { until } from "../../../support/until.ts";
import { life } from "../support/commands.ts";
import { createFakeRedis } from "./support/fake-redis.ts";
import { startOne } from "./support/fakes.ts";
import { createGate, goAhead, snapshotsOf } from "./support/losses.ts";
import { KEYS, settle } from "./support/replica.ts";

test("[ORD12] a world of entries that Redis has lost is no start for others", async () => {
	const redis = createFakeRedis();
	const [hers, his] = [createGate(), createGate()];
	const pace = { bytes: 1, age: 1e9, spare: 200 };
	const one = await startOne({ connect: redis.connectBy(hers.rule) }, { pace });
	const other = await startOne(
		{ connect: redis.connectBy(his.rule) },
		{ pace },
	);
	const kept = await goAhead(one, his, redis);
	await until(
		() => snapshotsOf(redis),
		(infos) => infos.some(({ id }) => Number(id.split("-")[1]) > kept),
	);
	await one.vanish();
	redis.entries = redis.entries.slice(0, kept);
	redis.last = redis.entries.at(-1)?.id;
	redis.cut();
	his.open();
	for (let n = 0; n < 9; n++) await settle(other);
	const next = await startOne(redis, { pace });
	await settle(other, next);
	expect(next.world().members.former).toEqual(other.world().members.former);
	expect(next.world().roster).toEqual(other.world().roster);
});

test("[ORD15] where the snapshot is lost that an epoch begins with, another one is written", async () => {
	const redis = createFakeRedis();
	const one = await startOne(redis);
	await settle(one);
	redis.flush();
	await settle(one);
	redis.others.clear();
	const next = await startOne(redis);
	await settle(one, next);
	expect(next.world().roster).toEqual(one.world().roster);
});

test("[ORD15] what is left of a snapshot whose writing broke off is no part of the next one", async () => {
	const redis = createFakeRedis();
	const one = await startOne(redis);
	one.append(...life("a", 5));
	await settle(one);
	let lost = 0;
	redis.rule = (command, words) =>
		command === "XADD" && words.includes("2-0") && lost++ === 0
			? "ignored"
			: "pass";
	redis.flush();
	await settle(one);
	expect(lost).toBeGreaterThan(1);
	for (const { key, pieces } of snapshotsOf(redis))
		expect(redis.others.get(key)).toHaveLength(pieces);
});

test("[ORD15] the world that an epoch begins with stays until there is another one of it", async () => {
	const redis = createFakeRedis();
	const one = await startOne(redis, { pace: TIDY });
	await settle(one);
	let fails = true;
	redis.rule = (command, words) =>
		fails && command === "RPUSH" && /:2-/.test(String(words[1]))
			? new Error("OOM")
			: "pass";
	redis.flush();
	await settle(one);
	// Another try comes after ten seconds; until then it looks each second.
	const [base] = snapshotsOf(redis);
	const looks = () =>
		redis.asked.filter((asked) => /^HVALS/.test(asked)).length;
	const before = looks();
	await until(looks, (now) => now > before + 3);
	expect(snapshotsOf(redis)).toEqual([base]);
	fails = false;
	const next = await startOne(redis, { pace: TIDY });
	await settle(one, next);
});

test("[ORD15] a snapshot of a history that is lost is no floor, and goes", async () => {
	const redis = createFakeRedis();
	const one = await startOne(redis, { pace: TIDY });
	await settle(one);
	for (const [key, pieces] of [
		["whole", 1],
		["broken", 2],
	] as const) {
		redis.others.set(key, [Buffer.from("{}")]);
		const info = { id: "9-9", hash: 1, key, pieces, bytes: 2 };
		const index = redis.others.get(KEYS.snapshots) ?? new Map();
		redis.others.set(KEYS.snapshots, index);
		if (index instanceof Map) index.set(key, JSON.stringify(info));
	}
	await until(
		() => snapshotsOf(redis),
		(infos) => infos.every(({ id }) => id !== "9-9"),
	);
	expect(redis.entries[0]?.id).toEqual({ epoch: 1, place: 0 });
	const next = await startOne(redis);
	await settle(one, next);
});

/** None is due, and what is not needed any more goes soon. */
const TIDY = { bytes: 1e9, age: 1e9, spare: 200 };
