/** Whatever becomes of Redis, lines and nodes: those that live have one world, and nothing is lost or doubled. */
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Command } from "../../../../src/core/world/command.ts";
import { createRandom } from "../../../core/support/delaying-order.ts";
import { frameOf, join } from "../support/commands.ts";
import {
	createFakeRedis,
	type FakeRedis,
	type Fate,
} from "./support/fake-redis.ts";
import { type Replica, settleLiving, startReplica } from "./support/replica.ts";

const SEEDS = 20;
const NODES = 3;
const STEPS = 60;

test.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
	"seed %i",
	{ timeout: 60_000 },
	async (seed) => {
		const random = createRandom(seed);
		const redis = createFakeRedis();
		const slots = Array.from({ length: NODES }, () => begin(redis));
		for (let step = 0; step < STEPS; step++) {
			for (const [n, slot] of slots.entries()) {
				if (slot.replica.ended) slots[n] = begin(redis, slot.replica.id);
				else if (random() < 0.7) say(slot);
			}
			await misfortune(redis, slots, random);
			await pause(5);
		}
		redis.rule = () => "pass";
		const living = await heal(redis, slots);
		expectOneWorld(living);
		for (const slot of slots) if (!slot.replica.ended) expectAllSaid(slot);
		for (const { replica } of slots)
			if (!replica.ended) expectInOrder(replica.said);
	},
);

interface Slot {
	readonly replica: Replica;
	/** How much it has said. */
	count: number;
}

function begin(redis: FakeRedis, replaced?: string): Slot {
	const replica = startReplica("redis://fake", {
		connect: redis.connect,
		lease: 2_000,
		pace: { bytes: 3_000, age: 1e9, spare: 200 },
		...(replaced !== undefined && { replaces: [replaced] }),
	});
	replica.append({ ...join(replica.id), session: undefined } as Command);
	return { replica, count: 0 };
}

function say(slot: Slot): void {
	const { id, append } = slot.replica;
	const text = `${id} ${++slot.count}`;
	const note: Command = {
		...{ type: "publish", conn: id, echo: true, answer: false },
		...{ frame: frameOf({ type: "note", text }), retain: undefined },
	};
	append(note);
}

/** One thing that may happen, mostly nothing. */
async function misfortune(
	redis: FakeRedis,
	slots: Slot[],
	random: () => number,
): Promise<void> {
	const dice = Math.floor(random() * 40);
	if (dice === 0 || dice > 37) redis.flush();
	if (dice === 1) redis.loseTail(1 + Math.floor(random() * 4));
	if (dice === 2 || dice === 3) redis.cut();
	if (dice === 4) await slots[Math.floor(random() * NODES)]?.replica.vanish();
	if (dice === 5) redis.rule = () => new Error("LOADING");
	if (dice === 6) redis.rule = () => unlucky(random);
	if (dice > 30) redis.rule = () => "pass";
}

function unlucky(random: () => number): Fate {
	const dice = random();
	if (dice < 0.1) return "lost";
	if (dice < 0.15) return "ignored";
	if (dice < 0.2) return pause(20 * random());
	return "pass";
}

/** Those who have ended come back, until all live and have read what all have said. */
async function heal(redis: FakeRedis, slots: Slot[]): Promise<Replica[]> {
	for (const [n, { replica }] of slots.entries())
		if (replica.ended) slots[n] = begin(redis, replica.id);
	const replicas = slots.map(({ replica }) => replica);
	const living = await settleLiving(replicas);
	return living.length === slots.length ? living : heal(redis, slots);
}

/** In what does not change with each sign of life. */
function expectOneWorld(replicas: readonly Replica[]): void {
	const [first, ...rest] = replicas.map(({ world }) => {
		const { time: _, members, log: __, ...lasting } = world();
		return { ...lasting, members: members.sequences.map(([node]) => node) };
	});
	for (const other of rest) expect(other).toEqual(first);
}

/** What a node has said that lives is done, once, in its order. */
function expectAllSaid({ replica: { id, said }, count }: Slot): void {
	expect(said.filter((text) => text.startsWith(id))).toEqual(
		Array.from({ length: count }, (_, n) => `${id} ${n + 1}`),
	);
}

/** Of each node it has heard one after the other, from where it came in. */
function expectInOrder(said: readonly string[]): void {
	const last = new Map<string, number>();
	for (const text of said) {
		const [id = "", number] = text.split(" ");
		const before = last.get(id);
		if (before !== undefined) expect(Number(number)).toBe(before + 1);
		last.set(id, Number(number));
	}
}
