import { describe, expect, test } from "vitest";
import { createGateway } from "../../src/core/gateway.ts";
import { createClient } from "./support/client.ts";
import { createFakeHost } from "./support/host.ts";
import { createKeptLog } from "./support/kept-log.ts";
import { createWorld, MARKER } from "./support/world.ts";

const BOUND = { agents: ["timmy", "perplexity"] };

describe("a grant bound to agents", () => {
	test("AUTH1 its own names may be registered", () => {
		const { agent, gateway } = createWorld();
		agent("timmy", "bridge", BOUND).register("perplexity");
		expect(gateway.status().agents).toHaveLength(2);
	});

	test("AUTH1 another name is forbidden", () => {
		const { connect, gateway } = createWorld();
		const stranger = connect(BOUND);
		stranger.register("alexander");
		expect(stranger.messages()).toMatchObject([
			{ type: "gateway_hello" },
			{ type: "gateway_error", code: "forbidden", agentId: "alexander" },
		]);
		expect(gateway.status().agents).toEqual([]);
	});

	test("REG5 a stranger takes nothing over", () => {
		const { agent, connect, viewer } = createWorld();
		const timmy = agent("timmy");
		const watcher = viewer();
		const stranger = connect({ agents: ["stranger"] });
		stranger.register("timmy");
		timmy.send(MARKER);
		expect(stranger.messages()).toMatchObject([
			{ type: "gateway_hello" },
			{ code: "forbidden" },
			MARKER,
		]);
		expect(timmy.socket.closing).toBeUndefined();
		expect(watcher.messages()).toEqual([MARKER]);
	});

	test.each(["agentId", "agent_id"])(
		"RT8 a message whose %s names another agent is refused",
		(key) => {
			const { agent, viewer } = createWorld();
			const timmy = agent("timmy", "bridge", BOUND);
			const watcher = viewer();
			timmy.send({ type: "bark", [key]: "alexander" });
			timmy.send({ type: "bark", [key]: "alexander", target_id: "timmy" });
			timmy.send({ type: "bark", [key]: "perplexity" });
			expect(timmy.messages()).toMatchObject([
				{ code: "forbidden" },
				{ code: "forbidden" },
			]);
			expect(watcher.messages()).toEqual([
				{ type: "bark", [key]: "perplexity" },
			]);
		},
	);

	test("RT8 both spellings are read, so neither hides the other", () => {
		const { agent } = createWorld();
		const timmy = agent("timmy", "bridge", BOUND);
		timmy.send({ type: "bark", agentId: "timmy", agent_id: "alexander" });
		expect(timmy.messages()).toMatchObject([{ code: "forbidden" }]);
	});

	test("RT8 a message that names nobody is routed", () => {
		const { agent, viewer } = createWorld();
		const timmy = agent("timmy", "bridge", BOUND);
		const watcher = viewer();
		timmy.send(MARKER);
		expect(watcher.messages()).toEqual([MARKER]);
	});

	test("RT8 a viewer is bound as well", () => {
		const { viewer } = createWorld();
		const stranger = viewer({ agents: [] });
		stranger.send({ type: "bark", agentId: "timmy" });
		expect(stranger.messages()).toMatchObject([{ code: "forbidden" }]);
	});

	test("RT8 an unbound grant may name anyone", () => {
		const { agent, viewer } = createWorld();
		const timmy = agent("timmy");
		const watcher = viewer();
		const message = { type: "bark", agentId: "alexander", agent_id: "x" };
		timmy.send(message);
		expect(watcher.messages()).toEqual([message]);
	});
});

describe("a grant bound to roles", () => {
	test("AUTH1 another role is forbidden, the default role too", () => {
		const { connect, gateway } = createWorld();
		const tablet = connect({ roles: ["browser"] });
		tablet.register("tablet", "bridge");
		tablet.register("tablet");
		expect(tablet.messages()).toMatchObject([
			{ type: "gateway_hello" },
			{ code: "forbidden", agentId: "tablet" },
			{ code: "forbidden", agentId: "tablet" },
		]);
		tablet.register("tablet", "browser");
		expect(gateway.status().agents).toMatchObject([{ role: "browser" }]);
	});

	test("AUTH1 an update to a role that is not granted changes nothing", () => {
		const { agent, gateway } = createWorld();
		const tablet = agent("tablet", "browser", { roles: ["browser"] });
		tablet.register("tablet", "bridge");
		expect(tablet.messages()).toMatchObject([{ code: "forbidden" }]);
		expect(gateway.status().agents).toMatchObject([{ role: "browser" }]);
	});
});

test("ORD2 of what a host returns as a grant nothing else is in a command", () => {
	const host = createFakeHost();
	const log = createKeptLog();
	const gateway = createGateway(host, { flushWindow: 0 }, log.createOrder);
	const user = { agents: ["timmy"], password: "secret", id: 1n };
	const timmy = createClient(gateway, host, user);
	timmy.register("timmy");
	timmy.messages();
	const [join] = log.commands.filter(({ type }) => type === "join");
	expect(join).toMatchObject({ grant: { agents: ["timmy"] } });
	expect(join).not.toHaveProperty("grant.password");
	expect(join).not.toHaveProperty("grant.id");
});
