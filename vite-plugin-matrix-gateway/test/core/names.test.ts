import { describe, expect, test } from "vitest";
import { createWorld, MARKER } from "./support/world.ts";

const WELL_FORMED = [
	["one character", "t"],
	["128 bytes of ASCII", "a".repeat(128)],
	["128 bytes of two-byte characters", "é".repeat(64)],
	["128 bytes of emoji", "🌳".repeat(32)],
	["spaces and punctuation", "timmy the 1st: a/b?c=d"],
	["a name of Object.prototype", "__proto__"],
	["another one", "constructor"],
	["quotes and backslashes", '"\\'],
	["another script", "ティミー"],
] as const;

const MALFORMED = [
	["empty", ""],
	["129 bytes of ASCII", "a".repeat(129)],
	["130 bytes in 65 characters", "é".repeat(65)],
	["132 bytes in 66 code units", "🌳".repeat(33)],
	["10 kB", "SECRET".repeat(1_700)],
	["a newline", "timmy\nSECRET"],
	["a NUL", "timmy\u0000SECRET"],
	["an escape sequence", "\u001b[31mSECRET"],
	["a C1 control", "timmy\u0085SECRET"],
	["a zero-width space", "tim\u200bmySECRET"],
	["a zero-width joiner", "tim\u200dmySECRET"],
	["a byte order mark", "\ufefftimmySECRET"],
	["a right-to-left override", "\u202eSECRET"],
	["a line separator", "timmy\u2028SECRET"],
	["a paragraph separator", "timmy\u2029SECRET"],
	["a number", 42],
	["a boolean", true],
	["an array", ["SECRET"]],
	["an object with toString", { toString: "SECRET", length: 3 }],
] as const;

describe("agentId", () => {
	test.each(WELL_FORMED)("REG1 %s is a name", (_, name) => {
		const { connect, agent } = createWorld();
		const client = connect();
		client.register(name);
		expect(client.messages()).toMatchObject([
			{ type: "agent_registered", agentId: name },
			{ type: "agent_joined", agentId: name },
		]);
		agent("other").send({ type: "hello", target_id: name });
		expect(client.types()).toEqual(["agent_joined", "hello"]);
	});

	test.each(MALFORMED)("REG1 %s is refused, and never echoed", (_, agentId) => {
		const { connect, gateway, host } = createWorld();
		const client = connect();
		client.register(agentId);
		expect(client.texts().join()).toMatch(/"code":"bad_message"/);
		client.register(agentId);
		expect(client.texts().join()).not.toContain("SECRET");
		expect(gateway.status().agents).toEqual([]);
		expect(JSON.stringify(host.events)).not.toContain("SECRET");
	});

	test.each(["\\ud800", "\\udc00timmy", "timmy\\udbff"])(
		"REG1 the lone surrogate %s is refused",
		(escaped) => {
			const { connect, gateway } = createWorld();
			const client = connect();
			client.send(`{"type":"agent_register","agentId":"${escaped}"}`);
			expect(client.messages()[1]).toMatchObject({ code: "bad_message" });
			expect(gateway.status().agents).toEqual([]);
		},
	);

	test("REG1 a missing name is refused", () => {
		const { connect } = createWorld();
		const client = connect();
		client.register(undefined);
		expect(client.messages()).toMatchObject([
			{ type: "gateway_hello" },
			{ type: "gateway_error", code: "bad_message" },
		]);
	});

	test("REG1 __proto__ as a key is not a name and poisons nothing", () => {
		const { connect, gateway } = createWorld();
		const client = connect();
		client.send('{"type":"agent_register","__proto__":{"agentId":"timmy"}}');
		expect(client.messages()[1]).toMatchObject({ code: "bad_message" });
		expect(gateway.status().agents).toEqual([]);
		expect(Object.hasOwn(Object.prototype, "agentId")).toBe(false);
	});

	test("REG1 whoever was refused may still register", () => {
		const { connect, agent } = createWorld();
		const client = connect();
		client.register("");
		client.register("timmy");
		agent("other").send({ ...MARKER, target_id: "timmy" });
		expect(client.types()).toEqual([
			"gateway_hello",
			"gateway_error",
			"agent_registered",
			"agent_joined",
			"agent_joined",
			"marker",
		]);
	});
});

describe("role", () => {
	test("REG1 a role has up to 64 bytes", () => {
		const { connect } = createWorld();
		const client = connect();
		client.register("timmy", "r".repeat(64));
		expect(client.messages()[0]).toMatchObject({ role: "r".repeat(64) });
	});

	test.each([
		["empty", ""],
		["65 bytes", "r".repeat(65)],
		["66 bytes in 33 characters", "é".repeat(33)],
		["a control character", "SECRET\t"],
		["a number", 1],
		["an object", { toString: "SECRET" }],
	])("REG1 a role that is %s is refused, and never echoed", (_, role) => {
		const { connect, gateway } = createWorld();
		const client = connect();
		client.register("timmy", role);
		const answer = client.texts().join();
		expect(answer).toMatch(/"code":"bad_message"/);
		expect(answer).not.toContain("SECRET");
		expect(gateway.status().agents).toEqual([]);
	});
});
