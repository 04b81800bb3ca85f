import { describe, expect, test } from "vitest";
import { CLOSE } from "../../src/core/protocol/protocol.ts";
import { createWorld, MARKER } from "./support/world.ts";

const RESERVED = [
	"agent_registered",
	"agent_subscribed",
	"agent_joined",
	"agent_left",
	"pong",
	"auth_refresh",
	"gateway_hello",
	"gateway_error",
	"gateway_replaced",
	"gateway_shutdown",
	"gateway_",
	"gateway_anything",
];

describe("reserved types", () => {
	test.each(RESERVED)("RT6 %s from a client is refused", (type) => {
		const { agent, viewer } = createWorld();
		const timmy = agent("timmy");
		const watcher = viewer();
		timmy.send({ type, agentId: "timmy" });
		timmy.send(MARKER);
		expect(timmy.messages()).toEqual([
			{
				type: "gateway_error",
				code: "reserved_type",
				message: expect.any(String),
			},
		]);
		expect(watcher.messages()).toEqual([MARKER]);
	});

	test.each([...RESERVED, "ping", "agent_register", "agent_unregister"])(
		"RT6 %s is not routed to a target either",
		(type) => {
			const { agent, forget } = createWorld();
			const timmy = agent("timmy");
			const perplexity = agent("perplexity");
			forget();
			timmy.send({ type, target_id: "perplexity" });
			timmy.send({ ...MARKER, target_id: "perplexity" });
			expect(perplexity.types()).toEqual(["marker"]);
		},
	);
});

const MALFORMED = [
	["nothing", ""],
	["no JSON", "hello"],
	["half a message", '{"type":"bark"'],
	["two messages", '{"type":"bark"}{"type":"bark"}'],
	["a trailing comma", '{"type":"bark",}'],
	["a BOM", '\ufeff\ufeff{"type":"bark"}'],
	["an array", '[{"type":"bark"}]'],
	["a string", '"bark"'],
	["a number", "1"],
	["null", "null"],
	["true", "true"],
	["no type", '{"text":"hi"}'],
	["an empty type", '{"type":""}'],
	["a null type", '{"type":null}'],
	["a number as type", '{"type":1}'],
	["an object as type", '{"type":{"toString":"bark"}}'],
	["an inherited type", '{"__proto__":{"type":"bark"}}'],
	["an empty target_id", '{"type":"bark","target_id":""}'],
	["a number as target_id", '{"type":"bark","target_id":1}'],
	["0 as target_id", '{"type":"bark","target_id":0}'],
	["false as target_id", '{"type":"bark","target_id":false}'],
	["a list of targets", '{"type":"bark","target_id":["perplexity"]}'],
	["an object as target_id", '{"type":"bark","target_id":{}}'],
	["a long target_id", `{"type":"bark","target_id":"${"x".repeat(129)}"}`],
	["a target_id of 10 kB", `{"type":"bark","target_id":"${"x".repeat(1e4)}"}`],
	["a control character in target_id", '{"type":"bark","target_id":"a\\n"}'],
	["a lone surrogate in target_id", '{"type":"bark","target_id":"\\ud800"}'],
	["deep nesting without an end", `{"type":"bark","x":${"[".repeat(100_000)}`],
] as const;

describe("malformed messages", () => {
	test.each(MALFORMED)(
		"RT7 %s: the sender is told, and nothing is routed",
		(_, text) => {
			const { agent, viewer, gateway } = createWorld();
			const timmy = agent("timmy");
			const watcher = viewer();
			timmy.send(text);
			timmy.send(MARKER);
			expect(timmy.messages()).toEqual([
				{
					type: "gateway_error",
					code: "bad_message",
					message: expect.any(String),
				},
			]);
			expect(watcher.messages()).toEqual([MARKER]);
			expect(gateway.status().totals).toMatchObject({ errors: 1, received: 3 });
		},
	);

	test.each([
		["text in a binary frame", '{"type":"bark"}'],
		["nothing", ""],
		["a register", '{"type":"agent_register","agentId":"x"}'],
	])("RT7 binary is not read: %s", (_, text) => {
		const { agent, viewer, gateway } = createWorld();
		const timmy = agent("timmy");
		const watcher = viewer();
		timmy.sendBytes(new TextEncoder().encode(text), true);
		timmy.send(MARKER);
		expect(timmy.messages()).toEqual([
			{
				type: "gateway_error",
				code: "not_text",
				message: expect.any(String),
			},
		]);
		expect(watcher.messages()).toEqual([MARKER]);
		expect(gateway.status().agents).toHaveLength(1);
	});

	test("RT7 what is malformed is never echoed", () => {
		const { agent } = createWorld();
		const timmy = agent("timmy");
		for (const [, text] of MALFORMED)
			timmy.send(text.replaceAll("bark", "SECRET").replaceAll("x", "SECRET"));
		expect(timmy.texts().join()).not.toContain("SECRET");
	});

	test("RT7 the connection stays, and so do its agents", () => {
		const { agent, gateway, forget } = createWorld();
		const timmy = agent("timmy");
		const perplexity = agent("perplexity");
		timmy.send("{");
		forget();
		perplexity.send({ ...MARKER, target_id: "timmy" });
		expect(timmy.types()).toEqual(["marker"]);
		expect(gateway.status().agents).toHaveLength(2);
	});
});

describe("the budget of errors", () => {
	test("ERR2 a burst of 50 is answered, and the 51st only counted", () => {
		const { agent, gateway } = createWorld();
		const timmy = agent("timmy");
		for (let i = 0; i < 60; i++) timmy.send("{");
		expect(timmy.messages()).toHaveLength(50);
		expect(gateway.status().totals.errors).toBe(60);
	});

	test("ERR2 then 10 a second are", () => {
		const { agent, host } = createWorld();
		const timmy = agent("timmy");
		for (let i = 0; i < 60; i++) timmy.send("{");
		timmy.messages();
		host.advance(1_000);
		for (let i = 0; i < 20; i++) timmy.send("{");
		expect(timmy.messages()).toHaveLength(10);
		host.advance(150);
		for (let i = 0; i < 20; i++) timmy.send("{");
		expect(timmy.messages()).toHaveLength(1);
	});

	test("ERR2 a quiet while gives the burst back, and no more", () => {
		const { agent, host } = createWorld({ heartbeatInterval: 0 });
		const timmy = agent("timmy");
		for (let i = 0; i < 60; i++) timmy.send("{");
		timmy.messages();
		host.advance(600_000);
		for (let i = 0; i < 60; i++) timmy.send("{");
		expect(timmy.messages()).toHaveLength(50);
	});

	test("ERR2 every refusal counts, whatever its code", () => {
		const { agent } = createWorld();
		const timmy = agent("timmy");
		for (let i = 0; i < 30; i++) {
			timmy.send({ type: "bark", target_id: "nobody" });
			timmy.send({ type: "pong" });
		}
		expect(timmy.messages()).toHaveLength(50);
	});

	test("ERR2 what is well formed is still routed past the burst", () => {
		const { agent, viewer } = createWorld();
		const timmy = agent("timmy");
		const watcher = viewer();
		for (let i = 0; i < 100; i++) timmy.send("{");
		timmy.send(MARKER);
		expect(watcher.messages()).toEqual([MARKER]);
	});

	test("ERR2 the 500th within a minute closes with 4202", () => {
		const { agent, viewer } = createWorld();
		const watcher = viewer();
		const timmy = agent("timmy");
		watcher.messages();
		for (let i = 0; i < 499; i++) timmy.send("{");
		expect(timmy.socket.closing).toBeUndefined();
		timmy.send("{");
		expect(timmy.socket.closing).toEqual(CLOSE.rateLimit);
		expect(CLOSE.rateLimit.code).toBe(4202);
		timmy.send(MARKER);
		watcher.send({ type: "pong" });
		expect(watcher.messages()).toMatchObject([
			{ type: "agent_left", agentId: "timmy", reason: "closed" },
			{ type: "gateway_error" },
		]);
	});

	test("ERR2 a minute is any minute, not one by the clock", () => {
		const { agent, host } = createWorld();
		const timmy = agent("timmy");
		timmy.send("{");
		host.advance(50_000);
		for (let i = 0; i < 300; i++) timmy.send("{");
		host.advance(20_000);
		for (let i = 0; i < 199; i++) timmy.send("{");
		expect(timmy.socket.closing).toBeUndefined();
		timmy.send("{");
		expect(timmy.socket.closing?.code).toBe(4202);
	});

	test("ERR2 fewer than 500 in each minute never close", () => {
		const { agent, host } = createWorld({ heartbeatInterval: 0 });
		const timmy = agent("timmy");
		for (let i = 0; i < 2_000; i++) {
			timmy.send("{");
			host.advance(125);
		}
		expect(timmy.socket.closing).toBeUndefined();
	});

	test("ERR2 one connection's errors cost another nothing", () => {
		const { agent, viewer } = createWorld();
		const timmy = agent("timmy");
		const visitor = viewer();
		for (let i = 0; i < 500; i++) timmy.send("{");
		visitor.send("{");
		expect(visitor.types()).toContain("gateway_error");
	});
});
