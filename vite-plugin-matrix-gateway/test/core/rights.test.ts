/** What a grant, and the host's options, let a connection have routed. */
import { describe, expect, test } from "vitest";
import type { Grant } from "../../src/core/protocol/grant.ts";
import type { GatewayOptions } from "../../src/core/protocol/options.ts";
import type { Client } from "./support/client.ts";
import { createWorld, MARKER, type World } from "./support/world.ts";

const FORBIDDEN = { type: "gateway_error", code: "forbidden" };

/** What a newcomer is sent of what is retained. */
function retainedIn(world: World): object[] {
	const late = world.connect();
	late.send({ type: "ping" });
	return late.messages().slice(1, -1);
}

/** Sends a message, and expects that its sender alone is told that it may not. */
function expectRefused(sender: Client, watcher: Client, message: object): void {
	sender.send(message);
	sender.send({ type: "ping" });
	expect(sender.messages()).toMatchObject([FORBIDDEN, { type: "pong" }]);
	expect(watcher.messages()).toEqual([]);
}

function expectRouted(sender: Client, watcher: Client, message: object): void {
	sender.send(message);
	expect(sender.messages()).toEqual([]);
	expect(watcher.messages()).toEqual([message]);
}

/** An agent or a viewer with a grant, and an agent that hears it. */
function meet(grant: Grant, options?: GatewayOptions, isAgent = true) {
	const world = createWorld(options);
	const watcher = world.agent("watcher");
	const sender = isAgent
		? world.agent("timmy", "agent", grant)
		: world.viewer(grant);
	watcher.messages();
	return { world, watcher, sender };
}

describe("a grant bound to types", () => {
	const grant = { publish: ["bark", "scene_*"] };

	test.each([true, false])(
		"AUTH1 these are routed, broadcast and directed, agent %s",
		(isAgent) => {
			const { sender, watcher } = meet(grant, {}, isAgent);
			for (const type of ["bark", "scene_add", "scene_"])
				for (const target_id of [undefined, "watcher"])
					expectRouted(sender, watcher, { type, target_id });
		},
	);

	test.each([true, false])(
		"AUTH1 others are refused, broadcast and directed, agent %s",
		(isAgent) => {
			const { sender, watcher } = meet(grant, {}, isAgent);
			for (const type of ["barks", "scene", "scene*", "Bark"])
				for (const target_id of [undefined, "watcher", "nobody"])
					expectRefused(sender, watcher, { type, target_id });
		},
	);

	test("AUTH1 RCPT1 who asked for a receipt is told that none comes", () => {
		const { sender } = meet(grant);
		sender.send({ type: "wave", target_id: "watcher", receipt: "r" });
		expect(sender.messages()).toMatchObject([{ ...FORBIDDEN, receipt: "r" }]);
	});

	test("AUTH1 who only reads registers, pings and unregisters all the same", () => {
		const { sender, watcher, world } = meet({ publish: [] });
		expectRefused(sender, watcher, MARKER);
		sender.register("ada");
		sender.unregister("ada");
		sender.send({ type: "ping" });
		expect(sender.types()).toEqual([
			"agent_registered",
			"agent_joined",
			"agent_left",
			"pong",
		]);
		world.agent("other").send(MARKER);
		expect(sender.messages()).toMatchObject([{ agentId: "other" }, MARKER]);
	});

	test("RT6 a reserved type is called that", () => {
		const { sender } = meet({ publish: [] });
		sender.send({ type: "agent_left", agentId: "watcher" });
		expect(sender.messages()).toMatchObject([{ code: "reserved_type" }]);
	});
});

describe("a grant without `retain`", () => {
	const grant = { retain: false };
	const options: GatewayOptions = { retain: "matrix", mirrorVisual: true };

	test.each([
		{ type: "note", retain: { key: "k" } },
		{ type: "note", retain: { key: "k", append: true } },
		{ type: "note", retain: { key: "k", scope: "agent" } },
		{ type: "note", retain: { clear: "k" } },
		{ type: "note", retain: { clear: "k/" } },
		{ type: "note", retain: { clear: "k", scope: "agent" } },
		{ type: "scene_add", id: "tree" },
		{ type: "scene_add" },
		{ type: "scene_batch" },
		{ type: "scene_clear" },
		{ type: "zone_remove", id: "pond" },
		{ type: "agent_move" },
	])("RET3 RET5 %o is refused, not routed", (message) => {
		const { sender, watcher, world } = meet(grant, options);
		watcher.send({ type: "kept", retain: { key: "k" } });
		sender.messages();
		expectRefused(sender, watcher, message);
		expect(retainedIn(world)).toMatchObject([{ type: "kept" }]);
	});

	test("RET3 RT2 nor is one that browsers would get a copy of", () => {
		const { sender, watcher } = meet(grant, options);
		expectRefused(sender, watcher, {
			type: "scene_clear",
			target_id: "watcher",
		});
	});

	test.each([
		{ type: "note" },
		{ type: "note", retain: null },
		{ type: "bark", target_id: "watcher" },
		{ type: "zone_add", id: "pond", target_id: "watcher" },
	])("RET3 %o is routed", (message) => {
		const { sender, watcher } = meet(grant, options);
		expectRouted(sender, watcher, message);
	});

	test("RET3 with `retain: true` it is as without it", () => {
		const { sender, world } = meet({ retain: true });
		sender.send({ type: "kept", retain: { key: "k" } });
		expect(retainedIn(world)).toMatchObject([{ type: "kept" }]);
	});
});

describe("what belongs to an agent", () => {
	const mine = { type: "note", retain: { key: "k", scope: "agent" } };
	const clear = { type: "note", retain: { clear: "k", scope: "agent" } };

	test.each(["agentId", "agent_id"])(
		"RET3 RT8 a stranger does not clear it by naming it as %s",
		(key) => {
			const { sender, watcher, world } = meet({ agents: ["timmy"] });
			watcher.send(mine);
			sender.messages();
			expectRefused(sender, watcher, { ...clear, [key]: "watcher" });
			expectRefused(sender, watcher, { ...mine, [key]: "watcher" });
			expect(retainedIn(world)).toEqual([mine]);
		},
	);

	test("RET3 without a name a stranger clears its own", () => {
		const { sender, watcher, world } = meet({ agents: ["timmy"] });
		watcher.send(mine);
		sender.send(clear);
		expect(retainedIn(world)).toEqual([mine]);
	});

	test("RET3 a key of the world's belongs to all who may retain", () => {
		const { sender, watcher, world } = meet({ agents: ["timmy"] });
		watcher.send({ type: "note", retain: { key: "k" } });
		sender.send({ type: "note", retain: { clear: "k" } });
		expect(retainedIn(world)).toEqual([]);
	});
});

describe("what viewers may have routed", () => {
	test.each([
		{ type: "note", retain: { key: "k" } },
		{ type: "note", retain: { clear: "k" } },
		{ type: "scene_clear" },
		{ type: "scene_add" },
		{ type: "agent_state" },
	])("RET3 RET5 never what is retained: %o", (message) => {
		const { sender, watcher } = meet({}, { retain: "matrix" }, false);
		expectRefused(sender, watcher, message);
	});

	test("RET5 RT2 nor a copy of it for browsers", () => {
		const options: GatewayOptions = { retain: "matrix", mirrorVisual: true };
		const { sender, watcher } = meet({}, options, false);
		const message = { type: "scene_clear", target_id: "watcher" };
		expectRefused(sender, watcher, message);
	});

	test.each<[NonNullable<GatewayOptions["viewers"]>, string[], string[]]>([
		["all", ["bark", "wave"], []],
		["listen", [], ["bark", "wave"]],
		[
			["bark", "visitor_*"],
			["bark", "visitor_wave"],
			["wave", "visitor"],
		],
		[[], [], ["bark"]],
	])("REG4 `viewers: %j`", (viewers, routed, refused) => {
		const { sender, watcher } = meet({}, { viewers }, false);
		for (const target_id of [undefined, "watcher"]) {
			for (const type of routed)
				expectRouted(sender, watcher, { type, target_id });
			for (const type of refused)
				expectRefused(sender, watcher, { type, target_id });
		}
	});

	test("REG4 an agent is none, and is one again after its last name", () => {
		const { sender, watcher } = meet({}, { viewers: "listen" });
		expectRouted(sender, watcher, MARKER);
		sender.register("ada");
		sender.unregister("timmy");
		sender.send({ ...MARKER, n: 1 });
		sender.unregister("ada");
		sender.send({ ...MARKER, n: 2 });
		expect(sender.messages().slice(3)).toMatchObject([
			{ type: "agent_left" },
			FORBIDDEN,
		]);
		expect(watcher.messages()).toMatchObject([
			{ type: "agent_joined", agentId: "ada" },
			{ type: "agent_left", agentId: "timmy" },
			{ ...MARKER, n: 1 },
			{ type: "agent_left", agentId: "ada" },
		]);
	});

	test("REG2 ORD3 a registration and a message in one packet work", () => {
		const { connect, agent } = createWorld({ viewers: "listen" });
		const watcher = agent("watcher");
		const hasty = connect();
		hasty.register("hasty");
		hasty.send(MARKER);
		expect(hasty.types()).toEqual(["agent_registered", "agent_joined"]);
		expect(watcher.types()).toEqual(["agent_joined", "marker"]);
	});

	test("REG2 where that registration is refused, it is a viewer's", () => {
		const { connect, agent } = createWorld({ viewers: "listen" });
		const watcher = agent("watcher");
		const hasty = connect({ agents: ["other"] });
		hasty.register("hasty");
		hasty.send(MARKER);
		expect(hasty.messages()).toMatchObject([
			{ type: "gateway_hello" },
			FORBIDDEN,
			FORBIDDEN,
		]);
		expect(watcher.messages()).toEqual([]);
	});

	test.each(["none", 7, null, ["bark", ""], [7], {}])(
		"REG4 `viewers: %j` says nothing",
		(viewers) => {
			const create = () => createWorld({ viewers: viewers as never });
			if (viewers === null) expect(create).not.toThrow();
			else expect(create).toThrow(/^viewers is /);
		},
	);
});

describe("`speakAs: registered`", () => {
	const options = { speakAs: "registered" } as const;

	test.each(["agentId", "agent_id"])(
		"RT8 %s names an agent of the sender's own",
		(key) => {
			const { sender, watcher } = meet({}, options);
			for (const target_id of [undefined, "watcher"]) {
				expectRouted(sender, watcher, { ...MARKER, target_id, [key]: "timmy" });
				expectRouted(sender, watcher, { ...MARKER, target_id, [key]: null });
				for (const name of ["watcher", "nobody", "", 7, ["timmy"], {}, false])
					expectRefused(sender, watcher, {
						...{ ...MARKER, target_id, [key]: name },
					});
			}
		},
	);

	test("RT8 both spellings are read, so neither hides the other", () => {
		const { sender, watcher } = meet({}, options);
		const both = { agentId: "timmy", agent_id: "watcher" };
		expectRefused(sender, watcher, { ...MARKER, ...both });
	});

	test("RT8 a viewer names nobody", () => {
		const { sender, watcher } = meet({}, options, false);
		expectRouted(sender, watcher, MARKER);
		expectRefused(sender, watcher, { ...MARKER, agentId: "watcher" });
		expectRefused(sender, watcher, { ...MARKER, agentId: "timmy" });
	});

	test("RT8 ORD3 what it is named is judged at the message's place", () => {
		const { connect, agent } = createWorld(options);
		const watcher = agent("watcher");
		const hasty = connect();
		hasty.register("a");
		hasty.send({ ...MARKER, agentId: "a" });
		hasty.register("b");
		hasty.send({ ...MARKER, agentId: "b" });
		hasty.unregister("a");
		hasty.send({ ...MARKER, agentId: "a" });
		const errors = hasty.messages().filter(({ code }) => code);
		expect(errors).toMatchObject([FORBIDDEN]);
		const said = watcher.messages().filter(({ type }) => type === "marker");
		expect(said).toMatchObject([{ agentId: "a" }, { agentId: "b" }]);
	});

	test("RT8 a name that was taken over is another's", () => {
		const { sender, watcher, world } = meet({}, options);
		sender.register("second");
		world.agent("timmy");
		watcher.messages();
		sender.messages();
		expectRefused(sender, watcher, { ...MARKER, agentId: "timmy" });
		expectRouted(sender, watcher, { ...MARKER, agentId: "second" });
	});

	test("RT8 AUTH1 a token's names do not do where they are not registered", () => {
		const { sender, watcher } = meet({ agents: ["timmy", "ada"] }, options);
		expectRefused(sender, watcher, { ...MARKER, agentId: "ada" });
	});

	test("RES2 a session counts what is refused", () => {
		const { world } = meet({}, options);
		const client = world.connect();
		client.send({ type: "agent_register", agentId: "ada", resume: true });
		client.send({ ...MARKER, agentId: "watcher" });
		client.send({ type: "ping" });
		expect(client.messages().at(-1)).toEqual({ type: "pong", received: 1 });
	});

	test.each(["all", 7, true])("RT8 `speakAs: %j` says nothing", (speakAs) => {
		const create = () => createWorld({ speakAs: speakAs as never });
		expect(create).toThrow(/^speakAs is /);
	});
});
