/** A node says something behind another's beginning, before it reads what comes after that [ORD17]. */
import { expect, test } from "vitest";
import type { StreamId } from "../../../../src/node/order/redis/stream-id.ts";
import { until } from "../../../support/until.ts";
import { join } from "../support/commands.ts";
import {
	createFakeRedis,
	type FakeRedis,
	type Rule,
} from "./support/fake-redis.ts";
import { startOne } from "./support/fakes.ts";
import { createGate, type Gate } from "./support/losses.ts";
import {
	endOf,
	type Replica,
	settle,
	startReplica,
} from "./support/replica.ts";

test.each(["answered", "sent again on another line"])(
	"[ORD17] what comes after another's beginning is applied once one's own is %s",
	async (how) => {
		const redis = createFakeRedis();
		const writes = createGate();
		const { one, other } = await startBeside(redis, writes, {
			rule: writesBy(writes),
		});
		await until(
			() => membersOf(one),
			(members) => members.includes(other.id),
		);
		await settle(other);
		await settle(other);
		expect(other.world().roster).toContain("early");
		expect(one.world().roster).not.toContain("early");
		if (how !== "answered") redis.cut();
		writes.open();
		await settle(one, other);
		expect(one.world().roster).toEqual(other.world().roster);
	},
);

test.each([
	["whose word comes too late", undefined],
	["that cannot write any more", new Error("READONLY")],
])(
	"[ORD13] a node %s ends, and applies nothing of what came after another's beginning",
	async (_, refusal) => {
		const redis = createFakeRedis();
		const asleep = createGate();
		const writes = createGate();
		const { one, other } = await startBeside(redis, asleep, {
			rule(command, words) {
				const fate = asleep.rule(command, words);
				return fate === "pass" ? writesBy(writes)(command, words) : fate;
			},
			lease: 300,
		});
		if (refusal) writes.shut(refusal);
		await until(
			() => membersOf(other),
			(members) => String(members) === other.id,
		);
		asleep.open();
		expect((await endOf(one)).code).toBe("fenced");
		expect(one.world().roster).not.toContain("early");
		expect(other.world().roster).toContain("early");
	},
);

test("[ORD13] a node whose word is lost before anybody has read it ends once it is missed", async () => {
	const redis = createFakeRedis();
	const asleep = createGate();
	const { one, other } = await startBeside(redis, asleep, { lease: 300 });
	await until(
		() => membersOf(other),
		(members) => members.includes(other.id),
	);
	hideFrom(redis, one.id);
	asleep.open();
	expect((await endOf(one)).code).toBe("fenced");
	expect(one.world().roster).not.toContain("early");
});

test("[ORD11] a node that finds something missing before its word ends, and applies nothing that comes before that", async () => {
	const redis = createFakeRedis();
	const asleep = createGate();
	const { one, other } = await startBeside(redis, asleep);
	await settle(other);
	const first = redis.entries.findIndex(({ payload }) =>
		payload.includes("early"),
	);
	await until(
		() => redis.entries.length,
		(length) => length > first + 2,
	);
	redis.entries.splice(first + 1, 1);
	asleep.open();
	expect((await endOf(one)).code).toBe("lost");
	expect(one.world().roster).not.toContain("early");
});

test("[ORD17] what others write before its word, however much, a node looks at once", async () => {
	const redis = createFakeRedis();
	const writes = createGate();
	let looks = 0;
	const { one, other } = await startBeside(redis, writes, {
		rule(command, words) {
			if (command === "XREAD") looks++;
			return writesBy(writes)(command, words);
		},
	});
	for (let n = 0; n < 100; n++) {
		other.append(join(`early-${n}`));
		await until(
			() => other.world().roster,
			(roster) => roster.includes(`early-${n}`),
		);
	}
	looks = 0;
	writes.open();
	await settle(one, other);
	expect(one.world().roster).toEqual(other.world().roster);
	expect(looks).toBeLessThan(20);
});

/** One whose gate is shut, and another that begins then, with a client that came before it had. */
async function startBeside(
	redis: FakeRedis,
	gate: Gate,
	{ rule = gate.rule, ...options }: { rule?: Rule; lease?: number } = {},
): Promise<{ readonly one: Replica; readonly other: Replica }> {
	const one = await startOne({ connect: redis.connectBy(rule) });
	await settle(one);
	gate.shut();
	const other = startReplica("redis://fake", { ...redis, ...options });
	other.append(join("early"));
	return { one, other };
}

/** What is written goes through a gate, and nothing else. */
function writesBy(gate: Gate): Rule {
	return (command, words) =>
		command === "XADD" ? gate.rule(command, words) : "pass";
}

function membersOf({ world }: Replica): string[] {
	return world().members.sequences.map(([id]) => id);
}

/** Where an entry names who has written it. */
const AUTHOR = 2;

/** What a node writes from now on is answered, and gone before anybody reads it; its place is another's. */
function hideFrom(redis: FakeRedis, node: string): void {
	const { push } = redis.entries;
	redis.entries.push = (...added) => {
		if (added[0]?.payload.indexOf(node) !== AUTHOR)
			return push.apply(redis.entries, added);
		const { epoch, place } = redis.last as StreamId;
		redis.last = { epoch, place: place - 1 };
		return redis.entries.length;
	};
}
