/** The tools, by a real MCP client of either generation on a gateway in memory. */
import { describe, expect, test } from "vitest";
import sceneBatch from "../../schemas/scene_batch.json" with { type: "json" };
import { IN_BATCH } from "../../src/mcp/agent/scene-batch.ts";
import { createWorld } from "./support/mcp.ts";

describe.each(["auto", "legacy"] as const)("of the generation %s", (mode) => {
	test("look tells who is here and what stands here, the nearest first", async () => {
		const world = createWorld();
		const timmy = await world.peer("timmy");
		timmy.client.send({
			type: "agent_move",
			agentId: "timmy",
			position: { x: 1, z: 2 },
		});
		timmy.client.send({
			type: "agent_state",
			agentId: "timmy",
			state: "working",
			current_task: "garden",
		});
		for (const x of [9, 3])
			timmy.client.send({
				type: "scene_add",
				id: `oak-${x}`,
				kind: "cone",
				position: { x, z: 0 },
				label: "Oak",
			});
		timmy.client.send({
			type: "zone_add",
			id: "garden",
			position: { x: 4, z: 4 },
			radius: 3,
		});
		timmy.client.send({ type: "world_register", id: "m", name: "Meadow" });
		await timmy.settle();

		const llm = await world.connect({ mode, query: "?agent=ada" });
		const { own, untrusted } = await llm.call("look");
		expect(own).toEqual({
			you: "ada",
			unheard: 0,
			agents: 2,
			zones: 1,
			objects: 2,
		});
		expect(untrusted).toMatchObject({
			title: "Meadow",
			agents: [
				"timmy (agent) at 1,2: working, task garden",
				"ada (agent) (you)",
			],
			zones: ["garden at 4,4 radius 3"],
			objects: ['oak-3 cone at 3,0 "Oak"', 'oak-9 cone at 9,0 "Oak"'],
		});
		const far = await llm.call("look", { near: { x: 9, z: 0 } });
		expect(far.untrusted.objects).toEqual([
			'oak-9 cone at 9,0 "Oak"',
			'oak-3 cone at 3,0 "Oak"',
		]);
	});

	test("listen waits for the first word, and goes on where it was", async () => {
		const world = createWorld();
		const timmy = await world.peer("timmy");
		const llm = await world.connect({ mode, query: "?agent=ada" });
		await llm.call("look");
		const hearing = llm.call("listen");
		for (const x of [1, 2])
			timmy.client.send({
				type: "agent_move",
				agentId: "timmy",
				position: { x, z: 0 },
			});
		timmy.client.send({ type: "bark", agentId: "timmy", text: "Hello" });
		const { own, untrusted } = await hearing;
		expect(own.missed).toContain("only just come");
		expect(untrusted).toMatchObject({
			said: [{ message: { type: "bark", agentId: "timmy", text: "Hello" } }],
			changes: ["timmy goes to 2,0"],
		});

		timmy.client.send({
			type: "chat_message",
			agentId: "timmy",
			text: "And more",
		});
		await timmy.settle();
		const more = await llm.call("listen");
		expect(more.own.missed).toBeUndefined();
		expect(more.untrusted).toMatchObject({
			said: [{ message: { text: "And more" } }],
			changes: [],
		});
		const again = await llm.call("listen", { cursor: own.cursor });
		expect(again.untrusted).toMatchObject({
			said: [{ message: { text: "And more" } }],
		});
	});

	test("say is a bark for all, or with a receipt for one", async () => {
		const world = createWorld();
		const timmy = await world.peer("timmy");
		const llm = await world.connect({ mode, query: "?agent=ada" });
		const bark = await llm.call("say", { text: "Hi", emotion: "excited" });
		expect(bark.own).toMatchObject({ result: "done" });
		expect(await timmy.next("bark")).toEqual({
			type: "bark",
			text: "Hi",
			emotion: "excited",
			agentId: "ada",
		});
		const told = await llm.call("say", {
			text: "Just you",
			to: "timmy",
			in_reply_to: "q-1",
		});
		expect(told.own).toMatchObject({ receipt: "delivered" });
		expect(await timmy.next("agent_message")).toMatchObject({
			agentId: "ada",
			target_id: "timmy",
			text: "Just you",
			in_reply_to: "q-1",
		});
		const nobody = await llm.call("say", { text: "Where?", to: "nobody" });
		expect(nobody.own).toMatchObject({ receipt: "offline" });
	});

	test("act does one thing after the other, as its own agent, and sees it itself", async () => {
		const world = createWorld();
		const timmy = await world.peer("timmy");
		const llm = await world.connect({ mode, query: "?agent=ada" });
		const { own } = await llm.call("act", {
			actions: [
				{ type: "agent_move", position: { x: 3, z: 4 } },
				{ type: "agent_state", state: "working" },
				{ type: "agent_behavior", behavior: "place" },
				{
					type: "scene_add",
					id: "ada/tree",
					kind: "cone",
					position: { x: 3, z: 5 },
				},
				{ type: "scene_update", id: "ada/tree", label: "Tree" },
				{
					type: "scene_batch",
					messages: [
						{ type: "scene_add", id: "ada/a" },
						{ type: "scene_remove", id: "ada/a" },
					],
				},
			],
		});
		expect(own.results).toEqual(
			[
				"agent_move",
				"agent_state",
				"agent_behavior",
				"scene_add",
				"scene_update",
				"scene_batch",
			].map((type) => ({ type, result: "done" })),
		);
		expect(await timmy.next("agent_move")).toMatchObject({
			agentId: "ada",
			position: { x: 3, z: 4 },
		});
		expect(await timmy.next("scene_add")).toMatchObject({
			id: "ada/tree",
			agentId: "ada",
		});
		const { untrusted } = await llm.call("look");
		expect(untrusted).toMatchObject({
			agents: ["ada (agent) (you) at 3,4: working, place", "timmy (agent)"],
			objects: ['ada/tree cone at 3,5 "Tree"'],
		});
		const late = await world.peer("late");
		expect(await late.next("scene_add")).toMatchObject({ id: "ada/tree" });
	});

	test("ask gives the answer, and says why there is none", async () => {
		const world = createWorld();
		const timmy = await world.peer("timmy");
		timmy.client.on("agent_message", (message) => {
			if (message.text !== "Silence?")
				timmy.client.reply(message, {
					type: "agent_message",
					agentId: "timmy",
					text: "A garden",
				});
		});
		const llm = await world.connect({ mode, query: "?agent=ada" });
		const { untrusted, own } = await llm.call("ask", {
			to: "timmy",
			text: "What do you build?",
		});
		expect(untrusted).toMatchObject({
			answer: [{ message: { text: "A garden", agentId: "timmy" } }],
		});
		// It was told once.
		expect(own.unheard).toBe(0);
		const offline = await llm.call("ask", { to: "nobody", text: "You?" });
		expect(offline).toMatchObject({
			isError: true,
			text: '"nobody" is not there',
		});
		const silent = await llm.call("ask", {
			to: "timmy",
			text: "Silence?",
			timeout_seconds: 1,
		});
		expect(silent.isError).toBe(true);
	});

	test("leave takes the agent off, and any other tool brings it back", async () => {
		const world = createWorld();
		const timmy = await world.peer("timmy");
		const llm = await world.connect({ mode, query: "?agent=ada" });
		const first = await llm.call("listen", { wait_seconds: 0 });
		expect((await llm.call("leave")).own).toEqual({ result: "left" });
		expect(await timmy.next("agent_left")).toMatchObject({
			agentId: "ada",
			reason: "closed",
		});
		expect((await llm.call("leave")).own).toEqual({ result: "was not there" });
		const { own } = await llm.call("listen", {
			cursor: first.own.cursor,
			wait_seconds: 0,
		});
		expect(own.missed).toContain("left the world");
		// The answer may be here before others are told.
		await timmy.settle();
		expect([...timmy.client.agents.keys()]).toContain("ada");
	});

	test("the scene is a resource", async () => {
		const world = createWorld();
		const timmy = await world.peer("timmy");
		timmy.client.send({ type: "scene_add", id: "oak", kind: "cone" });
		await timmy.settle();
		const { client } = await world.connect({ mode, query: "?agent=ada" });
		const { resources } = await client.listResources();
		expect(resources.map(({ uri }) => uri)).toEqual(["matrix://scene"]);
		const { contents } = await client.readResource({ uri: "matrix://scene" });
		const [{ text = "" } = {}] = contents as { text?: string }[];
		expect(JSON.parse(text)).toEqual({
			untrusted: true,
			agents: [
				{ agentId: "timmy", role: "agent" },
				{ agentId: "ada", role: "agent" },
			],
			objects: [{ id: "oak", kind: "cone" }],
			zones: [],
		});
	});
});

describe("what act may not do", () => {
	test.each([
		[
			{ type: "scene_add" },
			"action 1: scene_add: data must have required property 'id'",
		],
		[
			{ type: "agent_register", agentId: "x" },
			"action 1: its type is one of agent_state, agent_move",
		],
		[
			{
				type: "scene_batch",
				messages: [{ type: "scene_add", id: "a" }, { type: "scene_add" }],
			},
			"action 1: message 2: scene_add: data must have required property 'id'",
		],
		[
			{ type: "scene_batch", messages: [{ type: "bark", text: "" }] },
			"action 1: ",
		],
		[
			{ type: "agent_move", position: { x: "1", z: 2 } },
			"action 1: agent_move: data/position/x must be number",
		],
	])("%j", async (action, why) => {
		const llm = await createWorld().connect();
		const { isError, text } = await llm.call("act", { actions: [action] });
		expect(isError).toBe(true);
		expect(text).toContain(why);
	});

	test.each([
		"agentId",
		"agent_id",
		"target_id",
		"retain",
		"receipt",
		"toString",
	])("it has no %s of its own, nor in a batch", async (field) => {
		const llm = await createWorld().connect();
		const state = { type: "agent_state", state: "idle", [field]: "timmy" };
		const batch = {
			type: "scene_batch",
			messages: [{ type: "scene_clear", [field]: "timmy" }],
		};
		for (const action of [state, batch]) {
			const { isError, text } = await llm.call("act", { actions: [action] });
			expect(isError).toBe(true);
			expect(text).toContain(`has no field "${field}"`);
		}
	});

	test("what its token may not have routed is refused, and said to be", async () => {
		const authenticate = () => ({ agents: ["ada"], publish: ["agent_*"] });
		const world = createWorld({ authenticate });
		const llm = await world.connect({ token: "t" });
		const { own } = await llm.call("act", {
			actions: [
				{ type: "scene_clear" },
				{ type: "agent_state", state: "idle" },
			],
		});
		expect(own.results).toEqual([
			{
				type: "scene_clear",
				result: "refused",
				code: "forbidden",
				why: expect.any(String),
			},
			{ type: "agent_state", result: "done" },
		]);
	});
});

test("a scene_batch holds what its schema says", () => {
	const parts = sceneBatch.properties.messages.items.anyOf.flatMap((part) =>
		"oneOf" in part ? part.oneOf : [],
	);
	expect(parts.map(({ properties }) => properties.type.const)).toEqual([
		...IN_BATCH,
	]);
});
