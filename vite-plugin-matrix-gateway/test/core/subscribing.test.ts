/** What a grant lets a connection be sent of what is routed. */
import { describe, expect, test } from "vitest";
import type { Grant } from "../../src/core/protocol/grant.ts";
import { MAX_EXCEPTION_BYTES } from "../../src/core/world/session-account.ts";
import type { Client, Message } from "./support/client.ts";
import { createWorld } from "./support/world.ts";

const BARKS = { subscribe: ["bark", "scene_*"] };
const bark = (n: number, more = {}) => ({ type: "bark", n, ...more });
const wave = (n: number, more = {}) => ({ type: "wave", n, ...more });

/** What was routed, of what a client was sent. */
function routed(messages: readonly Message[]): unknown[] {
	return messages.filter(({ n }) => n !== undefined).map(({ n }) => n);
}

function sayAll(client: Client, ...messages: object[]): void {
	for (const message of messages) client.send(message);
}

describe("a grant bound to types that it is sent", () => {
	test.each(["agent", "viewer"] as const)(
		"GRANT1 RT1 an %s gets these, in order, and nobody else less",
		(kind) => {
			const { agent, viewer } = createWorld();
			const timmy = agent("timmy");
			const listener =
				kind === "agent" ? agent("ada", "a", BARKS) : viewer(BARKS);
			const other = viewer();
			timmy.messages();
			sayAll(timmy, wave(0), bark(1), wave(2), wave(3), bark(4));
			sayAll(timmy, { type: "scene_add", n: 5 }, wave(6));
			expect(routed(listener.messages())).toEqual([1, 4, 5]);
			expect(routed(other.messages())).toEqual([0, 1, 2, 3, 4, 5, 6]);
			sayAll(listener, bark(7), wave(8));
			expect(listener.messages()).toEqual([]);
			expect(routed(other.messages())).toEqual([7, 8]);
			expect(routed(timmy.messages())).toEqual([7, 8]);
		},
	);

	test("GRANT1 RT1 with `echo` that holds of its own as well", () => {
		const { agent } = createWorld({ echo: true });
		const ada = agent("ada", "a", BARKS);
		sayAll(ada, bark(1), wave(2), bark(3));
		expect(routed(ada.messages())).toEqual([1, 3]);
	});

	test("GRANT1 REG4 a new connection is sent what came before its greeting by it", () => {
		const { agent, connect, host } = createWorld();
		const timmy = agent("timmy");
		const listener = connect(BARKS);
		sayAll(timmy, wave(0), bark(1), wave(2));
		agent("ada");
		sayAll(timmy, bark(3), wave(4));
		host.advance(250);
		sayAll(timmy, wave(5), bark(6));
		expect(listener.messages()).toMatchObject([
			{ type: "gateway_hello" },
			bark(1),
			{ type: "agent_joined", agentId: "ada" },
			bark(3),
			bark(6),
		]);
	});

	test("GRANT1 PR1 presence, answers and errors come to who is sent no type", () => {
		const { agent, connect } = createWorld();
		const deaf = connect({ subscribe: [] });
		deaf.register("deaf");
		const timmy = agent("timmy");
		sayAll(timmy, bark(1), { type: "agent_leaves", target_id: "deaf" });
		timmy.close();
		sayAll(deaf, { type: "ping" }, { type: 7 }, bark(2, { target_id: "no" }));
		expect(deaf.types()).toEqual([
			"agent_registered",
			"agent_joined",
			"agent_joined",
			"agent_left",
			"pong",
			"gateway_error",
			"gateway_error",
		]);
	});

	test("GRANT1 RT3 who directs another type to it is told, with the receipt", () => {
		const { agent, gateway } = createWorld();
		const ada = agent("ada", "a", BARKS);
		const timmy = agent("timmy");
		ada.messages();
		const target_id = "ada";
		sayAll(timmy, bark(1, { target_id }), wave(2, { target_id }));
		sayAll(timmy, wave(3, { target_id, receipt: "r" }));
		expect(routed(ada.messages())).toEqual([1]);
		const told = { type: "gateway_error", code: "forbidden", target_id };
		const errors = timmy.messages();
		expect(errors).toMatchObject([told, { ...told, receipt: "r" }]);
		expect(errors[0]).not.toHaveProperty("receipt");
		expect(gateway.status().totals).toMatchObject({
			...{ directed: 1, undeliverable: 2 },
		});
	});

	test("GRANT1 RT2 nor are copies sent to who is not sent the type", () => {
		const { agent, viewer } = createWorld({ mirrorVisual: true });
		const scenes = { subscribe: ["scene_*"] };
		const browsers = [
			agent("page", "browser", scenes),
			viewer(scenes),
			viewer(),
		];
		const timmy = agent("timmy");
		for (const browser of browsers) browser.messages();
		const target_id = "timmy";
		sayAll(timmy, bark(1, { target_id }));
		sayAll(timmy, { type: "scene_add", n: 2, target_id });
		expect(browsers.map((one) => routed(one.messages()))).toEqual([
			...[[2], [2], [1, 2]],
		]);
	});

	test("GRANT1 RET1 what is retained is sent by it, to agents and to viewers", () => {
		const { agent, connect } = createWorld();
		const timmy = agent("timmy");
		const kept = [bark(1), wave(2), bark(3)].map((message) => ({
			...message,
			retain: { key: `k${message.n}` },
		}));
		sayAll(timmy, ...kept);
		const sent: [Grant, number[]][] = [
			[BARKS, [1, 3]],
			[{ subscribe: [] }, []],
			[{}, [1, 2, 3]],
		];
		for (const [grant, expected] of sent) {
			const viewer = connect(grant);
			viewer.send({ type: "ping" });
			const late = connect(grant);
			late.register("late");
			expect(routed(viewer.messages())).toEqual(expected);
			expect(routed(late.messages())).toEqual(expected);
			late.close();
		}
	});

	test("GRANT1 REG3 who has unregistered is a viewer, and is sent the same", () => {
		const { connect, agent } = createWorld();
		const timmy = agent("timmy");
		const ada = connect({ subscribe: ["bark"], agents: ["ada"] });
		ada.register("ada");
		ada.messages();
		ada.unregister("ada");
		sayAll(timmy, wave(1), bark(2));
		expect(routed(ada.messages())).toEqual([2]);
	});
});

describe("its session", () => {
	function begin() {
		const world = createWorld();
		const timmy = world.agent("timmy");
		const ada = world.connect(BARKS);
		ada.send({ type: "agent_register", agentId: "ada", resume: true });
		const [ack] = ada.messages();
		const resume = (received: number, more = {}, grant: Grant = BARKS) => {
			const next = world.connect(grant);
			const claim = { session: ack?.session, received, ...more };
			next.send({ type: "agent_register", agentId: "ada", resume: claim });
			return next;
		};
		return { timmy, ada, resume };
	}

	test("RES2 RES3 counts what it is sent, and goes on with that", () => {
		const { timmy, ada, resume } = begin();
		sayAll(timmy, wave(0), bark(1), wave(2), wave(3), bark(4));
		ada.send(bark(5));
		expect(routed(ada.messages())).toEqual([1, 4]);
		ada.close(1006);
		sayAll(timmy, wave(6), wave(7), bark(8, { target_id: "ada" }), wave(9));
		sayAll(timmy, bark(10), wave(11));
		// Its own joined is the first that it counts.
		const next = resume(2);
		sayAll(timmy, wave(12), bark(13));
		const [ack, ...missed] = next.messages();
		expect(ack).toMatchObject({ resumed: true, received: 1 });
		expect(routed(missed)).toEqual([4, 8, 10, 13]);
	});

	test("RES3 RET1 asks for what is retained, and gets it by its types", () => {
		const { timmy, ada, resume } = begin();
		sayAll(timmy, wave(1, { retain: { key: "a" } }));
		sayAll(timmy, bark(2, { retain: { key: "b" } }));
		ada.close(1006);
		const next = resume(1, { retained: true });
		expect(routed(next.messages())).toEqual([2, 2]);
		sayAll(timmy, wave(3), bark(4));
		next.close(1006);
		expect(routed(resume(3).messages())).toEqual([4]);
	});

	test("RES2 any number of messages that leave it out costs what one does", () => {
		const { timmy, ada, resume } = begin();
		ada.close(1006);
		const enough = MAX_EXCEPTION_BYTES / 128 + 10;
		for (let n = 0; n < enough; n++) timmy.send(wave(n));
		timmy.send(bark(-1));
		expect(routed(resume(1).messages())).toEqual([-1]);
	});

	test("RES4 who claims to have got one that left it out is told so", () => {
		const { timmy, ada, resume } = begin();
		ada.close(1006);
		sayAll(timmy, wave(1), wave(2), wave(3), bark(4));
		expect(resume(3).socket.closing?.code).toBe(4002);
		expect(routed(resume(1).messages())).toEqual([4]);
	});

	test("RES3 another token's types hold from the resume on", () => {
		const { timmy, ada, resume } = begin();
		ada.close(1006);
		sayAll(timmy, wave(1), bark(2));
		const next = resume(1, {}, { subscribe: ["wave"] });
		sayAll(timmy, wave(3), bark(4));
		expect(routed(next.messages())).toEqual([2, 3]);
		next.close(1006);
		sayAll(timmy, wave(5), bark(6));
		const last = resume(2, {}, {});
		sayAll(timmy, wave(7), bark(8));
		expect(routed(last.messages())).toEqual([3, 5, 7, 8]);
	});
});
