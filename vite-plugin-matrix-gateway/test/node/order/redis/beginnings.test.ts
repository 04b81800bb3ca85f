/** Epochs that begin twice, and histories that are cut, in a Redis that loses all at once. */
import { expect, test } from "vitest";
import { resolveOptions } from "../../../../src/core/protocol/options.ts";
import type { Command } from "../../../../src/core/world/command.ts";
import { worldOptionsOf } from "../../../../src/core/world/options.ts";
import { compareEnding } from "../../../../src/node/order/redis/compare-ending.ts";
import { findEnding } from "../../../../src/node/order/redis/ending.ts";
import {
	decodeEpoch,
	encodeEpoch,
	encodePayload,
} from "../../../../src/node/order/redis/payload.ts";
import type { StreamId } from "../../../../src/node/order/redis/stream-id.ts";
import { until } from "../../../support/until.ts";
import { life } from "../support/commands.ts";
import { createFakeRedis } from "./support/fake-redis.ts";
import { lossesOf, startOne, startTwo } from "./support/fakes.ts";
import { createGate, goAhead, meetAnother, plant } from "./support/losses.ts";
import { endOf, settle, settleLiving } from "./support/replica.ts";

test("[ORD12] who finds that a history was cut, and not there what it has applied of it, ends", async () => {
	const redis = createFakeRedis();
	const one = await startOne(redis);
	await settle(one);
	// All that is there is the cut: what was before it may have been any other's.
	const payload = encodeEpoch({ base: null, snapshot: null });
	redis.entries = [];
	plant(redis, { epoch: 2, place: 0 }, { payload });
	expect((await endOf(one)).code).toBe("lost");
});

test.each(["breaks", "stays"])(
	"[ORD12] who has a world begins the next epoch with it, though somebody began the same one anew, where its line %s",
	async (what) => {
		const redis = createFakeRedis();
		const hers = createGate();
		const one = await startOne({ connect: redis.connectBy(hers.rule) });
		one.append(...life("a", 20));
		for (let n = 0; n < 5; n++) await settle(one);
		hers.shut(what === "breaks" ? new Error("LOADING") : undefined);
		redis.flush();
		const other = await startOne(redis);
		hers.open();
		expect(await settleLiving([one, other])).toEqual([one]);
		expect(lossesOf(one)).toEqual([2]);
		expect(one.world().roster).toContain("a");
	},
);

test("[ORD12] nobody cuts a history of which nothing is left", async () => {
	const redis = createFakeRedis();
	const [hers, his] = [createGate(), createGate()];
	const one = await startOne({
		connect: redis.connectBy((command, words) => {
			// All is lost between her finding that it is another's and her saying so.
			const isCut = words.some((word) => word.includes('"base":null'));
			if (command === "XADD" && isCut) redis.flush();
			return hers.rule(command, words);
		}),
	});
	const other = await startOne({ connect: redis.connectBy(his.rule) });
	await meetAnother(one, other, hers, his, redis);
	expect(await settleLiving([one, other])).toHaveLength(1);
	expect([one, other].flatMap(lossesOf)).toEqual([2]);
	expect(redis.entries[0]?.payload.toString()).toMatch(/"base":{"id":/);
});

test.each([
	[
		"an entry of another beginning",
		() => ({ payload: GHOST, mark: "another" }),
	],
	["a cut", () => ({ payload: encodeEpoch({ base: null, snapshot: null }) })],
])(
	"[ORD12] where all is lost while a node looks what %s goes on from, it goes on with its own world",
	async (what, entry) => {
		const redis = createFakeRedis();
		const one = await startOne(redis);
		one.append(...life("a", 5));
		await settle(one);
		redis.rule = (command) => {
			if (command === "XRANGE") redis.flush();
			return "pass";
		};
		const { epoch, place } = redis.last as StreamId;
		const id =
			what === "a cut" ? { epoch: 2, place: 0 } : { epoch, place: place + 1 };
		plant(redis, id, entry());
		// It says something, and misses it.
		one.append(...life("b", 1));
		await until(
			() => lossesOf(one),
			([epoch]) => epoch === 2,
		);
		await settle(one);
		expect(one.world().roster).toContain("a");
	},
);

test("[ORD12] a beginning that comes while a node looks where it stands is not another history", async () => {
	const start = encodeEpoch({ base: { id: "2-30", hash: 1 }, snapshot: null });
	let looks = 0;
	const standing = await compareEnding(
		{
			between: async () => [],
			at: async (id) =>
				++looks > 1 ? { id, payload: start, mark: undefined } : undefined,
			extent: async () => ({
				first: { epoch: 1, place: 0 },
				last: { epoch: 3, place: 0 },
			}),
		},
		{ id: "2-30", hash: 1 },
	);
	expect(standing).toBe("same");
});

test("[ORD12] an end is another one where the epoch begins with another mark", async () => {
	const payload = encodeEpoch({ base: null, snapshot: null });
	const { mark } = decodeEpoch(payload) ?? {};
	const at = async (id: StreamId) => ({ id, payload, mark: undefined });
	const between = async (_: StreamId, to: StreamId) => [await at(to)];
	const ending = { id: "2-30", hash: 1 };
	for (const [known, presence] of [
		[mark, "same"],
		[undefined, "same"],
		["another", "other"],
	] as const)
		expect(await findEnding({ at, between }, { ...ending, mark: known })).toBe(
			presence,
		);
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
	expect((await endOf(one)).code).toBe("lost");
	hers.open();
	await settle(other);
	expect(lossesOf(other)).toEqual([2]);
	expect(other.ended).toBeUndefined();
});

test("[ORD12] what was written after another beginning of the epoch changes nothing", async () => {
	const redis = createFakeRedis();
	const [one, other] = await startTwo(redis);
	await settle(one, other);
	const { epoch, place } = redis.last as StreamId;
	const id = { epoch, place: place + 1 };
	plant(redis, id, { payload: GHOST, mark: "another" });
	await settle(one, other);
	const members = one.world().members.sequences.map(([node]) => node);
	expect(members).toEqual([one.id, other.id]);
	expect([one.ended, other.ended]).toEqual([undefined, undefined]);
});

const UP: Command = { type: "up", options: worldOptionsOf(resolveOptions()) };

/** An entry of a node that nobody knows, which would be let in. */
const GHOST = encodePayload({ node: "ghost", sequence: 1, commands: [UP] });
