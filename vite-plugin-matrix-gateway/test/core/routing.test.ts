import { describe, expect, test } from "vitest";
import { createWorld, MARKER } from "./support/world.ts";

/** The types that today's Matrix clients and agents send, and some that nobody knows. */
const TYPES = [
	"agent_state",
	"agent_move",
	"agent_behavior",
	"agent_message",
	"bark",
	"chat_message",
	"visitor_message",
	"scene_add",
	"scene_update",
	"scene_remove",
	"scene_clear",
	"scene_batch",
	"zone_add",
	"zone_remove",
	"world_register",
	"world_load",
	"world_unregister",
	"task_created",
	"task_update",
	"task_action",
	"payment_flow",
	"system_status",
	"something_new",
	"agent_registerX",
	"AGENT_JOINED",
	"gateway",
	"Ping",
	"__proto__",
	"toString",
	" ",
	"名前",
];

describe("broadcast", () => {
	test.each(TYPES)("RT4 %s goes to everyone but its sender", (type) => {
		const { agent, viewer, forget } = createWorld();
		const timmy = agent("timmy");
		const others = [agent("perplexity"), viewer()];
		forget();
		const text = `{"type":${JSON.stringify(type)},"agentId":"timmy"}`;
		timmy.send(text);
		for (const other of others) expect(other.texts()).toEqual([text]);
		others[0]?.send(MARKER);
		expect(timmy.messages()).toEqual([MARKER]);
	});

	test("RT1 a null target_id is none", () => {
		const { agent, viewer } = createWorld();
		const timmy = agent("timmy");
		const watcher = viewer();
		timmy.send('{"type":"bark","target_id":null}');
		expect(watcher.texts()).toEqual(['{"type":"bark","target_id":null}']);
	});

	test("RT1 with echo the sender gets its own in the one order", () => {
		const { agent, viewer, forget } = createWorld({ echo: true });
		const timmy = agent("timmy");
		const watcher = viewer();
		forget();
		timmy.send({ type: "one" });
		watcher.send({ type: "two" });
		timmy.send({ type: "three" });
		expect(timmy.types()).toEqual(["one", "two", "three"]);
		expect(watcher.types()).toEqual(["one", "two", "three"]);
	});

	test("RT1 with echo a viewer that was new hears its first message after the greeting", () => {
		const { connect } = createWorld({ echo: true });
		const viewer = connect();
		viewer.send({ type: "one" });
		expect(viewer.types()).toEqual(["gateway_hello", "one"]);
	});
});

describe("directed", () => {
	test("RT2 to that agent's connection and to no other", () => {
		const { agent, viewer, forget } = createWorld();
		const timmy = agent("timmy");
		const perplexity = agent("perplexity");
		const bystanders = [agent("other"), viewer()];
		forget();
		const text = '{"target_id":"perplexity","type":"agent_message"}';
		timmy.send(text);
		expect(perplexity.texts()).toEqual([text]);
		timmy.send(MARKER);
		for (const bystander of bystanders)
			expect(bystander.messages()).toEqual([MARKER]);
		expect(timmy.messages()).toEqual([]);
	});

	test("RT2 to the sender's own name", () => {
		const { agent, viewer } = createWorld();
		const timmy = agent("timmy");
		const watcher = viewer();
		timmy.send({ type: "note", target_id: "timmy" });
		timmy.send(MARKER);
		expect(timmy.types()).toEqual(["note"]);
		expect(watcher.messages()).toEqual([MARKER]);
	});

	test.each(["__proto__", "constructor", "hasOwnProperty"])(
		"RT3 nobody is there of the name %s",
		(target_id) => {
			const { agent } = createWorld();
			const timmy = agent("timmy");
			timmy.send({ type: "bark", target_id });
			expect(timmy.messages()).toMatchObject([
				{ code: "target_offline", target_id },
			]);
		},
	);

	test("RT3 a target that is not there: the sender alone is told, and nobody gets it", () => {
		const { agent, viewer, gateway } = createWorld();
		const timmy = agent("timmy");
		const watcher = viewer();
		timmy.send({ type: "bark", target_id: "nobody" });
		timmy.send(MARKER);
		expect(timmy.messages()).toEqual([
			{
				type: "gateway_error",
				code: "target_offline",
				message: expect.any(String),
				target_id: "nobody",
			},
		]);
		expect(watcher.messages()).toEqual([MARKER]);
		expect(gateway.status().totals).toMatchObject({
			undeliverable: 1,
			directed: 0,
			errors: 1,
		});
	});

	test("RT3 a target that has left is not there any more", () => {
		const { agent } = createWorld();
		const timmy = agent("timmy");
		const perplexity = agent("perplexity");
		timmy.messages();
		perplexity.close();
		timmy.send({ type: "bark", target_id: "perplexity" });
		expect(timmy.messages()).toMatchObject([
			{ type: "agent_left" },
			{ code: "target_offline" },
		]);
	});
});

describe("mirrorVisual", () => {
	const VISUAL = ["bark", "agent_state", "agent_move", "agent_behavior"];

	test.each([...VISUAL, "scene_add", "scene_batch"])(
		"RT2 a directed %s is copied to browsers when asked for",
		(type) => {
			const { agent, viewer, forget } = createWorld({ mirrorVisual: true });
			const timmy = agent("timmy");
			const perplexity = agent("perplexity");
			const browsers = [viewer(), agent("tablet", "browser")];
			const other = agent("other");
			forget();
			const message = { type, target_id: "perplexity" };
			timmy.send(message);
			timmy.send(MARKER);
			for (const client of [perplexity, ...browsers])
				expect(client.messages()).toEqual([message, MARKER]);
			expect(other.messages()).toEqual([MARKER]);
			expect(timmy.messages()).toEqual([]);
		},
	);

	test("RT2 RES2 to a browser that is away as well", () => {
		const { agent, connect } = createWorld({ mirrorVisual: true });
		const timmy = agent("timmy");
		agent("perplexity");
		const register = { type: "agent_register", agentId: "tablet" };
		const tablet = connect();
		tablet.send({ ...register, role: "browser", resume: true });
		const session = tablet.messages()[0]?.session;
		tablet.close(1006);
		const message = { type: "bark", target_id: "perplexity" };
		timmy.send(message);
		const back = connect();
		back.send({ ...register, resume: { session, received: 1 } });
		expect(back.messages().slice(1)).toEqual([message]);
	});

	test("RT2 what is not visual is not copied", () => {
		const { agent, viewer } = createWorld({ mirrorVisual: true });
		const timmy = agent("timmy");
		agent("perplexity");
		const watcher = viewer();
		timmy.send({ type: "agent_message", target_id: "perplexity" });
		timmy.send(MARKER);
		expect(watcher.messages()).toEqual([MARKER]);
	});

	test("RT2 a browser that sends, or is the target, gets no copy", () => {
		const { agent, forget } = createWorld({ mirrorVisual: true });
		const tablet = agent("tablet", "browser");
		const phone = agent("phone", "browser");
		forget();
		tablet.send({ type: "bark", target_id: "phone" });
		phone.send(MARKER);
		tablet.send(MARKER);
		expect(tablet.messages()).toEqual([MARKER]);
		expect(phone.types()).toEqual(["bark", "marker"]);
	});

	test("RT2 a connection that is still new gets no copy", () => {
		const { agent, connect, host } = createWorld({ mirrorVisual: true });
		const timmy = agent("timmy");
		agent("perplexity");
		const viewer = connect();
		timmy.send({ type: "bark", target_id: "perplexity" });
		host.advance(250);
		expect(viewer.types()).toEqual(["gateway_hello"]);
	});

	test("RT2 it is off by default", () => {
		const { agent, viewer } = createWorld();
		const timmy = agent("timmy");
		agent("perplexity");
		const watcher = viewer();
		timmy.send({ type: "bark", target_id: "perplexity" });
		timmy.send(MARKER);
		expect(watcher.messages()).toEqual([MARKER]);
	});
});

describe("order", () => {
	test("RT5 every receiver sees broadcasts, directed messages, answers and presence in one order", () => {
		const { agent, connect, forget } = createWorld();
		const timmy = agent("timmy");
		const perplexity = agent("perplexity");
		forget();
		perplexity.send({ type: "1" });
		perplexity.send({ type: "2", target_id: "timmy" });
		timmy.send({ type: "ping" });
		perplexity.send({ type: "3" });
		timmy.send({ type: "bark", target_id: "nobody" });
		connect().register("late");
		perplexity.send({ type: "4", target_id: "timmy" });
		expect(timmy.types()).toEqual([
			"1",
			"2",
			"pong",
			"3",
			"gateway_error",
			"agent_joined",
			"4",
		]);
		expect(perplexity.types()).toEqual(["agent_joined"]);
	});

	test("RT5 a message of one turn comes after those of an earlier turn", () => {
		const { agent, viewer, host } = createWorld();
		const timmy = agent("timmy");
		const watcher = viewer();
		for (let i = 0; i < 20; i++) {
			timmy.send({ type: `${i}` });
			if (i % 3 === 0) host.turn();
		}
		expect(watcher.types()).toEqual(
			Array.from({ length: 20 }, (_, i) => `${i}`),
		);
	});
});
