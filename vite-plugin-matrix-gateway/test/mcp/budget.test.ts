/** How much the tools tell: never more than they may, and no word less than was said. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MatrixMessage } from "../../src/client/messages.ts";
import { createWorld, type Llm, type World } from "./support/mcp.ts";
import type { Peer } from "./support/peer.ts";

/** All that was said since a place, by as many calls as it takes; none of them tells more than `most`. */
async function hearAll(llm: Llm, most: number): Promise<object[]> {
	const words: object[] = [];
	let part = "";
	for (;;) {
		const told = await llm.call("listen", {
			wait_seconds: 0,
			max_characters: most,
		});
		expect(told.text.length).toBeLessThanOrEqual(most);
		expect(told.size).toBeLessThanOrEqual(most);
		for (const item of told.untrusted.said as Item[]) {
			if (item.message) words.push(item.message);
			else {
				expect(item.from).toBe(part.length);
				part += item.part;
				if (part.length < (item.of ?? 0)) continue;
				words.push(JSON.parse(part));
				part = "";
			}
		}
		if (!told.own.more) return words;
	}
}

interface Item {
	readonly message?: object;
	readonly part?: string;
	readonly from?: number;
	readonly of?: number;
}

describe("listen", () => {
	test("200 agents that move ten times a second, and bark: within its characters, and no bark missed", async () => {
		const world = createWorld();
		const llm = await world.connect({ query: "?agent=ada" });
		await llm.call("listen", { wait_seconds: 0 });
		const agents = await crowd(world, 200);
		const barks: string[] = [];
		const heard: string[] = [];
		// A second of it, as fast as it goes.
		for (let turn = 0; turn < 12; turn++) {
			for (let index = 0; index < 200; index++) {
				const position = { x: turn, z: index };
				agents.say(index, { type: "agent_move", position });
				if ((turn + index) % 20) continue;
				const text = `${turn} by ${index}: ${"word ".repeat(10)}`;
				agents.say(index, { type: "bark", text });
				barks.push(text);
			}
			await agents.settle();
			const { text, untrusted, own } = await llm.call("listen", {
				wait_seconds: 0,
			});
			expect(text.length).toBeLessThanOrEqual(12_000);
			for (const { message } of untrusted.said as {
				message: { text: string };
			}[])
				heard.push(message.text);
			if (turn === 1) expect(own.left_out ?? 0).toBe(0);
		}
		const rest = (await hearAll(llm, 12_000)) as { text: string }[];
		heard.push(...rest.map(({ text }) => text));
		expect(heard.toSorted()).toEqual(barks.toSorted());
	});

	test("moves are the last of each agent, and what has no room is counted", async () => {
		const world = createWorld();
		const llm = await world.connect({ query: "?agent=ada" });
		await llm.call("listen", { wait_seconds: 0 });
		const agents = await crowd(world, 50);
		for (let index = 0; index < 50; index++)
			for (const x of [1, 2, 3])
				agents.say(index, { type: "agent_move", position: { x, z: index } });
		await agents.settle();
		const few = await llm.call("listen", {
			wait_seconds: 0,
			max_characters: 1_000,
		});
		const changes = few.untrusted.changes as string[];
		expect(few.own.left_out).toBe(100 - changes.length);
		const { own, untrusted } = await llm.call("listen", {
			cursor: (few.own.cursor as string).replace(/\..*/, ".0"),
			wait_seconds: 0,
		});
		expect(own.left_out).toBeUndefined();
		expect(untrusted.changes).toHaveLength(100);
		expect(untrusted.changes).toContain("agent-7 goes to 3,7");
		expect(untrusted.changes).not.toContain("agent-7 goes to 1,7");
	});

	test("any words, within any number of characters, come word for word, in order and once", async () => {
		const world = createWorld();
		const timmy = await world.peer("timmy");
		const llm = await world.connect({ query: "?agent=ada" });
		await llm.call("listen", { wait_seconds: 0 });
		const text = fc.oneof(
			fc.string({ maxLength: 1_500, unit: "binary" }),
			fc.constantFrom(
				'"'.repeat(1_500),
				"\\".repeat(999),
				"\u{e0041}".repeat(500),
				"\u2028<<<end",
				"😀".repeat(700),
			),
		);
		await fc.assert(
			fc.asyncProperty(
				fc.array(text, { maxLength: 6 }),
				fc.integer({ min: 1_000, max: 9_000 }),
				async (texts, most) => {
					const said = texts.map((text) => ({
						type: "bark",
						agentId: "timmy",
						text,
					}));
					for (const bark of said) timmy.client.send(bark);
					await timmy.settle();
					expect(await hearAll(llm, most)).toEqual(said);
				},
			),
			{ numRuns: 5 },
		);
	});

	test("what nobody asked for in time is let go, and that is told", async () => {
		const world = createWorld();
		const timmy = await world.peer("timmy");
		const llm = await world.connect({ query: "?agent=ada" });
		await llm.call("listen", { wait_seconds: 0 });
		for (let index = 0; index < 1_010; index++)
			timmy.client.send({ type: "bark", agentId: "timmy", text: `${index}` });
		await timmy.settle();
		const { own, untrusted } = await llm.call("listen", { wait_seconds: 0 });
		expect(own).toMatchObject({ lost_words: 10, more: true });
		expect(untrusted.said).toMatchObject([
			{ message: { text: "10" } },
			...(untrusted.said as object[]).slice(1),
		]);
	});
});

test("what is written too long costs no more than its place", async () => {
	const world = createWorld();
	const timmy = await world.peer("timmy");
	const llm = await world.connect({ query: "?agent=ada" });
	await llm.call("listen", { wait_seconds: 0 });
	const long = "x".repeat(20_000);
	for (const message of [
		{ type: "agent_move", agentId: long, position: { x: 1, z: 1 } },
		{ type: "agent_state", agentId: "timmy", state: long, current_task: long },
		{ type: "scene_add", id: "oak", label: long, color: long, kind: long },
		{ type: "scene_add", id: long, label: long },
		{ type: `zone_${long}`, id: long },
	])
		timmy.client.send(message as MatrixMessage);
	await timmy.settle();
	const { untrusted, own } = await llm.call("listen", { wait_seconds: 0 });
	expect(untrusted.changes).toHaveLength(5);
	expect(JSON.stringify(untrusted).length).toBeLessThan(2_500);
	expect(own.left_out).toBeUndefined();
	const look = await llm.call("look");
	expect(look.own).toMatchObject({ agents: 2, objects: 1 });
	expect(look.size).toBeLessThan(1_500);
});

test("look keeps to its characters, and says how much it left out", async () => {
	const world = createWorld();
	const timmy = await world.peer("timmy");
	for (let index = 0; index < 500; index++)
		timmy.client.send({
			type: "scene_add",
			id: `${"x".repeat(100)}${index}`,
			label: "😀".repeat(30),
			position: { x: index, z: 0 },
		});
	await timmy.settle();
	const llm = await world.connect({ query: "?agent=ada" });
	for (const most of [1_000, 3_000, 12_000]) {
		const { text, own, untrusted, size } = await llm.call("look", {
			max_characters: most,
		});
		expect(text.length).toBeLessThanOrEqual(most);
		expect(size).toBeLessThanOrEqual(most);
		const told = (untrusted.objects as string[]).length;
		expect(own).toMatchObject({
			objects: 500,
			left_out: { objects: 500 - told },
		});
		expect(untrusted.agents).toHaveLength(2);
	}
});

interface Crowd {
	/** Says something in the name of one of them. */
	say(index: number, message: MatrixMessage): void;
	/** Resolves when all that was said has its place. */
	settle(): Promise<void>;
}

/** Agents by their numbers, many on each connection: what they hear is not what is tried. */
async function crowd(world: World, size: number): Promise<Crowd> {
	const peers: Peer[] = [];
	for (let index = 0; index < size; index++)
		if (index % EACH > 0)
			peers
				.at(-1)
				?.client.send({ type: "agent_register", agentId: nameOf(index) });
		else peers.push(await world.peer(nameOf(index)));
	const crowd: Crowd = {
		say: (index, message) =>
			peers[Math.floor(index / EACH)]?.client.send({
				...message,
				agentId: nameOf(index),
			}),
		settle: async () =>
			void (await Promise.all(peers.map(({ settle }) => settle()))),
	};
	await crowd.settle();
	return crowd;
}

const EACH = 50;

function nameOf(index: number): string {
	return `agent-${index}`;
}

test("act keeps to its characters when all is refused, and says what it left out", async () => {
	const world = createWorld({
		mcpMaxCharacters: 1_000,
		authenticate: () => ({ publish: ["agent_message"] }),
	});
	const agent = "a".repeat(128);
	const llm = await world.connect({ token: "t", query: `?agent=${agent}` });
	const action = {
		type: "scene_update",
		id: "oak",
		position: { x: 1, y: 0, z: 1 },
	};
	const { text, size, own } = await llm.call("act", {
		actions: Array(20).fill(action),
	});
	expect(text.length).toBeLessThanOrEqual(1_000);
	expect(size).toBeLessThanOrEqual(1_000);
	const results = own.results as object[];
	expect(results[0]).toMatchObject({
		...{ type: "scene_update", result: "refused", code: "forbidden" },
		why: expect.any(String),
	});
	expect(own.left_out).toEqual({ refused: 20 - results.length });
	const field = "x".repeat(5_000);
	const strange = await llm.call("act", {
		actions: [{ ...action, [field]: 1 }],
	});
	expect(strange.isError).toBe(true);
	expect(strange.text.length).toBeLessThanOrEqual(1_000);
});
