import { describe, expect, test } from "vitest";
import { createWorld, MARKER } from "./support/world.ts";

describe("presence", () => {
	test("PR2 a close is a left", () => {
		const { agent, viewer } = createWorld();
		const timmy = agent("timmy", "bridge");
		const watcher = viewer();
		timmy.close(1001);
		expect(watcher.messages()).toEqual([
			{
				type: "agent_left",
				agentId: "timmy",
				role: "bridge",
				reason: "closed",
			},
		]);
	});

	test("PR2 a connection closes once, however often it is told", () => {
		const { agent, viewer } = createWorld();
		const timmy = agent("timmy");
		const watcher = viewer();
		timmy.close();
		timmy.close(1006);
		agent("timmy");
		timmy.close();
		watcher.send(MARKER);
		expect(watcher.types()).toEqual(["agent_left", "agent_joined"]);
	});

	test("PR2 nothing that comes after the close counts", () => {
		const { agent, viewer, gateway } = createWorld();
		const timmy = agent("timmy");
		const watcher = viewer();
		timmy.close();
		timmy.send({ type: "bark" });
		timmy.register("timmy");
		timmy.sendBytes(new Uint8Array(), true);
		timmy.pong();
		agent("other").send(MARKER);
		expect(watcher.types()).toEqual(["agent_left", "agent_joined", "marker"]);
		expect(gateway.status().totals).toMatchObject({ received: 3, errors: 0 });
	});

	test("PR2 who leaves before it registered leaves without a word", () => {
		const { connect, viewer } = createWorld();
		const watcher = viewer();
		const other = viewer();
		connect().close();
		other.send(MARKER);
		expect(watcher.messages()).toEqual([MARKER]);
	});

	test("PR1 joined and left alternate through updates, takeovers and returns", () => {
		const { agent, viewer, connect } = createWorld();
		const watcher = viewer();
		agent("timmy").register("timmy");
		const second = agent("timmy");
		second.register("timmy", "browser");
		second.unregister("timmy");
		second.register("timmy");
		const third = agent("timmy", "bridge");
		third.close();
		connect().register("timmy");
		expect(watcher.types()).toEqual([
			"agent_joined",
			"agent_left",
			"agent_joined",
			"agent_left",
			"agent_joined",
			"agent_left",
			"agent_joined",
			"agent_left",
			"agent_joined",
		]);
	});
});
