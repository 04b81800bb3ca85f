/** Several nodes on one Redis have one world. */
import { readFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import {
	IS_REDIS_MISSING,
	type RedisServer,
	type RedisServerOptions,
	startRedis,
} from "../../../support/redis.ts";
import { until } from "../../../support/until.ts";
import { life } from "../support/commands.ts";
import {
	type Replica,
	type ReplicaOptions,
	settle,
	settleLiving,
	startReplica,
} from "./support/replica.ts";

describe.skipIf(IS_REDIS_MISSING)("on one Redis", { timeout: 60_000 }, () => {
	test("[ORD5] all have the same world, whoever appended what", async () => {
		const redis = await started();
		const replicas = await startAll(redis);
		for (const [n, { append }] of replicas.entries())
			append(...life(`agent-${n}`, 200));
		await expectSame(replicas);
		expectNobodyEnded(replicas);
	});

	test("[ORD9] who comes later has what was before", async () => {
		const redis = await started();
		const [first] = await startAll(redis, 1, { pace: EAGER });
		for (let n = 0; n < 20; n++) {
			first?.append(...life(`early-${n}`, 20));
			await settle(first as Replica);
		}
		const later = startReplica(redis.url);
		await later.ready();
		await expectSame([first as Replica, later]);
		expect(later.world().retained.length).toBeGreaterThan(50);
	});

	test("[ORD14] who vanishes is gone", async () => {
		const redis = await started();
		const replicas = await startAll(redis, 3, { lease: 1_000 });
		const [lost, ...rest] = replicas as [Replica, Replica, Replica];
		await lost.vanish();
		await until(
			() => rest.map(({ world }) => world().members.sequences.length),
			(counts) => counts.every((count) => count === 2),
		);
		await expectSame(rest);
	});

	test("a user may have no more rights than DATA.md names", async () => {
		const redis = await started();
		const rights = /An ACL user needs `(~.+?)` and `(.+?)`;/s.exec(DATA);
		const [, keys = "", commands = ""] = rights ?? [];
		const words = [keys, ...commands.split(/\s+/)];
		await redis.command(
			...["ACL", "SETUSER", "matrix", "on", ">s3cret", "resetkeys", ...words],
		);
		const url = redis.url.replace("//", "//matrix:s3cret@");
		const one = startReplica(url, { pace: { ...EAGER, bytes: 1_000 } });
		await one.ready();
		for (let n = 0; n < 5; n++) {
			one.append(...life(`agent-${n}`, 20));
			await settle(one);
		}
		await until(
			() => redis.command("HLEN", "matrix:{default}:snapshots"),
			(count) => Number(count) > 0,
		);
		await expectSame([one, ...(await startAll(redis, 1))]);
		expect(one.events.map(({ event }) => event)).toEqual(["caughtUp"]);
	});

	test("[ORD12] what was there is there after a FLUSHALL", async () => {
		const redis = await started();
		const replicas = await startAll(redis);
		for (const [n, { append }] of replicas.entries())
			append(...life(`agent-${n}`, 50));
		await settle(...replicas);
		await redis.command("FLUSHALL");
		for (const [n, { append }] of replicas.entries())
			append(...life(`late-${n}`, 50));
		await expectSame(replicas);
	});

	test("[ORD15] killed connections lose nothing", async () => {
		const redis = await started();
		const replicas = await startAll(redis);
		for (let n = 0; n < 20; n++) {
			for (const [m, { append }] of replicas.entries())
				append(...life(`agent-${m}-${n}`, 10));
			await redis.command("CLIENT", "KILL", "TYPE", "NORMAL", "SKIPME", "YES");
			await settle(replicas[n % 3] as Replica);
		}
		await expectSame(replicas);
		expectNobodyEnded(replicas);
	});

	test.each([true, false])(
		"[ORD12] what was there is there after a kill, with aof %s",
		async (aof) => {
			const redis = await started({ aof });
			const replicas = await startAll(redis);
			for (const [n, { append }] of replicas.entries())
				append(...life(`agent-${n}`, 50));
			await settle(...replicas);
			await redis.kill();
			await redis.restart();
			for (const [n, { append }] of replicas.entries())
				append(...life(`late-${n}`, 50));
			await expectSame(replicas);
			if (aof) expectNobodyEnded(replicas);
		},
	);
});

const DATA = readFileSync(
	new URL("../../../../DATA.md", import.meta.url),
	"utf8",
);

const EAGER = { bytes: 10_000, age: 60_000, spare: 0 };

async function started(options?: RedisServerOptions): Promise<RedisServer> {
	const redis = await startRedis(options);
	onTestFinished(() => redis.stop());
	return redis;
}

async function startAll(
	{ url }: RedisServer,
	count = 3,
	options?: ReplicaOptions,
): Promise<Replica[]> {
	const replicas = Array.from({ length: count }, () =>
		startReplica(url, options),
	);
	await Promise.all(replicas.map(({ ready }) => ready()));
	return replicas;
}

function expectNobodyEnded(replicas: readonly Replica[]): void {
	expect(replicas.flatMap(({ ended }) => ended ?? [])).toEqual([]);
}

/** They go on meanwhile: what each has when it has come to a place. */
async function expectSame(replicas: readonly Replica[]): Promise<void> {
	const living = await settleLiving(replicas);
	const [first, ...rest] = living.map(({ world }) => lasting(world()));
	expect(first?.roster.length).toBeGreaterThan(0);
	for (const other of rest) expect(other).toEqual(first);
}

/** Without what each tick changes. */
function lasting(world: ReturnType<Replica["world"]>) {
	const { time: _, members, ...rest } = world;
	return { ...rest, members: members.sequences.map(([node]) => node) };
}
