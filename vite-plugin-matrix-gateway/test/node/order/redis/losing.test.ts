/** A Redis that has lost some of the history: who goes on, and who ends. */
import { expect, test } from "vitest";
import { resolveOptions } from "../../../../src/core/protocol/options.ts";
import type { Command } from "../../../../src/core/world/command.ts";
import { worldOptionsOf } from "../../../../src/core/world/options.ts";
import {
	encodeEpoch,
	encodePayload,
} from "../../../../src/node/order/redis/payload.ts";
import type { StreamId } from "../../../../src/node/order/redis/stream-id.ts";
import { until } from "../../../support/until.ts";
import { life } from "../support/commands.ts";
import {
	createFakeRedis,
	type FakeEntry,
	type FakeRedis,
	type Fate,
	type Rule,
} from "./support/fake-redis.ts";
import {
	epochsOf,
	lossesOf,
	startAll,
	startOne,
	startTwo,
} from "./support/fakes.ts";
import { KEYS, type Replica, settle, settleLiving } from "./support/replica.ts";

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
	await until(
		() => one.ended?.code,
		(code) => code === "lost",
	);
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
	const { ended } = await until(
		() => other,
		(node) => node.ended !== undefined,
	);
	expect(ended?.code).toBe("lost");
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
	await until(
		() => one.ended?.code,
		(code) => code === "lost",
	);
	expect(other.ended).toBeUndefined();
	expect(lossesOf(one)).toEqual([2]);
});

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
		(places) => places.some((id) => Number(id.split("-")[1]) > kept),
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

test("[ORD12] who finds that a history was cut, and not there what it has applied of it, ends", async () => {
	const redis = createFakeRedis();
	const one = await startOne(redis);
	await settle(one);
	// All that is there is the cut: what was before it may have been any other's.
	const payload = encodeEpoch({ base: null, snapshot: null });
	redis.last = { epoch: 2, place: 0 };
	redis.entries = [{ id: redis.last, payload }];
	await until(
		() => one.ended?.code,
		(code) => code === "lost",
	);
});

test("[ORD12] nobody cuts a history of which nothing is left", async () => {
	const redis = createFakeRedis();
	const [hers, his] = [createGate(), createGate()];
	const one = await startOne({
		connect: redis.connectBy((command, words) => {
			// All is lost between her finding that it is another's and her saying so.
			const isCut = String(words.at(5) ?? words.at(4)).includes('"base":null');
			if (command === "XADD" && isCut) redis.flush();
			return hers.rule(command, words);
		}),
	});
	const other = await startOne({ connect: redis.connectBy(his.rule) });
	await meetAnother(one, other, hers, his, redis);
	await until(
		() => one.ended?.code,
		(code) => code === "lost",
	);
	await settle(other);
	expect(lossesOf(one)).toEqual([]);
	expect(lossesOf(other)).toEqual([2]);
	expect(redis.entries[0]?.payload.toString()).toMatch(/"base":{"id":/);
});

test("[ORD12] who goes on from another beginning of the epoch than what is in Redis by now ends", async () => {
	const redis = createFakeRedis();
	const [hers, his] = [createGate(), createGate()];
	const one = await startOne({
		connect: redis.connectBy((command, words) =>
			command === "XADD" ? hers.rule(command, words) : "pass",
		),
	});
	const other = await startOne({ connect: redis.connectBy(his.rule) });
	await goAhead(one, his, redis);
	redis.flush();
	await settle(one);
	expect(lossesOf(one)).toEqual([2]);
	// Nothing that she writes tells her that it is lost again; and he begins the same epoch as she did.
	hers.shut();
	redis.flush();
	his.open();
	await until(
		() => one.ended?.code,
		(code) => code === "lost",
	);
	hers.open();
	await settle(other);
	expect(lossesOf(other)).toEqual([2]);
	expect(other.ended).toBeUndefined();
});

test("[ORD12] what was written after another beginning of the epoch changes nothing", async () => {
	const redis = createFakeRedis();
	const [one, other] = await startTwo(redis);
	await settle(one, other);
	const last = redis.last as StreamId;
	redis.last = { ...last, place: last.place + 1 };
	const entry = { node: "ghost", sequence: 1, commands: [UP] };
	const payload = encodePayload(entry);
	redis.entries.push({ id: redis.last, payload, mark: "another" });
	await settle(one, other);
	const members = one.world().members.sequences.map(([node]) => node);
	expect(members).toEqual([one.id, other.id]);
	expect([one.ended, other.ended]).toEqual([undefined, undefined]);
});

const UP: Command = { type: "up", options: worldOptionsOf(resolveOptions()) };

/** One goes on while the other hears nothing. Returns how many entries there were when that began. */
async function goAhead(
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
async function meetAnother(
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

/** The places of those that are in the index. */
function snapshotsOf({ others }: FakeRedis): string[] {
	const index = others.get(KEYS.snapshots);
	if (!(index instanceof Map)) return [];
	return [...index.values()].map((info) => JSON.parse(info).id);
}

/** Through which a node's commands go, or wait, or are refused. */
interface Gate {
	readonly rule: Rule;
	shut(error?: Error): void;
	open(): void;
}

function createGate(): Gate {
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
