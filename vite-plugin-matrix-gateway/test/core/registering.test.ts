import { describe, expect, test } from "vitest";
import { createWorld, MARKER } from "./support/world.ts";

describe("register", () => {
	test("REG2 nothing is sent to a connection while it is new", () => {
		const { connect, agent, host } = createWorld();
		const newcomer = connect();
		agent("timmy").send({ type: "bark" });
		host.advance(249);
		expect(newcomer.messages()).toEqual([]);
		newcomer.register("perplexity");
		expect(newcomer.types()).toEqual(["agent_registered", "agent_joined"]);
	});

	test("REG2 the ack comes first, then its own joined, then live traffic", () => {
		const { agent, connect } = createWorld({
			heartbeatInterval: 1_500,
			maxPayload: 1_000,
		});
		const timmy = agent("timmy", "bridge");
		const perplexity = connect();
		perplexity.register("perplexity", "bot");
		timmy.send(MARKER);
		expect(perplexity.messages()).toEqual([
			{
				type: "agent_registered",
				agentId: "perplexity",
				role: "bot",
				connectionId: perplexity.id,
				heartbeat: 1.5,
				maxPayload: 1_000,
				agents: [{ agentId: "timmy", role: "bridge" }],
			},
			{ type: "agent_joined", agentId: "perplexity", role: "bot" },
			MARKER,
		]);
	});

	test("REG2 everyone else is told of the newcomer, viewers too", () => {
		const { agent, viewer, forget } = createWorld();
		const timmy = agent("timmy");
		const watcher = viewer();
		forget();
		agent("perplexity", "bot");
		const joined = [
			{ type: "agent_joined", agentId: "perplexity", role: "bot" },
		];
		expect(timmy.messages()).toEqual(joined);
		expect(watcher.messages()).toEqual(joined);
	});

	test("REG2 what was broadcast before it registered is not sent again", () => {
		const { agent, connect } = createWorld();
		const timmy = agent("timmy");
		const newcomer = connect();
		timmy.send({ type: "bark" });
		newcomer.register("perplexity");
		timmy.send(MARKER);
		expect(newcomer.types()).toEqual([
			"agent_registered",
			"agent_joined",
			"marker",
		]);
	});

	test("REG2 an agent's deadline is over: it never becomes a viewer", () => {
		const { agent, host } = createWorld();
		const timmy = agent("timmy");
		host.advance(1_000);
		expect(timmy.messages()).toEqual([]);
	});

	test("REG1 agent_id is an alias, and the role is agent where none is given", () => {
		const { connect } = createWorld();
		const timmy = connect();
		timmy.send({ type: "agent_register", agent_id: "timmy" });
		expect(timmy.messages()).toMatchObject([
			{ type: "agent_registered", agentId: "timmy", role: "agent" },
			{ type: "agent_joined", agentId: "timmy", role: "agent" },
		]);
	});

	test("REG1 agentId goes before its alias, and a null role is no role", () => {
		const { connect } = createWorld();
		const timmy = connect();
		timmy.send({
			type: "agent_register",
			agentId: "timmy",
			agent_id: "other",
			role: null,
		});
		expect(timmy.messages()[0]).toMatchObject({
			agentId: "timmy",
			role: "agent",
		});
	});

	test("REG1 the 65th agent of a connection is one too many", () => {
		const { connect, gateway } = createWorld();
		const dashboard = connect();
		for (let i = 1; i <= 64; i++) dashboard.register(`agent-${i}`);
		dashboard.messages();
		dashboard.register("agent-65");
		expect(dashboard.messages()).toMatchObject([
			{
				type: "gateway_error",
				code: "too_many_agents",
				agentId: "agent-65",
				message: expect.stringContaining("64"),
			},
		]);
		expect(gateway.status().agents).toHaveLength(64);
	});

	test("REG1 at the limit a name of its own may still be updated, and one taken off makes room", () => {
		const { connect, gateway } = createWorld();
		const dashboard = connect();
		for (let i = 1; i <= 64; i++) dashboard.register(`agent-${i}`);
		dashboard.messages();
		dashboard.register("agent-64", "browser");
		dashboard.unregister("agent-1");
		dashboard.register("agent-65");
		expect(dashboard.types()).not.toContain("gateway_error");
		expect(gateway.status().agents).toHaveLength(64);
	});
});

describe("several agents on one connection", () => {
	test("REG3 each has its own ack and joined, and the roster names the others", () => {
		const { agent } = createWorld();
		const dashboard = agent("timmy");
		dashboard.register("perplexity");
		expect(dashboard.messages()).toMatchObject([
			{
				type: "agent_registered",
				agentId: "perplexity",
				agents: [{ agentId: "timmy", role: "agent" }],
			},
			{ type: "agent_joined", agentId: "perplexity" },
		]);
	});

	test("REG3 messages to each of them come to the one connection", () => {
		const { agent, forget } = createWorld();
		const dashboard = agent("timmy");
		dashboard.register("perplexity");
		const other = agent("other");
		forget();
		other.send({ type: "a", target_id: "timmy" });
		other.send({ type: "b", target_id: "perplexity" });
		expect(dashboard.types()).toEqual(["a", "b"]);
	});

	test("REG3 each leaves when the connection goes", () => {
		const { agent, viewer, forget } = createWorld();
		const dashboard = agent("timmy");
		dashboard.register("perplexity", "bot");
		const watcher = viewer();
		forget();
		dashboard.close();
		expect(watcher.messages()).toEqual([
			{
				type: "agent_left",
				agentId: "timmy",
				role: "agent",
				reason: "closed",
			},
			{
				type: "agent_left",
				agentId: "perplexity",
				role: "bot",
				reason: "closed",
			},
		]);
	});

	test("REG3 unregister takes off one, and the others stay", () => {
		const { agent, viewer, forget, gateway } = createWorld();
		const dashboard = agent("timmy");
		dashboard.register("perplexity");
		const watcher = viewer();
		forget();
		dashboard.unregister("timmy");
		const left = {
			type: "agent_left",
			agentId: "timmy",
			role: "agent",
			reason: "unregistered",
		};
		expect(watcher.messages()).toEqual([left]);
		expect(dashboard.messages()).toEqual([left]);
		expect(gateway.status().agents).toMatchObject([{ agentId: "perplexity" }]);
	});

	test("REG3 unregister reads agent_id too", () => {
		const { agent, gateway } = createWorld();
		const timmy = agent("timmy");
		timmy.send({ type: "agent_unregister", agent_id: "timmy" });
		expect(timmy.types()).toEqual(["agent_left"]);
		expect(gateway.status().agents).toEqual([]);
	});

	test("REG3 who has taken off its last agent goes on as a viewer", () => {
		const { agent, gateway } = createWorld();
		const timmy = agent("timmy");
		const other = agent("other");
		timmy.unregister("timmy");
		other.send({ type: "a", target_id: "timmy" });
		other.send(MARKER);
		expect(other.messages()).toMatchObject([
			{ type: "agent_left" },
			{ code: "target_offline" },
		]);
		expect(timmy.types()).toEqual(["agent_joined", "agent_left", "marker"]);
		expect(gateway.status()).toMatchObject({ viewers: 1, connections: 2 });
	});

	test("REG3 who has taken off its last agent has no deadline, where none is asked for", () => {
		const { agent, host } = createWorld({ heartbeatInterval: 0 });
		agent("timmy").unregister("timmy");
		host.turn();
		expect(host.timers).toBe(0);
	});

	test.each([
		["a name of someone else", "other"],
		["a name of nobody", "nobody"],
		["no name", undefined],
		["no string", { toString: "timmy" }],
		["an inherited property", "__proto__"],
	])("REG3 unregister with %s is refused and takes nobody off", (_, name) => {
		const { agent, gateway } = createWorld();
		const timmy = agent("timmy");
		agent("other");
		timmy.messages();
		timmy.unregister(name);
		expect(timmy.messages()).toMatchObject([
			{ type: "gateway_error", code: "bad_message" },
		]);
		expect(gateway.status().agents).toHaveLength(2);
	});

	test("REG3 a name registered again is an update: an ack, and nothing for others", () => {
		const { agent, viewer } = createWorld();
		const timmy = agent("timmy", "bridge");
		const watcher = viewer();
		timmy.register("timmy", "bridge");
		timmy.send(MARKER);
		expect(timmy.messages()).toMatchObject([
			{ type: "agent_registered", agentId: "timmy", agents: [] },
		]);
		expect(watcher.messages()).toEqual([MARKER]);
	});

	test("REG3 a changed role leaves as replaced and joins anew", () => {
		const { agent, viewer, gateway } = createWorld();
		const timmy = agent("timmy", "bridge");
		const watcher = viewer();
		timmy.register("timmy", "browser");
		const change = [
			{
				type: "agent_left",
				agentId: "timmy",
				role: "bridge",
				reason: "replaced",
			},
			{ type: "agent_joined", agentId: "timmy", role: "browser" },
		];
		expect(watcher.messages()).toEqual(change);
		expect(timmy.messages().slice(1)).toEqual(change);
		expect(gateway.status().agents).toMatchObject([{ role: "browser" }]);
	});
});

describe("how often", () => {
	test("REG7 a connection registers 128 times at once, then 10 times a second", () => {
		const { agent, viewer, host } = createWorld({ heartbeatInterval: 0 });
		const watcher = viewer();
		const timmy = agent("timmy");
		for (let i = 1; i < 128; i++) timmy.register("timmy");
		timmy.messages();
		watcher.messages();
		timmy.register("timmy", "poet");
		expect(timmy.messages()).toEqual([
			{
				type: "gateway_error",
				code: "rate_limited",
				message: expect.any(String),
				agentId: "timmy",
				retryAfter: expect.any(Number),
			},
		]);
		expect(watcher.messages()).toEqual([]);
		host.advance(100);
		timmy.register("timmy");
		timmy.register("timmy");
		expect(timmy.types()).toEqual(["agent_registered", "gateway_error"]);
		host.advance(3_600_000);
		for (let i = 0; i < 129; i++) timmy.register("timmy");
		expect(timmy.types().filter((type) => type === "gateway_error")).toEqual([
			"gateway_error",
		]);
	});

	test("REG7 leaving and coming again is no way around it", () => {
		const { connect } = createWorld();
		const client = connect();
		for (let i = 0; i < 200; i++) {
			client.register("timmy");
			client.unregister("timmy");
		}
		const types = client.types();
		expect(types.filter((type) => type === "agent_registered")).toHaveLength(
			128,
		);
	});

	test("REG7 one connection's registrations cost another nothing", () => {
		const { agent, connect } = createWorld();
		const timmy = agent("timmy");
		for (let i = 0; i < 200; i++) timmy.register("timmy");
		const other = connect();
		other.register("perplexity");
		expect(other.types()).toEqual(["agent_registered", "agent_joined"]);
	});
});
