/**
 * What each documented type shows, for any browser and host: sent in this order by an agent `timmy`, with
 * `ada` there too, to a gateway that retains the Matrix's messages.
 */
import { expect } from "@playwright/test";
import type { Message } from "./agent.ts";

export interface VisualType {
	/** Of what is sent first, which is what this is about. */
	readonly type: string;
	readonly sent: readonly [Message, ...Message[]];
	/** What `matrixWorld.snapshot()` matches then. */
	readonly shown: Record<string, unknown>;
}

/** `timmy` and `ada`, where only he is looked at. */
const timmy = (fields: object) => ({
	agents: [{ agentId: "ada" }, { agentId: "timmy", ...fields }],
});

const line = (kind: string, who: string, text: string) => ({
	activity: expect.arrayContaining([{ kind, who, text }]),
});

const note = (kind: string, agentId: string, text: string) => ({
	notices: expect.arrayContaining([{ kind, agentId, text }]),
});

const of = (message: Message) => ({ agentId: "timmy", ...message });

const tree = {
	...{ id: "tree", kind: "cone", scale: { x: 1, y: 2, z: 1 }, rotation: 0.5 },
	...{ position: { x: -3, y: 0, z: 2 }, color: "#33aa77", glow: 0.25 },
	...{ label: "Oak", url: "" },
};

const task = { task_id: "t1", title: "Plant", priority: "high" };

export const VISUAL_TYPES: readonly VisualType[] = [
	entry(
		of({
			...{ type: "agent_state", state: "working", current_task: "garden" },
			glow_intensity: 0.75,
		}),
		timmy({ state: "working", task: "garden", glow: 0.75 }),
	),
	entry(
		of({
			...{ type: "agent_move", position: { x: 2, z: 1 } },
			...{ facing: 1.5, speed: 0 },
		}),
		timmy({
			...{ position: { x: 2, y: 0, z: 1 }, target: { x: 2, y: 0, z: 1 } },
			facing: 1.5,
		}),
	),
	entry(
		of({ type: "agent_behavior", behavior: "ponder", duration: 60 }),
		timmy({ behavior: "ponder" }),
	),
	entry(of({ type: "bark", text: "Hello", emotion: "excited" }), {
		...timmy({ bubble: { text: "Hello", emotion: "excited" } }),
		...line("speech", "timmy", "Hello"),
	}),
	entry(of({ type: "chat_message", text: "Good day" }), {
		...timmy({ bubble: { text: "Good day", emotion: "calm" } }),
		...line("message", "timmy", "Good day"),
		received: ["Good day"],
	}),
	{
		type: "agent_message",
		sent: [
			{
				...{ type: "agent_message", agentId: "ada" },
				...{ text: "What is that?", reply_to: "q-1" },
			},
			of({ type: "agent_message", text: "A tree", in_reply_to: "q-1" }),
		],
		shown: {
			...timmy({ bubble: { text: "A tree", emotion: "calm" } }),
			...line("message", "timmy", "A tree"),
			conversations: [{ from: "timmy", to: "ada" }],
		},
	},
	entry({ type: "scene_add", ...tree }, { objects: [tree] }),
	entry(
		{ type: "scene_update", id: "tree", color: "#aa3377", label: "" },
		{ objects: [{ ...tree, color: "#aa3377", label: "" }] },
	),
	entry(
		{
			type: "scene_batch",
			messages: [
				{ type: "scene_add", id: "rock", kind: "sphere" },
				{ type: "scene_add", id: "gate", kind: "portal" },
				{ type: "scene_update", id: "rock", glow: 1 },
			],
		},
		{
			objects: [
				{ id: "gate", kind: "portal" },
				{ id: "rock", kind: "sphere", glow: 1 },
				{ id: "tree" },
			],
		},
	),
	entry(
		{ type: "scene_remove", id: "rock" },
		{ objects: [{ id: "gate" }, { id: "tree" }] },
	),
	entry(
		{ type: "scene_clear" },
		{ objects: [], ...line("world", "World", "the scene was cleared") },
	),
	entry(
		{
			...{ type: "zone_add", id: "garden", position: { x: 4, z: 4 } },
			...{ radius: 3, label: "Garden", color: "#7fe0a0" },
		},
		{
			zones: [
				{
					...{ id: "garden", position: { x: 4, y: 0, z: 4 } },
					...{ radius: 3, label: "Garden", color: "#7fe0a0" },
				},
			],
		},
	),
	entry({ type: "zone_remove", id: "garden" }, { zones: [] }),
	{
		type: "world_register",
		sent: [
			{ type: "world_register", id: "meadow", name: "Meadow" },
			{ type: "world_register", id: "pond", name: "Pond" },
		],
		shown: { title: "Meadow" },
	},
	entry(
		{ type: "world_load", id: "pond" },
		{ title: "Pond", ...line("world", "World", "pond loaded") },
	),
	entry(
		{ type: "world_unregister", id: "pond" },
		{ title: "Meadow", ...line("world", "World", "pond closed") },
	),
	entry(of({ type: "task_created", ...task, status: "pending" }), {
		...line("task", "timmy", "New task: Plant · pending"),
		...note("task", "timmy", "New task: Plant · pending"),
	}),
	entry(of({ type: "task_update", ...task, status: "done" }), {
		...line("task", "timmy", "Task: Plant · done"),
		...note("task", "timmy", "Task: Plant · done"),
	}),
	entry(of({ type: "task_action", ...task, action: "dig", status: "done" }), {
		...line("task", "timmy", "Task: Plant · dig"),
		...note("task", "timmy", "Task: Plant · dig"),
	}),
	entry(
		{
			...{ type: "payment_flow", from: "timmy", to: "ada" },
			...{ amount: 21, unit: "sat" },
		},
		{
			payments: [{ from: "timmy", to: "ada", amount: 21 }],
			...line("payment", "timmy", "paid 21 sat to ada"),
		},
	),
	entry(
		{ type: "system_status", status: "ok", text: "All is well" },
		{
			...line("system", "System", "ok · All is well"),
			...note("system", "", "ok · All is well"),
		},
	),
	entry(
		{
			...{ type: "visitor_message", text: "Hi", name: "Jo" },
			timestamp: "2026-11-22T12:00:00Z",
		},
		{ ...line("visitor", "Jo", "Hi"), ...note("visitor", "", "Jo: Hi") },
	),
];

/** One that this world has no picture of, which is told. */
export const UNKNOWN_TYPE: VisualType = entry(
	of({ type: "dance", style: "waltz" }),
	note("unknown", "timmy", "dance"),
);

function entry(message: Message, shown: Record<string, unknown>): VisualType {
	return { type: message.type, sent: [message], shown };
}
