import { describe, expect, test } from "vitest";
import { createWorld, MARKER } from "./support/world.ts";

describe("takeover", () => {
	test("REG5 the newest connection of a name wins: the loser is told and closed with 4009", () => {
		const { agent, host } = createWorld();
		const old = agent("timmy");
		const newest = agent("timmy");
		expect(old.messages()).toEqual([
			{ type: "gateway_replaced", agentId: "timmy" },
		]);
		expect(old.socket.closing).toMatchObject({ code: 4009 });
		agent("other").send({ ...MARKER, target_id: "timmy" });
		expect(newest.types()).toEqual(["agent_joined", "marker"]);
		expect(host.events).toContainEqual({
			event: "replaced",
			agentId: "timmy",
			connectionId: old.id,
			by: newest.id,
		});
	});

	test("REG5 others see neither a left nor a second joined", () => {
		const { agent, viewer, connect } = createWorld();
		agent("timmy");
		const watcher = viewer();
		const newest = connect();
		newest.register("timmy");
		newest.send(MARKER);
		expect(watcher.messages()).toEqual([MARKER]);
		expect(newest.types()).toEqual(["agent_registered"]);
	});

	test("REG5 its own name is not in the winner's roster", () => {
		const { agent, connect } = createWorld();
		agent("timmy");
		agent("other");
		const newest = connect();
		newest.register("timmy");
		expect(newest.messages()[0]).toMatchObject({
			agents: [{ agentId: "other", role: "agent" }],
		});
	});

	test("REG5 a takeover in another role leaves as replaced and joins anew", () => {
		const { agent, viewer } = createWorld();
		agent("timmy", "bridge");
		const watcher = viewer();
		const newest = agent("timmy", "browser");
		expect(watcher.messages()).toEqual([
			{
				type: "agent_left",
				agentId: "timmy",
				role: "bridge",
				reason: "replaced",
			},
			{ type: "agent_joined", agentId: "timmy", role: "browser" },
		]);
		newest.close();
		expect(watcher.messages()).toMatchObject([
			{ type: "agent_left", role: "browser", reason: "closed" },
		]);
	});

	test("REG5 the late close of the old socket changes nothing", () => {
		const { agent, viewer, gateway } = createWorld();
		const old = agent("timmy");
		old.socket.answers = false;
		const watcher = viewer();
		const newest = agent("timmy");
		old.close(1006);
		newest.send(MARKER);
		expect(watcher.messages()).toEqual([MARKER]);
		expect(gateway.status().agents).toMatchObject([
			{ agentId: "timmy", connectionId: newest.id },
		]);
	});

	test("REG5 nothing that the loser still sends counts", () => {
		const { agent, viewer, gateway } = createWorld();
		const old = agent("timmy");
		const watcher = viewer();
		const newest = agent("timmy");
		old.send({ type: "bark" });
		old.register("timmy");
		old.unregister("timmy");
		newest.send(MARKER);
		expect(watcher.messages()).toEqual([MARKER]);
		expect(gateway.status().agents).toMatchObject([
			{ connectionId: newest.id },
		]);
	});

	test("REG5 a loser that has other agents stays with these", () => {
		const { agent, forget } = createWorld();
		const dashboard = agent("timmy");
		dashboard.register("perplexity");
		const newest = agent("timmy");
		forget();
		newest.send({ type: "one", target_id: "timmy" });
		newest.send({ type: "two", target_id: "perplexity" });
		newest.send({ type: "three" });
		expect(newest.types()).toEqual(["one"]);
		expect(dashboard.types()).toEqual(["two", "three"]);
		expect(dashboard.socket.closing).toBeUndefined();
	});

	test("REG5 a loser that stays is told, and unregistering the lost name is refused", () => {
		const { agent, gateway } = createWorld();
		const dashboard = agent("timmy");
		dashboard.register("perplexity");
		dashboard.messages();
		agent("timmy");
		dashboard.unregister("timmy");
		expect(dashboard.messages()).toMatchObject([
			{ type: "gateway_replaced", agentId: "timmy" },
			{ type: "gateway_error", code: "bad_message" },
		]);
		expect(gateway.status().agents).toHaveLength(2);
	});

	test("REG5 a dashboard that loses all its agents one by one is closed with the last", () => {
		const { agent } = createWorld();
		const dashboard = agent("timmy");
		dashboard.register("perplexity");
		agent("timmy");
		expect(dashboard.socket.closing).toBeUndefined();
		agent("perplexity");
		expect(dashboard.socket.closing).toMatchObject({ code: 4009 });
	});

	test("REG5 the loser gets all that was ordered before, then the takeover, then its close", () => {
		const { agent } = createWorld();
		const old = agent("timmy");
		const other = agent("other");
		old.messages();
		other.send({ type: "one" });
		other.send({ type: "two", target_id: "timmy" });
		const newest = agent("timmy");
		other.send({ type: "three" });
		expect(old.types()).toEqual(["one", "two", "gateway_replaced"]);
		expect(newest.types()).toEqual(["three"]);
	});

	test("REG5 a name taken back and forth has one owner at a time", () => {
		const { agent, viewer, gateway } = createWorld();
		const watcher = viewer();
		const owners = Array.from({ length: 5 }, () => agent("timmy"));
		const last = owners.at(-1);
		last?.send(MARKER);
		expect(watcher.types()).toEqual(["agent_joined", "marker"]);
		expect(owners.map(({ socket }) => socket.closing?.code)).toEqual([
			4009,
			4009,
			4009,
			4009,
			undefined,
		]);
		expect(gateway.status()).toMatchObject({
			connections: 2,
			agents: [{ connectionId: last?.id }],
		});
	});
});
