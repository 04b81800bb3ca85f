/** A hub whose worlds others share: it comes back where they went on without it, and tells where it may not. */
import {
	afterAll,
	beforeAll,
	describe,
	expect,
	onTestFinished,
	test,
} from "vitest";
import type { Socket } from "../../src/core/edge/host.ts";
import { createHub, type Hub } from "../../src/node/hub.ts";
import type { HubOptions } from "../../src/node/hub-options.ts";
import type { NodeGateway } from "../../src/node/node-gateway.ts";
import { digestOf as keyOf } from "../../src/node/token.ts";
import {
	IS_REDIS_MISSING,
	type RedisServer,
	startRedis,
} from "../support/redis.ts";
import { until } from "../support/until.ts";
import { startReplica } from "./order/redis/support/replica.ts";

describe.skipIf(IS_REDIS_MISSING)("a hub on Redis", () => {
	let redis: RedisServer;
	beforeAll(async () => {
		redis = await startRedis();
	});
	afterAll(() => redis.stop());

	function arrange(options: HubOptions = {}) {
		const unfit: string[] = [];
		const hub = createHub({
			...{ nativeIo: "off", redis: redis.url, ...options },
			onUnfit: (reason, world) => void unfit.push(`${world}: ${reason}`),
		});
		onTestFinished(() => hub.close({ timeout: 0 }));
		return { hub, unfit };
	}

	test("ORD13 a world that others went on with has another gateway at once, in the place of the first", async () => {
		const { hub } = arrange({ worlds: ["garden"] });
		const first = await ready(hub, "garden");
		const other = await ready(hub, "default");
		const closings: number[] = [];
		const timmy = first.open({
			ping() {},
			close(code) {
				closings.push(code);
				timmy.closed(code);
			},
			terminate() {},
			writeFrames: () => 0,
		});
		const hello = { type: "agent_register", agentId: "timmy", resume: true };
		timmy.receive(Buffer.from(JSON.stringify(hello)), false);
		await until(
			() => first.status().agents.length,
			(count) => count === 1,
		);
		const fence = startReplica(redis.url, { worldName: "garden" });
		await fence.ready();
		fence.append({ type: "gone", node: first.nodeId, seen: 1_000_000 });
		const second = await until(
			() => hub.gateways.get("garden"),
			(gateway) => gateway !== first,
		);
		expect(closings).toEqual([1012]);
		expect(first.draining).toBe(true);
		await until(() => second?.ready, Boolean);
		expect(second?.status()).toMatchObject({
			...{ connections: 0, agents: [{ agentId: "timmy", state: "detached" }] },
		});
		expect(second?.status().nodes?.map(({ id }) => id)).toEqual([
			fence.id,
			second?.nodeId,
		]);
		expect(hub.gateways.get("default")).toBe(other);
		expect(await hub.enter("garden")).toBe(second);
	});

	test("a world that others share by other options is told, and left alone", async () => {
		const redisPrefix = "unfit";
		const { hub } = arrange({ redisPrefix });
		await ready(hub, "default");
		const { hub: other, unfit } = arrange({
			redisPrefix,
			maxRetainedMessages: 7,
		});
		await until(() => unfit.length, Boolean);
		expect(unfit).toEqual([
			expect.stringMatching(/^default: .*maxRetainedMessages/),
		]);
		expect(other.ready).toBe(false);
		expect(hub.ready).toBe(true);
	});

	test("AUTH5 what is revoked in one process is in worlds that it has not", async () => {
		const shared: HubOptions = { worlds: "*", redisPrefix: "revoked" };
		const { hub: one } = arrange(shared);
		const { hub: other } = arrange(shared);
		const garden = await ready(other, "garden");
		await ready(one, "default");
		await ready(other, "default");
		const closings: number[] = [];
		const socket: Socket = {
			ping() {},
			close(code) {
				closings.push(code);
				setImmediate(() => viewer.closed(code));
			},
			terminate() {},
			writeFrames: () => 0,
		};
		const grant = { key: keyOf("s3cret") };
		const viewer = garden.open(socket, grant);
		one.revoke("s3cret");
		await until(() => closings.length, Boolean);
		expect(closings).toEqual([4003]);
		expect(one.gateways.has("garden")).toBe(false);
		for (const hub of [one, other]) expect(hub.isRevoked(grant)).toBe(true);
	});

	test("AUTH5 ORD13 who was judged before a token was regranted is judged again, though its world has come back", async () => {
		const { hub } = arrange();
		const first = await ready(hub, "default");
		const before = hub.regrants;
		hub.regrant("mine", null);
		await until(() => hub.isStale({ key: "mine" }, before), Boolean);
		const fence = startReplica(redis.url);
		await fence.ready();
		fence.append({ type: "gone", node: first.nodeId, seen: 1_000_000 });
		await until(
			() => hub.gateways.get("default"),
			(gateway) => gateway !== first,
		);
		expect(hub.isStale({ key: "mine" }, before)).toBe(true);
		expect(hub.isStale({ key: "other" }, before)).toBe(false);
		const between = hub.regrants;
		hub.regrant("other", null);
		await until(() => hub.isStale({ key: "other" }, between), Boolean);
		expect(hub.isStale({ key: "mine" }, between)).toBe(false);
	});

	test("WLD3 of a world that was made at its first use it is out when none of its clients is there", async () => {
		const shared: HubOptions = { worlds: "*", redisPrefix: "idle" };
		const { hub: stays } = arrange(shared);
		const { hub: goes } = arrange({ ...shared, worldIdle: 300 });
		await ready(stays, "garden");
		await ready(goes, "garden");
		const nodes = () => stays.gateways.get("garden")?.status().nodes?.length;
		await until(nodes, (count) => count === 2);
		await until(nodes, (count) => count === 1);
		expect(goes.gateways.has("garden")).toBe(false);
	});
});

/** The gateway of a world, once it takes part. */
async function ready(hub: Hub, name: string): Promise<NodeGateway> {
	const entered = await hub.enter(name);
	if (!("open" in entered)) throw new Error(entered.reason);
	await until(() => entered.ready, Boolean);
	return entered;
}
