/** How a node begins on what is in a Redis, and when it does not. */
import { expect, test } from "vitest";
import {
	encodeEpoch,
	OWN_FORMAT,
} from "../../../../src/node/order/redis/payload.ts";
import { until } from "../../../support/until.ts";
import { life } from "../support/commands.ts";
import { createFakeRedis, type FakeRedis } from "./support/fake-redis.ts";
import { lossesOf, startAll, startOne } from "./support/fakes.ts";
import { plant } from "./support/losses.ts";
import {
	endOf,
	type Replica,
	settle,
	startReplica,
} from "./support/replica.ts";

test("the first begins the world, and whoever comes at the same time has it too", async () => {
	const redis = createFakeRedis();
	const all = Array.from({ length: 5 }, () =>
		startReplica("redis://fake", redis),
	);
	await Promise.all(all.map(({ ready }) => ready()));
	await settle(...all);
	expect(redis.entries[0]?.id).toEqual({ epoch: 1, place: 0 });
	expect(new Set(redis.entries.map(({ id }) => id.epoch)).size).toBe(1);
});

test("where Redis is away it waits, says so, and goes on when it comes", async () => {
	const redis = createFakeRedis();
	redis.rule = () =>
		new Error("LOADING Redis is loading the dataset in memory");
	const one = startReplica("redis://user:s3cret@fake", redis);
	one.append(...life("a", 2));
	const { health } = await until(
		() => one.order,
		({ health }) => health?.state === "behind" && /LOADING/.test(health.reason),
	);
	expect(JSON.stringify([health, one.events])).not.toContain("s3cret");
	redis.rule = () => "pass";
	await settle(one);
	expect(one.world().roster).toContain("a");
});

test.each([
	[
		"WRONGPASS invalid username-password pair",
		"Redis refuses the user or the password",
	],
	["NOAUTH Authentication required.", "Redis refuses the user or the password"],
	[
		"NOPERM User matrix has no permissions to run xadd",
		"the user may not do in Redis what is needed",
	],
	[
		"ERR unknown command 'XINFO', with args beginning with: 's3cret'",
		"Redis has not the commands that are needed; 7 has",
	],
	[
		"ERR Invalid stream ID specified as stream command argument",
		"Redis is older than 7, which is needed",
	],
	["OOM command not allowed", "Redis: OOM command not allowed"],
])("of %s it tells in its own words", async (answer, sentence) => {
	const redis = createFakeRedis();
	redis.rule = () => new Error(answer);
	const one = startReplica("redis://fake", redis);
	await until(
		() => one.events,
		(events) => events.length > 0,
	);
	expect(one.events).toEqual([
		{ event: "behind", redis: "fake:6379", reason: sentence },
	]);
});

test("it follows a cluster to where the keys are, and comes back where that is away", async () => {
	const [here, there] = [createFakeRedis(), createFakeRedis()];
	here.rule = () => new Error("MOVED 123 10.0.0.7:6380");
	const asked: string[] = [];
	const one = startReplica("redis://user:s3cret@fake", {
		connect: (address, ended) => {
			asked.push(address.url);
			const target = address.name === "10.0.0.7:6380" ? there : here;
			return target.connect(address, ended);
		},
	});
	await one.ready();
	expect(asked[0]).toBe("redis://user:s3cret@fake");
	expect(asked).toContain("redis://user:s3cret@10.0.0.7:6380");
	here.rule = () => "pass";
	there.rule = () => new Error("LOADING");
	await until(
		() => here.entries.length,
		(length) => length > 0,
	);
});

test("with other options it does not start, and says which", async () => {
	const redis = createFakeRedis();
	await startAll(redis, 2);
	const other = startReplica("redis://fake", {
		...redis,
		options: { resumeWindow: 1_000 },
	});
	await endOf(other);
	expect(other.ended?.code).toBe("options");
	expect(other.ended?.message).toContain(
		"resumeWindow is 1000 here, and 60000",
	);
});

test("with other options it goes on where the others have ended without a word", async () => {
	const redis = createFakeRedis();
	await leave(redis);
	const other = await startOne(redis, {
		options: { resumeWindow: 1_000 },
		lease: 300,
	});
	await settle(other);
	expect(other.world().members.sequences.map(([node]) => node)).toEqual([
		other.id,
	]);
	expect(other.world().roster).toContain("a");
});

test("of another version it does not start while the others live, and goes on after them", async () => {
	const redis = createFakeRedis();
	const one = await startOne(redis);
	one.append(...life("a", 2));
	await settle(one);
	becomeOlder(redis);
	const other = startReplica("redis://fake", { ...redis, lease: 300 });
	await endOf(other);
	expect(other.ended?.message).toMatch(/the same version/);
	await one.vanish();
	const next = await startOne(redis, { lease: 300 });
	await settle(next);
	expect(next.world().roster).toContain("a");
	expect(redis.entries.at(-1)?.id.epoch).toBe(2);
});

test("two that come after those of another version both go on after them", async () => {
	const redis = createFakeRedis();
	await leave(redis);
	becomeOlder(redis);
	const options = { resumeWindow: 1_000 };
	const [first, second] = [300, 600].map((lease) =>
		startReplica("redis://fake", { ...redis, options, lease }),
	) as [Replica, Replica];
	await settle(first, second);
	expect([first.ended, second.ended]).toEqual([undefined, undefined]);
	expect(second.world().roster).toContain("a");
});

test("where the last epoch only cut the history, one that comes begins with an earlier one", async () => {
	const redis = createFakeRedis();
	await leave(redis);
	const payload = encodeEpoch({ base: null, snapshot: null });
	plant(redis, { epoch: 2, place: 0 }, { payload });
	const next = await startOne(redis, { lease: 300 });
	await settle(next);
	expect(lossesOf(next)).toEqual([]);
	expect(next.world().roster).toContain("a");
});

/** A world of `a`, whose only node has ended without a word. */
async function leave(redis: FakeRedis): Promise<void> {
	const one = await startOne(redis);
	one.append(...life("a", 2));
	await settle(one);
	await one.vanish();
}

/** What is in it was written by another version. */
function becomeOlder(redis: FakeRedis): void {
	redis.entries = redis.entries.map(({ id, payload }) => {
		const text = payload.toString("latin1").replace(OWN_FORMAT, "0.older");
		return { id, payload: Buffer.from(text, "latin1") };
	});
}
