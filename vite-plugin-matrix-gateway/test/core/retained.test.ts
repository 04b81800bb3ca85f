import { describe, expect, test } from "vitest";
import { createWorld, MARKER } from "./support/world.ts";

const keep = (key: string, n = 0, more = {}) => ({
	type: "thing",
	n,
	retain: { key, ...more },
});

describe("retained messages", () => {
	test("RET1 a newcomer gets the last of each key, after the greeting and before live traffic", () => {
		const world = createWorld();
		const sender = world.agent("sender");
		sender.send(keep("a", 1));
		sender.send(keep("b", 2));
		sender.send(keep("a", 3));
		const agent = world.connect();
		agent.register("late");
		sender.send(MARKER);
		expect(agent.messages()).toMatchObject([
			{ type: "agent_registered" },
			keep("b", 2),
			keep("a", 3),
			{ type: "agent_joined" },
			MARKER,
		]);
		const viewer = world.connect();
		viewer.send({ type: "ping" });
		expect(viewer.messages()).toMatchObject([
			{ type: "gateway_hello" },
			keep("b", 2),
			keep("a", 3),
			{ type: "pong" },
		]);
	});

	test("RET1 REG6 a viewer gets those of when it opened, and then what came since", () => {
		const world = createWorld();
		const sender = world.agent("sender");
		sender.send(keep("a", 1));
		const viewer = world.connect();
		sender.send(keep("a", 2));
		sender.send({ type: "x", retain: { clear: "a" } });
		world.host.advance(250);
		expect(viewer.messages()).toMatchObject([
			{ type: "gateway_hello" },
			keep("a", 1),
			keep("a", 2),
			{ type: "x" },
		]);
	});

	test("RET1 SLOW1 a large world is one buffer for all newcomers, and none is too slow for it", () => {
		const world = createWorld();
		const sender = world.agent("sender");
		const text = "x".repeat(100_000);
		for (let n = 0; n < 30; n++) sender.send({ ...keep(`k${n}`, n), text });
		world.forget();
		const late = [1, 2].map((n) => {
			const client = world.connect();
			client.socket.reads = false;
			client.register(`late-${n}`);
			return client;
		});
		world.host.turn();
		const [one, other] = late.map(({ socket }) =>
			socket.writes.find((bytes) => bytes.byteLength > 1_000_000),
		);
		expect(one).toBeDefined();
		expect(other).toBe(one);
		sender.send(MARKER);
		for (const client of late) {
			expect(client.types().filter((type) => type === "thing")).toHaveLength(
				30,
			);
			expect(client.socket.closing).toBeUndefined();
			expect(client.socket.bufferedBytes).toBeGreaterThan(3_000_000);
			client.socket.bufferedBytes = 0;
		}
	});

	test("RET2 append keeps the earlier ones, and clear takes a key or a prefix away", () => {
		const world = createWorld();
		const sender = world.agent("sender");
		sender.send(keep("s/a", 1));
		sender.send(keep("s/a", 2, { append: true }));
		sender.send(keep("s/b", 3));
		sender.send(keep("t", 4));
		const late = () => {
			const viewer = world.viewer();
			viewer.close();
			const again = world.connect();
			again.send({ type: "ping" });
			return again
				.messages()
				.filter(({ type }) => type === "thing")
				.map(({ n }) => n);
		};
		expect(late()).toEqual([1, 2, 3, 4]);
		sender.send({ type: "x", retain: { clear: "s/b" } });
		expect(late()).toEqual([1, 2, 4]);
		sender.send({ type: "x", retain: { clear: "s/" } });
		expect(late()).toEqual([4]);
		sender.send({ type: "x", retain: { clear: "t/" } });
		expect(late()).toEqual([4]);
	});

	test("RET3 what belongs to an agent goes with it, but not at a takeover or a drop", () => {
		const world = createWorld();
		const timmy = world.connect();
		const register = { type: "agent_register", agentId: "timmy" };
		timmy.send({ ...register, resume: true });
		timmy.send({ type: "agent_register", agentId: "ada" });
		timmy.send({ ...keep("s", 1, { scope: "agent" }), agentId: "timmy" });
		timmy.send({ ...keep("s", 2, { scope: "agent" }), agent_id: "ada" });
		timmy.close(1006);
		const seen = () => {
			const viewer = world.connect();
			viewer.send({ type: "ping" });
			return viewer
				.messages()
				.filter(({ type }) => type === "thing")
				.map(({ n }) => n);
		};
		expect(seen()).toEqual([1, 2]);
		const winner = world.agent("ada");
		expect(seen()).toEqual([1, 2]);
		winner.close();
		expect(seen()).toEqual([1]);
		world.host.advance(60_000);
		expect(seen()).toEqual([]);
	});

	test("RET3 of several agents the message says whose it is", () => {
		const world = createWorld();
		const client = world.agent("timmy");
		client.register("ada");
		client.messages();
		client.send(keep("s", 1, { scope: "agent" }));
		expect(client.messages()).toMatchObject([{ code: "bad_message" }]);
	});

	test("RET1 REG2 who registers, unregisters and registers at once gets it once", () => {
		const { agent, connect } = createWorld();
		agent("timmy").send({ type: "kept", retain: { key: "k" } });
		const hasty = connect();
		hasty.register("ada");
		hasty.unregister("ada");
		hasty.register("ada");
		const kept = hasty.types().filter((type) => type === "kept");
		expect(kept).toEqual(["kept"]);
	});

	test("RET3 from a viewer it is neither routed nor kept, and said so", () => {
		const world = createWorld();
		const observer = world.agent("observer");
		const viewer = world.viewer();
		viewer.send(keep("a", 1));
		expect(observer.messages()).toEqual([]);
		expect(viewer.messages()).toMatchObject([{ code: "forbidden" }]);
		const late = world.connect();
		late.send({ type: "ping" });
		expect(late.types()).toEqual(["gateway_hello", "pong"]);
	});

	test.each([{ maxRetainedMessages: 2 }, { maxRetainedBytes: 600 }])(
		"RET4 what finds no room is routed, its key dropped, its sender told: %o",
		(limits) => {
			const world = createWorld(limits);
			const sender = world.agent("sender");
			const observer = world.agent("observer");
			sender.messages();
			const long = "x".repeat(100);
			for (let n = 0; n < 4; n++) sender.send({ ...keep(`k${n}`, n), long });
			expect(observer.types()).toEqual(Array(4).fill("thing"));
			const errors = sender.messages();
			expect(errors.length).toBeGreaterThan(0);
			expect(errors[0]).toMatchObject({ code: "retain_full" });
			const late = world.connect();
			late.send({ type: "ping" });
			const kept = late.messages().filter(({ type }) => type === "thing");
			expect(kept.map(({ n }) => n)).toEqual(
				[0, 1, 2, 3].slice(0, 4 - errors.length),
			);
		},
	);

	test.each([
		true,
		[],
		{},
		{ key: "" },
		{ key: 5 },
		{ key: "x".repeat(257) },
		{ key: "a", clear: "a" },
		{ key: "a", scope: "moon" },
		{ key: "a", append: "yes" },
	])(
		"RET2 a `retain` that cannot be is refused, and not routed: %o",
		(retain) => {
			const world = createWorld();
			const sender = world.agent("sender");
			const observer = world.agent("observer");
			sender.messages();
			sender.send({ type: "thing", retain });
			sender.send(MARKER);
			expect(sender.messages()).toMatchObject([{ code: "bad_message" }]);
			expect(observer.messages()).toEqual([MARKER]);
		},
	);

	test("RET2 only broadcasts are retained", () => {
		const world = createWorld();
		const sender = world.agent("sender");
		sender.send({ ...keep("a", 1), target_id: "sender" });
		expect(sender.messages()).toMatchObject([{ code: "bad_message" }]);
	});

	test("RET5 the Matrix's table makes a late page show what an early one does", () => {
		const world = createWorld({ retain: "matrix" });
		const timmy = world.agent("timmy");
		const sent = [
			{ type: "scene_add", id: "tree" },
			{ type: "scene_update", id: "tree", color: "red" },
			{ type: "scene_add", id: "rock" },
			{ type: "scene_remove", id: "rock" },
			{ type: "scene_batch", messages: [] },
			{ type: "zone_add", id: "garden" },
			{ type: "zone_add", id: "pond" },
			{ type: "zone_remove", id: "garden" },
			{ type: "agent_move", agentId: "timmy", n: 1 },
			{ type: "agent_move", agentId: "timmy", n: 2 },
			{ type: "bark", text: "hello" },
			{ type: "scene_add" },
			{ type: "constructor" },
		];
		for (const message of sent) timmy.send(message);
		const late = world.connect();
		late.register("late");
		expect(late.messages().slice(1, -1)).toEqual(
			[0, 1, 3, 4, 6, 9].map((index) => sent[index]),
		);
		timmy.send({ type: "scene_clear" });
		const later = world.connect();
		later.register("later");
		expect(later.messages().slice(1, -1)).toEqual([sent[6], sent[9]]);
	});

	test("RET5 a field's value does not make of one key that is cleared many", () => {
		const world = createWorld({ retain: "matrix" });
		const timmy = world.agent("timmy");
		const zones = ["a", "a/", "a/b"].map((id) => ({ type: "zone_add", id }));
		for (const zone of zones) timmy.send(zone);
		timmy.send({ type: "zone_remove", id: "a/" });
		const late = world.connect();
		late.register("late");
		expect(late.messages().slice(1, -1)).toEqual([zones[0], zones[2]]);
	});

	test.each(["moon", "toString", 7])(
		"RET5 a table that does not exist is refused: %o",
		(retain) => {
			expect(() => createWorld({ retain: retain as "matrix" })).toThrow(
				/retain is a table, or one of matrix/,
			);
		},
	);

	test.each([
		{},
		{ scope: "agent" },
		{ key: "" },
		{ key: 7 },
		{ key: "a", clear: "a" },
		{ key: "a", scope: "moon" },
		{ key: "a", append: 1 },
		"a",
		null,
	])(
		"RET5 a rule that says nothing that can be done is refused: %o",
		(rule) => {
			const retain = { weather: rule } as never;
			expect(() => createWorld({ retain })).toThrow(
				/retain: the rule for "weather" is/,
			);
		},
	);
});
