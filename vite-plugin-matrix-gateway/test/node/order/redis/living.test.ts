/** Nodes that vanish, that only slept, and what is on its way while lines break. */
import { expect, test } from "vitest";
import type { Command } from "../../../../src/core/world/command.ts";
import { until } from "../../../support/until.ts";
import { frameOf, life } from "../support/commands.ts";
import { createFakeRedis } from "./support/fake-redis.ts";
import { startAll, startOne, startTwo } from "./support/fakes.ts";
import { endOf, type Replica, settle } from "./support/replica.ts";

test("[ORD13] who reads its own gone ends, and writes no more", async () => {
	const redis = createFakeRedis();
	const [one, other] = await startTwo(redis);
	await settle(one, other);
	other.append({ type: "gone", node: one.id, seen: Number.MAX_SAFE_INTEGER });
	const ended = await endOf(one);
	expect(ended.code).toBe("fenced");
	const { length } = redis.entries;
	one.append(...life("ghost", 1));
	for (let n = 0; n < 3; n++) await settle(other);
	const later = redis.entries.slice(length);
	expect(later.length).toBeGreaterThan(2);
	expect(later.filter(({ payload }) => payload.includes("ghost"))).toEqual([]);
});

test("[ORD14] while Redis sleeps nobody vanishes", async () => {
	const redis = createFakeRedis();
	const replicas = await startAll(redis, 3, { lease: 500 });
	await settle(...replicas);
	let wake = () => {};
	const sleep = new Promise<void>((resolve) => {
		wake = resolve;
	});
	redis.rule = () => sleep;
	await behind(...replicas);
	await behind(...replicas);
	redis.rule = () => "pass";
	wake();
	await settle(...replicas);
	expect(replicas.filter(({ ended }) => ended)).toEqual([]);
	expect(
		redis.entries.filter(({ payload }) => payload.includes('["gone",')),
	).toEqual([]);
});

test("[ORD15] what was appended is applied once, in its order, whatever becomes of lines and answers", async () => {
	const redis = createFakeRedis();
	const replicas = await startTwo(redis);
	let count = 0;
	redis.rule = (command) => {
		if (command !== "XADD") return "pass";
		const fates = ["lost", "ignored", "pass", "lost", "pass"] as const;
		return fates[count++ % fates.length] ?? "pass";
	};
	for (const { append } of replicas) append(...life("a", 1));
	for (let n = 1; n <= 8; n++) {
		for (const { append, id } of replicas) append(say(id, n));
		await settle(...replicas);
	}
	const [one, other] = replicas;
	expect(one.world().counts).toEqual(other.world().counts);
	expect(one.said).toEqual(other.said);
	for (const { said, id } of replicas)
		expect(said.filter((text) => text.includes(id))).toEqual(
			Array.from({ length: 8 }, (_, n) => textOf(id, n + 1)),
		);
}, 60_000);

test("[ORD15] what a line answers after its end does not count", async () => {
	const redis = createFakeRedis();
	const [one, other] = await startTwo(redis);
	let lates = 0;
	redis.rule = (command) => {
		if (command !== "XREAD" || lates >= 4) return "pass";
		lates++;
		return "late";
	};
	for (let n = 0; n < 2; n++) {
		other.append(...life(`a${n}`, 2));
		const { length } = redis.entries;
		await until(
			() => redis.entries.length,
			(now) => now > length,
		);
		redis.cut();
	}
	await settle(one, other);
	expect([one.ended, other.ended]).toEqual([undefined, undefined]);
	expect(one.world().retained).toEqual(other.world().retained);
	expect(lates).toBe(4);
});

test("[ORD15] it is behind once nothing has come back for a second, and no more as soon as something does", async () => {
	const redis = createFakeRedis();
	const one = await startOne(redis);
	let wake = () => {};
	const sleep = new Promise<void>((resolve) => {
		wake = resolve;
	});
	redis.rule = () => sleep;
	const start = performance.now();
	await behind(one);
	expect(performance.now() - start).toBeGreaterThan(900);
	expect(one.order.health).toEqual({
		state: "behind",
		reason: "Redis gives nothing back",
	});
	redis.rule = () => "pass";
	wake();
	await one.ready();
	expect(one.events.map(({ event }) => event)).toEqual([
		"caughtUp",
		"behind",
		"caughtUp",
	]);
});

test("[ORD15] a line that breaks and is there again at once is not noticed", async () => {
	const redis = createFakeRedis();
	const one = await startOne(redis);
	for (let n = 0; n < 5; n++) {
		redis.cut();
		await settle(one);
	}
	expect(one.events.map(({ event }) => event)).toEqual(["caughtUp"]);
});

test("[ORD15] entries go only below a snapshot that is there, and has been for a while", async () => {
	const redis = createFakeRedis();
	const pace = { bytes: 500, age: 1e9, spare: 1_500 };
	const one = await startOne(redis, { pace });
	const first = redis.entries[0]?.payload;
	const begun = performance.now();
	let isKept = true;
	await until(
		async () => {
			one.append(...life("a", 3));
			await settle(one);
			if (performance.now() - begun < pace.spare)
				isKept &&= redis.entries[0]?.payload === first;
			return redis.entries[0]?.payload !== first;
		},
		(isTrimmed) => isTrimmed,
		20_000,
	);
	expect(isKept).toBe(true);
	const later = await startOne(redis);
	await settle(one, later);
	expect(later.world().retained).toEqual(one.world().retained);
}, 30_000);

test("[ORD15] nothing goes below a snapshot that has vanished", async () => {
	const redis = createFakeRedis();
	const pace = { bytes: 500, age: 1e9, spare: 0 };
	redis.rule = (command) => {
		// An operator's memory limit takes lists away.
		if (command === "LLEN")
			for (const [key, value] of redis.others)
				if (Array.isArray(value)) redis.others.delete(key);
		return "pass";
	};
	const one = await startOne(redis, { pace });
	const first = redis.entries[0]?.payload;
	await until(
		async () => {
			one.append(...life("a", 3));
			await settle(one);
			return redis.asked.filter((words) => words.startsWith("LLEN")).length;
		},
		(count) => count > 1,
		20_000,
	);
	expect(redis.entries[0]?.payload).toBe(first);
}, 30_000);

function say(node: string, n: number): Command {
	return {
		...{ type: "publish", conn: "a", echo: true, answer: false },
		...{ frame: frameOf({ type: "note", text: textOf(node, n) }) },
		retain: undefined,
	};
}

const textOf = (node: string, n: number) => `${node} ${n}`;

async function behind(...replicas: readonly Replica[]): Promise<void> {
	await until(
		() => replicas.every(({ order }) => order.health?.state === "behind"),
		(all) => all,
	);
}
