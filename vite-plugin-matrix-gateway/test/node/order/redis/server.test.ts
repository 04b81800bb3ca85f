/** The Redis that tests start: what they rely on. */
import { describe, expect, onTestFinished, test } from "vitest";
import {
	IS_REDIS_MISSING,
	type RedisServer,
	type RedisServerOptions,
	startRedis,
} from "../../../support/redis.ts";

describe.skipIf(IS_REDIS_MISSING)("a redis-server of a test", () => {
	test.each([
		{ aof: true, kept: "1" },
		{ aof: false, kept: null },
	])("after a kill has $kept, with aof $aof", async ({ aof, kept }) => {
		const redis = await started({ aof });
		await redis.command("SET", "key", "1");
		await redis.kill();
		await redis.restart();
		expect(await redis.command("GET", "key")).toBe(kept);
	});

	test("asks for its password", async () => {
		const redis = await started({ password: "sesame" });
		expect(await redis.command("PING")).toBe("PONG");
		await expect(
			started({ settings: ["--no-such-setting", "1"] }),
		).rejects.toThrow(/no-such-setting/);
	});

	test("is another's replica", async () => {
		const redis = await started();
		const replica = await started({ replicaOf: redis });
		await redis.command("SET", "key", "1");
		await redis.command("WAIT", "1", "1000");
		expect(await replica.command("GET", "key")).toBe("1");
	});

	test("sleeps, and wakes up", async () => {
		const redis = await started();
		redis.pause();
		const answer = redis.command("PING");
		redis.unpause();
		expect(await answer).toBe("PONG");
	});
});

async function started(options?: RedisServerOptions): Promise<RedisServer> {
	const redis = await startRedis(options);
	onTestFinished(() => redis.stop());
	return redis;
}
