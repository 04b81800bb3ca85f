/** Every documented type of message, and what a page is to show of it: playground/README.md. */
import { expect } from "@playwright/test";
import type { Agent } from "./agent.ts";
import type { WorldSnapshot } from "./fixtures.ts";

export interface Documented {
	readonly message: {
		readonly type: string;
		readonly [field: string]: unknown;
	};
	/** Who says it; timmy says what nobody else is named for. */
	readonly by?: "ada";
	/** What the page shows then, of which `line` is the last one of its activity. */
	readonly shows: Readonly<Record<string, unknown>>;
}

/** In an order in which each changes what was there before. Ada and timmy are there, and nobody else. */
export const DOCUMENTED: readonly Documented[] = [
	{
		message: {
			...{ type: "agent_state", agentId: "timmy", state: "thinking" },
			...{ current_task: "garden", glow_intensity: 0.6 },
		},
		shows: timmy({ state: "thinking", task: "garden", glow: 0.6 }),
	},
	{
		message: {
			...{ type: "agent_move", agentId: "timmy", facing: 1.5, speed: 0 },
			position: { x: 3, y: 0, z: 1 },
		},
		shows: timmy({ position: { x: 3, y: 0, z: 1 }, facing: 1.5 }),
	},
	{
		message: { type: "agent_behavior", agentId: "timmy", behavior: "ponder" },
		shows: timmy({ behavior: "ponder" }),
	},
	{
		message: {
			...{ type: "bark", agentId: "timmy", text: "Good morning" },
			...{ emotion: "excited", animation: "wave" },
		},
		shows: {
			...timmy({ bubble: { text: "Good morning", emotion: "excited" } }),
			line: { kind: "speech", who: "timmy", text: "Good morning" },
		},
	},
	{
		message: {
			...{ type: "agent_message", agentId: "timmy", text: "Is it late?" },
			reply_to: "q-1",
		},
		shows: {
			...timmy({ bubble: { text: "Is it late?", emotion: "calm" } }),
			line: { kind: "message", who: "timmy", text: "Is it late?" },
		},
	},
	{
		by: "ada",
		message: {
			...{ type: "agent_message", agentId: "ada", text: "It is" },
			in_reply_to: "q-1",
		},
		shows: { conversations: [{ from: "ada", to: "timmy" }] },
	},
	{
		message: {
			...{ type: "chat_message", agentId: "timmy", text: "Hi" },
			timestamp: "2026-11-22T12:00:00Z",
		},
		shows: { ...timmy({ bubble: { text: "Hi" } }), received: ["Hi"] },
	},
	{
		message: { type: "scene_add", id: "rock", kind: "sphere" },
		shows: { objects: [{ id: "rock", kind: "sphere" }] },
	},
	{ message: { type: "scene_clear" }, shows: { objects: [] } },
	{
		message: {
			...{ type: "scene_add", id: "tree", kind: "cone", color: "#3a7" },
			...{ position: { x: 1, y: 0, z: 2 }, scale: 2, label: "Oak" },
		},
		shows: {
			objects: [
				{
					...{ id: "tree", kind: "cone", color: "#33aa77", label: "Oak" },
					...{ position: { x: 1, y: 0, z: 2 }, scale: { x: 2, y: 2, z: 2 } },
				},
			],
		},
	},
	{
		message: { type: "scene_update", id: "tree", color: "#a37" },
		shows: { objects: [{ id: "tree", color: "#aa3377", label: "Oak" }] },
	},
	{
		message: {
			type: "scene_batch",
			messages: [
				{ type: "scene_add", id: "a" },
				{ type: "scene_add", id: "b" },
			],
		},
		shows: { objects: [{ id: "a", kind: "box" }, { id: "b" }, { id: "tree" }] },
	},
	{
		message: { type: "scene_remove", id: "a" },
		shows: { objects: [{ id: "b" }, { id: "tree" }] },
	},
	{
		message: {
			...{ type: "zone_add", id: "garden", position: { x: 4, z: 4 } },
			...{ radius: 3, label: "Garden" },
		},
		shows: { zones: [{ id: "garden", radius: 3, label: "Garden" }] },
	},
	{
		message: { type: "zone_add", id: "pond", position: { x: -4, z: 4 } },
		shows: { zones: [{ id: "garden" }, { id: "pond", radius: 2 }] },
	},
	{
		message: { type: "zone_remove", id: "garden" },
		shows: { zones: [{ id: "pond" }] },
	},
	{
		message: { type: "world_register", id: "meadow", name: "Meadow" },
		shows: { title: "Meadow" },
	},
	{
		message: { type: "world_register", id: "shore", name: "Shore" },
		shows: { title: "Meadow" },
	},
	{ message: { type: "world_load", id: "shore" }, shows: { title: "Shore" } },
	{
		message: { type: "world_unregister", id: "shore" },
		shows: { title: "Meadow" },
	},
	...["task_created", "task_update"].map((type) => ({
		message: {
			...{ type, agent_id: "timmy", task_id: "t1", title: "Plant" },
			...{ status: "pending", priority: "high" },
		},
		shows: notice("task", "timmy", /Plant · pending/),
	})),
	{
		message: {
			...{ type: "task_action", agent_id: "timmy", task_id: "t1" },
			...{ title: "Plant", action: "dug" },
		},
		shows: notice("task", "timmy", /Plant · dug/),
	},
	{
		message: {
			...{ type: "payment_flow", from: "timmy", to: "ada" },
			...{ amount: 21, unit: "sat" },
		},
		shows: {
			payments: [{ from: "timmy", to: "ada", amount: 21 }],
			line: { kind: "payment", who: "timmy", text: "paid 21 sat to ada" },
		},
	},
	{
		message: { type: "system_status", status: "ok", text: "All is well" },
		shows: notice("system", "", /All is well/),
	},
	{
		message: {
			...{ type: "visitor_message", text: "Hello", name: "Eve" },
			timestamp: "2026-11-22T12:00:00Z",
		},
		shows: notice("visitor", "", /Eve: Hello/),
	},
];

/** One of which this world has no picture, which it says. */
const UNDOCUMENTED: Documented = {
	message: { type: "dance", agentId: "timmy", style: "waltz" },
	shows: notice("unknown", "timmy", /^dance$/),
};

/** Says each, and one that is not documented, and waits for what is to be seen of it before the next. */
export async function sayAll(
	agents: { readonly ada: Agent; readonly timmy: Agent },
	look: () => Promise<WorldSnapshot>,
): Promise<void> {
	for (const { message, by = "timmy", shows } of [
		...DOCUMENTED,
		UNDOCUMENTED,
	]) {
		agents[by].send(message);
		await expect
			.poll(
				async () => {
					const seen = await look();
					return { ...seen, line: seen.activity.at(-1) };
				},
				// Some of it is there for two seconds.
				{ message: message.type, intervals: [20, 50, 100] },
			)
			.toMatchObject(shows);
	}
}

function timmy(seen: object) {
	return { agents: [{ agentId: "ada" }, { agentId: "timmy", ...seen }] };
}

function notice(kind: string, agentId: string, text: RegExp) {
	const one = { kind, agentId, text: expect.stringMatching(text) };
	return { notices: expect.arrayContaining([expect.objectContaining(one)]) };
}
