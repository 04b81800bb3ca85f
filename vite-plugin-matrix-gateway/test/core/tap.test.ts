/** A tap reads along, and nobody is sent anything else for it. */
import { expect, onTestFinished, test } from "vitest";
import type { Tapped } from "../../src/core/edge/tap.ts";
import { createWorld, type World } from "./support/world.ts";

const HEADER = 4;

function openTap({ gateway, host }: World) {
	const heard: (Tapped & { text: string })[] = [];
	const events: string[] = [];
	const shut = gateway.tap({
		hear(tapped) {
			const text = new TextDecoder().decode(tapped.frame.subarray(HEADER));
			heard.push({ ...tapped, text });
		},
		happened: ({ event }) => void events.push(event),
	});
	onTestFinished(shut);
	return {
		shut,
		events,
		/** Each as a few words; what is routed last is told with what comes after it. */
		take() {
			gateway.status();
			host.turn();
			return heard.splice(0).map(({ kind, agents, target, text }) => {
				const { type, code, status } = JSON.parse(text);
				const what = [kind, type, code ?? status].filter(Boolean).join(" ");
				const names = agents.map(({ agentId }) => agentId).join();
				return kind === "answer"
					? [what, "", names]
					: [what, names, target ?? ""];
			});
		},
	};
}

/** Sent last, so that what came before is told. */
function mark(world: World): void {
	world.connect().send({ type: "marker" });
}

const MARKER = ["broadcast marker", "", ""];

test("OPS3 a broadcast, a directed message, its receipt and who comes stand in one order", () => {
	const world = createWorld();
	const timmy = world.agent("timmy");
	const ada = world.agent("ada");
	const { take } = openTap(world);
	timmy.send({ type: "bark", agentId: "ada" });
	ada.send({ type: "note", target_id: "timmy", receipt: "r" });
	world.agent("eve");
	mark(world);
	expect(take().slice(0, 4)).toEqual([
		["broadcast bark", "timmy", ""],
		["directed note", "ada", "timmy"],
		["answer gateway_receipt delivered", "", "ada"],
		["presence agent_joined", "", ""],
	]);
});

test("OPS3 what is refused is told with its answer, and not as routed", () => {
	const world = createWorld({ speakAs: "registered" });
	const timmy = world.agent("timmy");
	const { take } = openTap(world);
	timmy.send({ type: "bark", agentId: "ada" });
	timmy.send({ type: "note", target_id: "nobody" });
	timmy.send("{");
	mark(world);
	expect(take().slice(0, 5)).toEqual([
		["refused bark", "timmy", ""],
		["answer gateway_error forbidden", "", "timmy"],
		["refused note", "timmy", "nobody"],
		["answer gateway_error target_offline", "", "timmy"],
		["answer gateway_error bad_message", "", "timmy"],
	]);
});

test("OPS3 what waits for an agent that is away is told when it is said", () => {
	const world = createWorld();
	const away = world.connect();
	away.send({ type: "agent_register", agentId: "ada", resume: true });
	away.close(1006);
	const timmy = world.agent("timmy");
	const { take } = openTap(world);
	timmy.send({ type: "note", target_id: "ada" });
	mark(world);
	expect(take()[0]).toEqual(["directed note", "timmy", "ada"]);
});

test("OPS3 events of connections are told", () => {
	const world = createWorld();
	const { events } = openTap(world);
	const ada = world.agent("ada");
	ada.close();
	mark(world);
	world.gateway.status();
	expect(events).toEqual(
		expect.arrayContaining(["connected", "joined", "disconnected", "left"]),
	);
});

test("OPS3 a copy for browsers is no second message", () => {
	const world = createWorld({ mirrorVisual: true });
	const timmy = world.agent("timmy");
	world.agent("page", "browser");
	world.agent("ada");
	world.viewer();
	const { take } = openTap(world);
	timmy.send({ type: "bark", target_id: "ada" });
	mark(world);
	const barks = take().filter(([what = ""]) => what.includes("bark"));
	expect(barks).toEqual([["directed bark", "timmy", "ada"]]);
});

test("OPS3 no session's token is told", () => {
	const world = createWorld();
	const texts: string[] = [];
	const hear = ({ frame }: Tapped) =>
		void texts.push(new TextDecoder().decode(frame));
	onTestFinished(world.gateway.tap({ hear, happened() {} }));
	const ada = world.connect();
	ada.send({ type: "agent_register", agentId: "ada", resume: true });
	const [ack] = ada.messages();
	const session = String(ack?.session);
	expect(session.length).toBeGreaterThan(5);
	ada.close(1006);
	const again = world.connect();
	const resume = { session, received: 0 };
	again.send({ type: "agent_register", agentId: "ada", resume });
	expect(again.messages()[0]).toMatchObject({ resumed: true });
	mark(world);
	world.gateway.status();
	expect(texts.join()).toContain("agent_joined");
	expect(texts.join()).not.toContain(session);
});

test("OPS3 one that is shut hears nothing more, and another one goes on", () => {
	const world = createWorld();
	const one = openTap(world);
	const other = openTap(world);
	one.shut();
	one.shut();
	mark(world);
	world.agent("ada");
	expect(one.take()).toEqual([]);
	expect(other.take()).toContainEqual(MARKER);
});

test("OPS3 open or shut, everybody is sent the same", () => {
	const sent = [false, true].map((isOpen) => {
		const world = createWorld({ mirrorVisual: true });
		const all = [
			world.agent("timmy"),
			world.agent("ada", "browser"),
			world.viewer(),
		] as const;
		if (isOpen) openTap(world);
		all[0].send({ type: "bark", text: "to all" });
		all[0].send({ type: "bark", target_id: "ada", receipt: "r" });
		all[1].send({ type: "gateway_hello" });
		all[1].send({ type: "note", target_id: "nobody" });
		all[2].send({ type: "chat" });
		all[0].unregister("timmy");
		return all.map((client) => client.texts());
	});
	expect(sent[1]).toEqual(sent[0]);
});

test("OPS2 connections are told one by one, with the window of who is away", () => {
	const world = createWorld({ resumeWindow: 30_000 });
	const timmy = world.agent("timmy", "mind", { name: "bridge" });
	world.viewer();
	world.connect();
	const away = world.connect();
	away.send({ type: "agent_register", agentId: "ada", resume: true });
	away.close(1006);
	world.gateway.status();
	const rows = world.gateway.inspect().connections;
	expect(rows.map(({ state }) => state).sort()).toEqual([
		...["agent", "detached", "new", "viewer"],
	]);
	expect(rows.find(({ state }) => state === "agent")).toMatchObject({
		connectionId: timmy.id,
		agents: [{ agentId: "timmy", role: "mind" }],
		name: "bridge",
		received: 1,
	});
	const { windowLeft } = rows.find(({ state }) => state === "detached") ?? {};
	expect(windowLeft).toBeGreaterThan(0);
	expect(windowLeft).toBeLessThanOrEqual(30_000);
});
