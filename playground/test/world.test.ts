import { beforeEach, describe, expect, it } from "vitest";
import { MAX_ACTIVITY } from "../src/model/activity.ts";
import { MAX_AGENTS, MAX_AGENTS_SHOWN } from "../src/model/agents.ts";
import { MAX_CONVERSATIONS } from "../src/model/conversations.ts";
import { describeLeftOut } from "../src/model/left-out.ts";
import { MAX_NOTICES } from "../src/model/notices.ts";
import { MAX_OBJECTS, MAX_OBJECTS_SHOWN } from "../src/model/objects.ts";
import { MAX_RECEIVED } from "../src/model/received.ts";
import { takeSnapshot } from "../src/model/snapshot.ts";
import type { Message } from "../src/model/values.ts";
import { createWorld, type World } from "../src/model/world.ts";
import { MAX_ZONES } from "../src/model/zones.ts";

const TIMMY = { agentId: "timmy", role: "mind" };

let time = 0;
let world: World;

beforeEach(() => {
	time = 0;
	world = createWorld(() => time);
	world.setRoster([TIMMY]);
});

const timmy = () => takeSnapshot(world).agents[0];
const objects = () => takeSnapshot(world).objects;
const tell = (message: Message) => world.apply(message);
function pass(milliseconds: number) {
	time += milliseconds;
	world.step();
}

describe("agents", () => {
	it("stand at a home of their own until they move", () => {
		const other = createWorld(() => 0);
		other.setRoster([{ agentId: "someone", role: "agent" }, TIMMY]);
		expect(takeSnapshot(other).agents[1]?.position).toEqual(timmy()?.position);
		expect(takeSnapshot(other).agents[0]?.position).not.toEqual(
			timmy()?.position,
		);
	});

	it("walk to where agent_move sends them", () => {
		tell({ type: "agent_joined", ...TIMMY });
		const home = timmy()?.position;
		tell({
			type: "agent_move",
			agentId: "timmy",
			position: { x: 3, z: -2 },
			speed: 2,
		});
		expect(timmy()?.target).toEqual({ x: 3, y: 0, z: -2 });
		expect(timmy()?.position).toEqual(home);
		pass(60_000);
		expect(timmy()?.position).toEqual({ x: 3, y: 0, z: -2 });
	});

	it("stand at once where they are said to be, if they were there before the page", () => {
		tell({ type: "agent_move", agentId: "timmy", position: { x: 3, z: -2 } });
		expect(timmy()?.position).toEqual({ x: 3, y: 0, z: -2 });
		tell({ type: "agent_move", agentId: "timmy", position: { x: 4, z: -2 } });
		expect(timmy()?.position).toEqual({ x: 3, y: 0, z: -2 });
	});

	it("are as their last agent_state says, whatever came before it", () => {
		tell({
			type: "agent_state",
			agentId: "timmy",
			state: "active",
			current_task: "garden",
			glow_intensity: 0.1,
		});
		tell({ type: "agent_state", agentId: "timmy", glow_intensity: 0.9 });
		expect(timmy()).toMatchObject({ state: "idle", task: "", glow: 0.9 });
	});

	it("show their state, under either spelling of the id", () => {
		tell({
			type: "agent_state",
			agent_id: "timmy",
			state: "working",
			current_task: "garden",
			glow_intensity: 0.6,
		});
		expect(timmy()).toMatchObject({
			state: "working",
			task: "garden",
			glow: 0.6,
		});
	});

	it("speak for a while", () => {
		tell({ type: "bark", agentId: "timmy", text: "Hello", emotion: "excited" });
		expect(timmy()?.bubble).toEqual({ text: "Hello", emotion: "excited" });
		pass(20_000);
		expect(timmy()?.bubble).toBeNull();
	});

	it("behave for their duration, and go home", () => {
		const home = timmy()?.position;
		tell({ type: "agent_move", agentId: "timmy", position: { x: 9, z: 9 } });
		pass(60_000);
		tell({
			type: "agent_behavior",
			agentId: "timmy",
			behavior: "return_home",
			duration: 10,
		});
		expect(timmy()).toMatchObject({ behavior: "return_home", target: home });
		pass(10_001);
		expect(timmy()?.behavior).toBe("idle");
	});

	it("leave with the roster, and keep what they are through a reconnect", () => {
		tell({ type: "agent_state", agentId: "timmy", state: "active" });
		world.setRoster([{ agentId: "new", role: "agent" }, { ...TIMMY }]);
		expect(takeSnapshot(world).agents.map(({ state }) => state)).toEqual([
			"idle",
			"active",
		]);
		world.setRoster([]);
		expect(takeSnapshot(world).agents).toEqual([]);
	});

	it("are not made by a message about a name that nobody has registered", () => {
		tell({ type: "agent_move", agentId: "ghost", position: { x: 1, z: 1 } });
		expect(takeSnapshot(world).agents).toHaveLength(1);
	});

	it("have room for so many, while the roster has all", () => {
		const crowd = Array.from({ length: MAX_AGENTS + 50 }, (_, index) => ({
			agentId: `agent-${index}`,
			role: "agent",
		}));
		world.setRoster(crowd);
		expect(takeSnapshot(world).agents).toHaveLength(MAX_AGENTS);
		expect(takeSnapshot(world).roster).toHaveLength(MAX_AGENTS + 50);
	});
});

describe("objects", () => {
	it("are added, updated, removed and cleared", () => {
		tell({ type: "scene_add", id: "a", kind: "cone", color: "#3a7", scale: 2 });
		tell({ type: "scene_update", id: "a", color: "#7a3" });
		tell({ type: "scene_add", id: "b" });
		expect(objects()).toMatchObject([
			{ id: "a", kind: "cone", color: "#77aa33", scale: { x: 2, y: 2, z: 2 } },
			{ id: "b", kind: "box" },
		]);
		tell({ type: "scene_remove", id: "a" });
		expect(objects()).toHaveLength(1);
		tell({ type: "scene_clear" });
		expect(objects()).toEqual([]);
	});

	it("keep the name of a shape that nobody here has heard of", () => {
		tell({ type: "scene_add", id: "a", kind: "torus" });
		tell({ type: "scene_add", id: "b", kind: 7 });
		expect(objects()).toMatchObject([
			{ id: "a", kind: "torus" },
			{ id: "b", kind: "box" },
		]);
	});

	it("come in batches", () => {
		tell({
			type: "scene_batch",
			messages: [
				{ type: "scene_add", id: "a" },
				{ type: "scene_add", id: "b" },
				null,
				"scene_add",
				{ type: "scene_batch", messages: [{ type: "scene_add", id: "deep" }] },
				{ type: "scene_remove", id: "a" },
			],
		});
		expect(objects().map(({ id }) => id)).toEqual(["b"]);
	});

	it("stay the same object when they are announced again", () => {
		const message = { type: "scene_add", id: "a", position: { x: 1, z: 2 } };
		tell(message);
		const before = world.objects.get("a");
		tell({ ...message });
		expect(world.objects.get("a")).toBe(before);
		tell({ ...message, label: "Oak" });
		expect(world.objects.get("a")).not.toBe(before);
	});

	it("are updated and removed only where they exist", () => {
		tell({ type: "scene_add", id: "a" });
		tell({ type: "scene_update", id: "nothing", color: "#fff" });
		tell({ type: "scene_remove", id: "nothing" });
		expect(objects().map(({ id }) => id)).toEqual(["a"]);
	});

	it("can be cleared, changed and made anew within a batch", () => {
		tell({ type: "scene_add", id: "old" });
		tell({
			type: "scene_batch",
			messages: [
				{ type: "scene_remove", id: "never-there" },
				{ type: "scene_clear" },
				{ type: "scene_add", id: "new", color: "#000" },
				{ type: "scene_update", id: "new", color: "#fff" },
			],
		});
		expect(objects()).toMatchObject([{ id: "new", color: "#ffffff" }]);
	});

	it("are bounded in number", () => {
		for (let i = 0; i < MAX_OBJECTS + 100; i++)
			tell({ type: "scene_add", id: `object-${i}` });
		tell({ type: "scene_update", id: "object-0", label: "still mine" });
		expect(objects()).toHaveLength(MAX_OBJECTS);
		expect(world.objects.get("object-0")?.label).toBe("still mine");
	});

	it.each(["javascript:alert(1)", "data:model/gltf+json,{}", "file:///x"])(
		"do not load %s",
		(url) => {
			tell({ type: "scene_add", id: "a", kind: "gltf", url });
			expect(objects()[0]?.url).toBe("");
		},
	);

	it.each(["models/oak.glb", "https://example.com/oak.glb"])(
		"may load %s",
		(url) => {
			tell({ type: "scene_add", id: "a", kind: "gltf", url });
			expect(objects()[0]?.url).toBe(url);
		},
	);
});

describe("more than can be drawn", () => {
	it("is known, in the order in which a late page hears of it", () => {
		for (let i = 0; i < MAX_OBJECTS_SHOWN + 5; i++)
			tell({ type: "scene_add", id: `object-${i}` });
		tell({ type: "scene_update", id: "object-1", color: "#fff" });
		// The gateway retains what is said again after all else.
		tell({ type: "scene_add", id: "object-0" });
		const order = [...world.objects.keys()];
		expect(order.slice(0, 2)).toEqual(["object-1", "object-2"]);
		expect(order.at(-1)).toBe("object-0");
	});

	it("of agents has its state before it is shown", () => {
		const crowd = Array.from({ length: MAX_AGENTS_SHOWN + 1 }, (_, index) => ({
			agentId: `agent-${index}`,
			role: "agent",
		}));
		world.setRoster(crowd);
		const last = `agent-${MAX_AGENTS_SHOWN}`;
		tell({ type: "agent_state", agentId: last, state: "active" });
		world.setRoster(crowd.slice(1));
		expect([...world.agents.keys()].at(-1)).toBe(last);
		expect(world.agents.get(last)?.state).toBe("active");
	});

	it.each([
		[100, 1_000, ""],
		[200, 12, "128 of 200 agents shown"],
		[3, 1_200, "1000 of 1200 objects shown"],
		[129, 1_001, "128 of 129 agents, 1000 of 1001 objects shown"],
	])("is told: %i agents, %i objects", (agents, objects, text) => {
		expect(describeLeftOut(agents, objects)).toBe(text);
	});
});

describe("what is seen for a moment", () => {
	const notices = () => takeSnapshot(world).notices;

	it("is a task over its agent, a visitor at the front, the system in the middle", () => {
		tell({ type: "task_created", agent_id: "timmy", title: "Plant" });
		tell({
			type: "task_update",
			agent_id: "timmy",
			title: "Plant",
			status: "done",
		});
		tell({ type: "visitor_message", text: "Hi", name: "you" });
		tell({ type: "system_status", status: "ok" });
		expect(notices()).toEqual([
			{ kind: "task", agentId: "timmy", text: "Task: Plant · done" },
			{ kind: "visitor", agentId: "", text: "you: Hi" },
			{ kind: "system", agentId: "", text: "ok" },
		]);
		pass(7_000);
		expect(notices()).toEqual([]);
	});

	it("is the name of a type that nobody here has heard of", () => {
		tell({ type: "agent_dance", agentId: "timmy" });
		tell({ type: "portal_open", position: { x: 1, z: 1 } });
		tell({ type: "nowhere" });
		expect(notices()).toEqual([
			{ kind: "unknown", agentId: "timmy", text: "agent_dance" },
			{ kind: "unknown", agentId: "", text: "portal_open" },
		]);
	});

	it.each([
		"gateway_receipt",
		"pong",
		"agent_left",
		"agent_registered",
		"bark",
	])("is nothing of a %s", (type) => {
		tell({ type, agentId: "timmy", position: { x: 1, z: 1 } });
		expect(notices()).toEqual([]);
	});

	it("is bounded, however much comes", () => {
		for (let i = 0; i < 200; i++) {
			tell({
				type: `unknown-${i}`,
				agentId: `a${i}`,
				position: { x: 1, z: 1 },
			});
			tell({
				type: "agent_message",
				agentId: `a${i}`,
				target_id: "timmy",
				text: "Hi",
			});
		}
		expect(notices()).toHaveLength(MAX_NOTICES);
		expect(takeSnapshot(world).conversations).toHaveLength(MAX_CONVERSATIONS);
	});
});

describe("conversations", () => {
	const ADA = { agentId: "ada", role: "agent" };
	const conversations = () => takeSnapshot(world).conversations;

	beforeEach(() => world.setRoster([TIMMY, ADA]));

	it("are from who speaks to the target, while that is heard", () => {
		tell({
			type: "agent_message",
			agentId: "ada",
			target_id: "timmy",
			text: "Hi",
		});
		expect(conversations()).toEqual([{ from: "ada", to: "timmy" }]);
		expect(takeSnapshot(world).agents[0]?.bubble?.text).toBe("Hi");
		pass(6_000);
		expect(conversations()).toEqual([]);
	});

	it("are from who answers everyone's question to who asked", () => {
		tell({
			type: "agent_message",
			agentId: "ada",
			text: "Who?",
			reply_to: "q",
		});
		expect(conversations()).toEqual([]);
		tell({
			type: "agent_message",
			agentId: "timmy",
			text: "I",
			in_reply_to: "q",
		});
		expect(conversations()).toEqual([{ from: "timmy", to: "ada" }]);
	});

	it("are with nobody where one speaks to all, or to oneself", () => {
		tell({ type: "agent_message", agentId: "ada", text: "Hi" });
		tell({
			type: "agent_message",
			agentId: "ada",
			target_id: "ada",
			text: "Hm",
		});
		tell({ type: "agent_message", target_id: "ada", text: "Who am I?" });
		expect(conversations()).toEqual([]);
	});
});

describe("zones and the title", () => {
	it("are added and removed", () => {
		tell({
			type: "zone_add",
			id: "garden",
			position: { x: 4, z: 4 },
			radius: 3,
			label: "Garden",
		});
		expect(takeSnapshot(world).zones).toMatchObject([
			{ id: "garden", radius: 3, label: "Garden" },
		]);
		tell({ type: "zone_remove", id: "garden" });
		expect(takeSnapshot(world).zones).toEqual([]);
	});

	it("bounds the zones", () => {
		for (let i = 0; i < MAX_ZONES + 10; i++)
			tell({ type: "zone_add", id: `zone-${i}` });
		expect(takeSnapshot(world).zones).toHaveLength(MAX_ZONES);
	});

	it("follows the world that was loaded last", () => {
		expect(world.title).toBe("The Matrix");
		tell({ type: "world_register", id: "meadow", name: "Meadow" });
		tell({ type: "world_register", id: "sea", name: "Sea" });
		expect(world.title).toBe("Meadow");
		tell({ type: "world_register", id: "meadow", name: "Meadow" });
		// As a late page finds it, whose gateway retains the latest of each.
		expect(world.title).toBe("Sea");
		tell({ type: "world_load", id: "meadow" });
		expect(world.title).toBe("Meadow");
		tell({ type: "world_load", id: "sea" });
		expect(world.title).toBe("Sea");
		tell({ type: "world_unregister", id: "sea" });
		expect(world.title).toBe("Meadow");
	});
});

describe("a connection", () => {
	const HELLO = { type: "gateway_hello", connectionId: "1" };
	const REGISTERED = { type: "agent_registered", connectionId: "1" };

	beforeEach(() => {
		tell({ type: "agent_state", agentId: "timmy", state: "active" });
		tell({ type: "agent_move", agentId: "timmy", position: { x: 3, z: 3 } });
		tell({ type: "scene_add", id: "a" });
		tell({ type: "zone_add", id: "garden" });
		tell({ type: "world_register", id: "meadow", name: "Meadow" });
		tell({ type: "world_load", id: "meadow" });
		tell({ type: "chat_message", agentId: "timmy", text: "Hi" });
	});

	it.each([HELLO, REGISTERED, { ...REGISTERED, resumed: false }])(
		"that begins anew with %o begins with an empty world",
		(greeting) => {
			const fresh = createWorld(() => 0);
			fresh.setRoster([TIMMY]);
			const { position, target, ...agent } =
				takeSnapshot(fresh).agents[0] ?? {};
			tell(greeting);
			expect(takeSnapshot(world)).toMatchObject({
				title: "The Matrix",
				objects: [],
				zones: [],
				roster: [TIMMY],
				agents: [{ ...agent, target, bubble: { text: "Hi" } }],
			});
			expect(timmy()?.position).toEqual({ x: 3, y: 0, z: 3 });
			tell({ type: "world_register", id: "meadow", name: "Another" });
			tell({ type: "world_register", id: "first", name: "First" });
			tell({ type: "world_unregister", id: "meadow" });
			expect(world.title).toBe("First");
		},
	);

	it("that is resumed goes on with the world that is there", () => {
		const before = takeSnapshot(world);
		tell({ ...REGISTERED, resumed: true });
		expect(takeSnapshot(world)).toEqual(before);
		expect(world.isFilling).toBe(false);
	});

	it("keeps the world where a slow page was taken for a viewer before it registered", () => {
		tell(HELLO);
		tell({ type: "scene_add", id: "retained" });
		tell(REGISTERED);
		expect(objects().map(({ id }) => id)).toEqual(["retained"]);
		tell({ ...REGISTERED, connectionId: "2" });
		expect(objects()).toEqual([]);
	});

	it("keeps what went on, and the last picture for a moment", () => {
		expect(world.isFilling).toBe(false);
		tell(HELLO);
		expect(world.activity.at(-1)?.text).toBe("Hi");
		expect(world.received).toEqual(["Hi"]);
		expect(world.isFilling).toBe(true);
		pass(300);
		expect(world.isFilling).toBe(false);
	});
});

describe("what a page remembers", () => {
	it("is what the next one goes on from", () => {
		tell({ type: "visitor_message", text: "Hello" });
		tell({ type: "chat_message", agentId: "timmy", text: "one" });
		const next = createWorld(() => 0);
		next.restore(JSON.parse(JSON.stringify(world.save())));
		next.apply({ type: "chat_message", agentId: "timmy", text: "two" });
		expect(next.activity.map(({ number, text }) => [number, text])).toEqual([
			[1, "Hello"],
			[2, "one"],
			[3, "two"],
		]);
	});
});

describe("the chat messages that came", () => {
	it("are counted, and nothing else is", () => {
		tell({ type: "chat_message", agentId: "timmy", text: "one" });
		tell({ type: "agent_message", agentId: "timmy", text: "no chat" });
		tell({ type: "chat_message", text: "two" });
		expect(takeSnapshot(world).received).toEqual(["one", "two"]);
	});

	it("are bounded", () => {
		for (let i = 0; i < MAX_RECEIVED + 5; i++)
			tell({ type: "chat_message", agentId: "timmy", text: `${i}` });
		expect(world.received).toHaveLength(MAX_RECEIVED);
		expect(world.received[0]).toBe("5");
	});
});

describe("activity", () => {
	it("puts messages in words", () => {
		tell({ type: "agent_joined", agentId: "timmy", role: "mind" });
		tell({
			type: "task_created",
			agent_id: "timmy",
			title: "Plant",
			status: "new",
		});
		tell({
			type: "payment_flow",
			from: "p",
			to: "timmy",
			amount: 21,
			unit: "sat",
		});
		tell({ type: "system_status", status: "ok", text: "all well" });
		tell({ type: "visitor_message", text: "Hi" });
		tell({ type: "agent_message", agentId: "p", text: "To all" });
		expect(takeSnapshot(world).activity).toEqual([
			{ kind: "presence", who: "timmy", text: "joined" },
			{ kind: "task", who: "timmy", text: "New task: Plant · new" },
			{ kind: "payment", who: "p", text: "paid 21 sat to timmy" },
			{ kind: "system", who: "System", text: "ok · all well" },
			{ kind: "visitor", who: "visitor", text: "Hi" },
			{ kind: "message", who: "p", text: "To all" },
		]);
	});

	it("forgets what is old", () => {
		for (let i = 0; i < MAX_ACTIVITY + 20; i++)
			tell({ type: "visitor_message", text: `${i}` });
		expect(world.activity).toHaveLength(MAX_ACTIVITY);
		expect(world.activity.at(-1)?.text).toBe(`${MAX_ACTIVITY + 19}`);
	});
});

describe("hostile messages", () => {
	const TYPES = [
		"agent_state",
		"agent_move",
		"agent_behavior",
		"bark",
		"chat_message",
		"agent_message",
		"scene_add",
		"scene_update",
		"scene_remove",
		"scene_batch",
		"zone_add",
		"zone_remove",
		"world_register",
		"world_load",
		"task_created",
		"payment_flow",
		"system_status",
		"visitor_message",
		"agent_left",
		"nobody_knows_this",
		"__proto__",
	];
	const FIELDS = [
		"id",
		"position",
		"scale",
		"color",
		"label",
		"text",
		"state",
		"behavior",
		"duration",
		"emotion",
		"messages",
		"amount",
		"from",
		"to",
		"name",
		"url",
		"kind",
		"radius",
		"facing",
		"speed",
		"glow_intensity",
		"title",
	];
	const VALUES = [
		Number.NaN,
		Number.POSITIVE_INFINITY,
		-1e300,
		"7",
		null,
		true,
		[],
		{},
		{ x: "1", y: {}, z: Number.NaN },
		"<img src=x onerror=alert(1)>",
		"__proto__",
	];

	it.each(TYPES)("of type %s leave a world that can be drawn", (type) => {
		for (const value of VALUES) {
			const fields = Object.fromEntries(FIELDS.map((field) => [field, value]));
			tell({ ...fields, type, agentId: "timmy" });
		}
		pass(100);
		const snapshot = takeSnapshot(world);
		// NaN and Infinity become null in JSON: what survives the round trip can be drawn.
		expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
	});
});
