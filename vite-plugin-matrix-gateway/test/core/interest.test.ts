/** What a client asks to be sent of what is routed. */
import { describe, expect, test } from "vitest";
import type { Interest } from "../../src/core/protocol/message-types.ts";
import { MAX_EXCEPTION_BYTES } from "../../src/core/world/session-account.ts";
import type { Client, Message } from "./support/client.ts";
import { createWorld, MARKER, type World } from "./support/world.ts";

const bark = (n: number, more = {}) => ({ type: "bark", n, ...more });
const wave = (n: number, more = {}) => ({ type: "wave", n, ...more });
const retained = (message: object & { n: number }) => ({
	...message,
	retain: { key: `k${message.n}` },
});

/** What was routed, of what a client was sent, and where what it asked for began to hold. */
function told(client: Client): unknown[] {
	return client
		.messages()
		.filter(({ n, type }) => n !== undefined || type === "agent_subscribed")
		.map(({ n, subscribe }) => n ?? subscribe);
}

function sayAll(client: Client, ...messages: object[]): void {
	for (const message of messages) client.send(message);
}

function register(world: World, agentId: string, more: object): Client {
	const client = world.connect();
	client.send({ type: "agent_register", agentId, ...more });
	return client;
}

const ask = (subscribe: unknown) => ({ type: "agent_subscribe", subscribe });

describe("what a client asks for", () => {
	test("SUB1 holds from its registration on, which says so", () => {
		const world = createWorld();
		const timmy = world.agent("timmy");
		const subscribe = { types: ["scene_*", "bark", "bark"] };
		const ada = register(world, "ada", { subscribe });
		sayAll(timmy, wave(1), bark(2), { type: "scene_add", n: 3 }, wave(4));
		const messages = ada.messages();
		expect(messages[0]).toMatchObject({
			...{
				type: "agent_registered",
				subscribe: { types: ["bark", "scene_*"] },
			},
		});
		expect(messages.slice(2).map(({ n }) => n)).toEqual([2, 3]);
	});

	test("SUB1 is nothing but what was asked for: no key in the answer to who does not", () => {
		const world = createWorld();
		const [ack] = register(world, "ada", {}).messages();
		expect(ack).not.toHaveProperty("subscribe");
		const [other] = register(world, "eve", { subscribe: null }).messages();
		expect(other).toMatchObject({ subscribe: null });
	});

	test("SUB1 `from` is who was registered on the sender's connection then, not what a message says", () => {
		const world = createWorld();
		const [timmy, eve] = [world.agent("timmy"), world.agent("eve")];
		const viewer = world.viewer();
		const listener = register(world, "ada", { subscribe: { from: ["tim*"] } });
		listener.messages();
		sayAll(timmy, bark(1));
		sayAll(eve, bark(2, { agentId: "timmy" }));
		sayAll(viewer, bark(3, { agentId: "timmy" }));
		eve.register("timothy");
		sayAll(eve, bark(4));
		eve.unregister("timothy");
		sayAll(eve, bark(5));
		timmy.unregister("timmy");
		sayAll(timmy, bark(6));
		expect(told(listener)).toEqual([1, 4]);
	});

	test("SUB1 both lists have to let it pass, and an empty one lets nothing", () => {
		const world = createWorld();
		const [timmy, eve] = [world.agent("timmy"), world.agent("eve")];
		const both = { types: ["bark"], from: ["timmy"] };
		const [one, none, nobody] = [both, { types: [] }, { from: [] }].map(
			(subscribe, n) => register(world, `listener-${n}`, { subscribe }),
		) as [Client, Client, Client];
		for (const client of [timmy, eve]) sayAll(client, bark(1), wave(2));
		expect(told(one)).toEqual([1]);
		expect(told(none)).toEqual([]);
		expect(told(nobody)).toEqual([]);
	});

	test("SUB1 presence, directed messages, answers and errors come whatever it is", () => {
		const world = createWorld();
		const ada = register(world, "ada", { subscribe: { types: [], from: [] } });
		const timmy = world.agent("timmy");
		sayAll(timmy, bark(1), wave(2, { target_id: "ada", receipt: "r" }));
		sayAll(ada, { type: "ping" }, wave(3, { target_id: "nobody" }));
		expect(timmy.messages().at(-1)).toMatchObject({ status: "delivered" });
		timmy.close();
		expect(ada.types()).toEqual([
			...["agent_registered", "agent_joined", "agent_joined", "wave", "pong"],
			...["gateway_error", "agent_left"],
		]);
	});

	test("SUB1 a token narrows it, whichever of the two says less", () => {
		const world = createWorld();
		const timmy = world.agent("timmy");
		const grant = { subscribe: ["bark", "scene_*"] };
		const asks: [Interest | null, number[]][] = [
			[{ types: ["wave", "bark"] }, [1]],
			[{ types: ["scene_add"] }, [3]],
			[null, [1, 3]],
		];
		const clients = asks.map(([subscribe], n) => {
			const client = world.connect(grant);
			client.send({ type: "agent_register", agentId: `a${n}`, subscribe });
			return client;
		});
		sayAll(timmy, bark(1), wave(2), { type: "scene_add", n: 3 });
		expect(clients.map(told)).toEqual(asks.map(([, expected]) => expected));
		// What the token refuses is refused, what its client did not ask for is not [GRANT1].
		sayAll(timmy, wave(4, { target_id: "a0" }), bark(5, { target_id: "a1" }));
		expect(timmy.messages().at(-1)).toMatchObject({ code: "forbidden" });
		expect(told(clients[1] as Client)).toEqual([5]);
	});

	test("SUB1 RT2 copies for browsers go by it, and so does `echo`", () => {
		const world = createWorld({ mirrorVisual: true, echo: true });
		const timmy = world.agent("timmy");
		const eve = world.agent("eve");
		const page = register(world, "page", {
			...{ role: "browser", subscribe: { from: ["timmy"] } },
		});
		const viewer = world.viewer();
		sayAll(viewer, ask({ from: ["timmy"] }));
		for (const client of [timmy, eve])
			sayAll(client, bark(client === timmy ? 1 : 2, { target_id: "eve" }));
		sayAll(page, bark(3));
		expect(told(page)).toEqual([1]);
		expect(told(viewer)).toEqual([{ from: ["timmy"] }, 1]);
	});

	test("SUB1 REG3 it is the connection's: for all its agents, and after the last of them", () => {
		const world = createWorld();
		const timmy = world.agent("timmy");
		const ada = register(world, "ada", { subscribe: { types: ["bark"] } });
		ada.register("ada2");
		sayAll(timmy, wave(1), bark(2));
		ada.unregister("ada");
		ada.unregister("ada2");
		sayAll(timmy, wave(3), bark(4));
		// As an agent again it has what it had as a viewer, and is told so.
		ada.register("ada3");
		sayAll(timmy, wave(5), bark(6));
		const messages = ada.messages();
		expect(messages.flatMap(({ n }) => n ?? [])).toEqual([2, 4, 6]);
		const acks = messages.filter(({ type }) => type === "agent_registered");
		expect(acks.map(({ subscribe }) => subscribe)).toEqual([
			...[{ types: ["bark"] }, undefined, { types: ["bark"] }],
		]);
	});
});

describe("a change of it", () => {
	test.each(["agent", "viewer"] as const)(
		"SUB2 of an %s has its place in the order, and its answer stands there",
		(kind) => {
			const world = createWorld();
			const timmy = world.agent("timmy");
			const client = kind === "agent" ? world.agent("ada") : world.viewer();
			const other = world.viewer();
			timmy.messages();
			sayAll(timmy, wave(1), bark(2));
			sayAll(client, ask({ types: ["bark"] }));
			sayAll(timmy, wave(3), bark(4));
			sayAll(client, ask({ types: ["wave"] }), bark(5));
			sayAll(timmy, wave(6), bark(7));
			sayAll(client, ask(null));
			sayAll(timmy, wave(8), bark(9), MARKER);
			expect(told(client)).toEqual([
				...[1, 2, { types: ["bark"] }, 4, { types: ["wave"] }, 6],
				...[null, 8, 9],
			]);
			expect(told(other)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
		},
	);

	test("SUB2 is told to who shares the batch with others, whatever waits for any of them", () => {
		const world = createWorld();
		const timmy = world.agent("timmy");
		const [one, two] = [world.agent("one"), world.agent("two")];
		world.forget();
		// All in one turn: directed messages are woven in, and the sender is left out.
		sayAll(one, ask({ types: ["bark"] }));
		sayAll(two, bark(1), wave(2));
		sayAll(timmy, bark(3, { target_id: "one" }), bark(4));
		sayAll(one, bark(5), wave(6));
		sayAll(two, ask({ types: ["bark"] }), ask({ types: ["wave"] }));
		sayAll(timmy, bark(7), wave(8));
		expect(told(one)).toEqual([{ types: ["bark"] }, 1, 3, 4, 7]);
		expect(told(two)).toEqual([
			...[4, 5, 6, { types: ["bark"] }, { types: ["wave"] }, 8],
		]);
	});

	test("SUB2 a newcomer whose first word it is becomes a viewer, and then it is done", () => {
		const world = createWorld();
		const timmy = world.agent("timmy");
		sayAll(timmy, retained(bark(1)), retained(wave(2)));
		const newcomer = world.connect();
		sayAll(newcomer, ask({ types: ["bark"] }));
		sayAll(timmy, wave(3), bark(4));
		expect(newcomer.types()[0]).toBe("gateway_hello");
		sayAll(timmy, wave(5), bark(6));
		expect(told(newcomer)).toEqual([6]);
	});

	test.each(["agent", "viewer"] as const)(
		"SUB2 RET1 an %s gets what is retained and comes in by it right after the answer, and nothing twice",
		(kind) => {
			const world = createWorld();
			const [timmy, eve] = [world.agent("timmy"), world.agent("eve")];
			sayAll(timmy, retained(bark(1)), retained(wave(2)));
			sayAll(eve, retained(bark(3)));
			const client =
				kind === "agent"
					? register(world, "ada", { subscribe: { types: ["wave"] } })
					: world.viewer();
			if (kind === "viewer") sayAll(client, ask({ types: ["wave"] }));
			expect(told(client).at(-1)).toEqual(
				kind === "agent" ? 2 : { types: ["wave"] },
			);
			const from = { from: ["timmy"] };
			sayAll(client, ask(from));
			sayAll(timmy, bark(4));
			sayAll(client, ask(null));
			expect(told(client)).toEqual([from, 1, 4, null, 3]);
		},
	);

	test("SUB2 REG3 a further registration may bring it, with what comes in", () => {
		const world = createWorld();
		const timmy = world.agent("timmy");
		sayAll(timmy, retained(bark(1)), retained(wave(2)));
		const subscribe = { types: ["bark"] };
		const ada = register(world, "ada", { subscribe });
		ada.messages();
		ada.send({ type: "agent_register", agentId: "ada2", subscribe: null });
		sayAll(timmy, wave(3));
		expect(ada.messages()).toMatchObject([
			...[{ type: "agent_registered", subscribe: null }, { n: 2 }],
			...[{ type: "agent_joined" }, { n: 3 }],
		]);
	});

	test("SUB2 REG2 a viewer that registers keeps what it has asked for", () => {
		const world = createWorld();
		const timmy = world.agent("timmy");
		sayAll(timmy, retained(bark(1)), retained(wave(2)));
		const viewer = world.viewer();
		const subscribe = { types: ["bark"] };
		sayAll(viewer, ask(subscribe));
		viewer.messages();
		viewer.register("ada");
		sayAll(timmy, wave(3), bark(4));
		const messages = viewer.messages();
		expect(messages[0]).toMatchObject({ type: "agent_registered", subscribe });
		expect(messages.flatMap(({ n }) => n ?? [])).toEqual([4]);
	});

	test("SUB4 what is malformed is refused, with what it is of, and changes nothing", () => {
		const world = createWorld();
		const timmy = world.agent("timmy");
		const client = world.viewer();
		const long = "x".repeat(129);
		const wrong = [
			...[undefined, 7, "bark", [], true, { types: "bark" }, { types: [7] }],
			...[{ types: [""] }, { from: [long] }, { from: {} }],
			{ types: Array.from({ length: 101 }, (_, n) => `t${n}`) },
		];
		for (const subscribe of wrong) {
			client.send(ask(subscribe));
			const [error] = client.messages();
			expect(error, JSON.stringify(subscribe)).toMatchObject({
				...{ type: "gateway_error", code: "bad_message" },
				of: "agent_subscribe",
			});
			if (subscribe === undefined) continue;
			const newcomer = register(world, "ada", { subscribe });
			expect(newcomer.messages().at(-1)).toMatchObject({ code: "bad_message" });
		}
		sayAll(timmy, wave(1));
		expect(told(client)).toEqual([1]);
		expect(world.gateway.status().agents).toHaveLength(1);
	});

	test("SUB4 what asks for everything in other words is everything", () => {
		const world = createWorld();
		const client = world.viewer();
		for (const subscribe of [{}, { types: null }, { from: null, more: 1 }])
			sayAll(client, ask(subscribe));
		expect(told(client)).toEqual([null, null, null]);
	});

	test("SUB4 it is limited, and told when it would be done", () => {
		const world = createWorld();
		const client = world.agent("ada");
		for (let n = 0; n < 21; n++) sayAll(client, ask({ types: [`t${n}`] }));
		const last = client.messages().at(-1) as Message;
		expect(last).toMatchObject({
			...{ code: "rate_limited", of: "agent_subscribe" },
		});
		expect(last.retryAfter).toBe(0.5);
		world.host.advance(500);
		sayAll(client, ask(null));
		expect(told(client)).toEqual([null]);
	});

	test("SUB2 ERR2 each is answered, however many errors there were, until there are too many", () => {
		const world = createWorld();
		const client = world.agent("ada");
		for (let n = 0; n < 60; n++) client.send("{");
		client.messages();
		for (let n = 0; n < 200; n++) sayAll(client, ask({ types: [`t${n}`] }));
		const types = client.types();
		expect(types).toEqual([
			...Array(20).fill("agent_subscribed"),
			...Array(180).fill("gateway_error"),
		]);
		for (let n = 0; n < 259; n++) sayAll(client, ask(7));
		expect(client.messages()).toHaveLength(259);
		expect(client.socket.closing).toBeUndefined();
		sayAll(client, ask(7));
		expect(client.socket.closing?.code).toBe(4202);
	});

	test("SUB2 ERR2 REG4 so is each of who may not ask yet", () => {
		const world = createWorld({ requireRegistration: true });
		const client = world.connect();
		for (let n = 0; n < 60; n++) client.send("{");
		client.messages();
		for (let n = 0; n < 15; n++) sayAll(client, ask(null));
		const codes = client.messages().map(({ code }) => code);
		expect(codes).toEqual(Array(15).fill("forbidden"));
	});

	test("SUB4 a registration that asks for something else pays for it alike", () => {
		const world = createWorld();
		const timmy = world.agent("timmy");
		const [one, two] = [{ types: ["bark"] }, { types: ["wave"] }];
		const ada = register(world, "ada", { subscribe: two });
		const again = (subscribe?: unknown) => {
			ada.send({ type: "agent_register", agentId: "ada", subscribe });
			return ada.messages().at(-1) as Message;
		};
		ada.messages();
		for (let n = 0; n < 10; n++) sayAll(ada, ask(n % 2 ? two : one));
		for (let n = 0; n < 10; n++)
			expect(again(n % 2 ? two : one)).toMatchObject({ agentId: "ada" });
		// What asks for what it has already, or for nothing, changes nothing and is free.
		for (const same of [two, { types: ["wave", "wave"] }, undefined])
			expect(again(same)).toMatchObject({ type: "agent_registered" });
		const refusal = { code: "rate_limited", agentId: "ada", retryAfter: 0.5 };
		expect(again(one)).toMatchObject(refusal);
		expect(again(null)).toMatchObject(refusal);
		sayAll(timmy, bark(1), wave(2));
		expect(told(ada)).toEqual([2]);
		world.host.advance(500);
		expect(again(one)).toMatchObject({ type: "agent_registered" });
		sayAll(timmy, bark(3), wave(4));
		expect(told(ada)).toEqual([3]);
	});

	test("SUB4 REG2 a first registration is never refused for it", () => {
		const world = createWorld();
		const viewer = world.viewer();
		for (let n = 0; n < 25; n++) sayAll(viewer, ask({ types: [`t${n}`] }));
		viewer.messages();
		const subscribe = { types: ["bark"] };
		viewer.send({ type: "agent_register", agentId: "ada", subscribe });
		expect(viewer.messages()[0]).toMatchObject({ subscribe });
	});

	test("SUB4 REG4 where only agents are sent anything it is refused until one is registered", () => {
		const world = createWorld({ requireRegistration: true });
		const client = world.connect();
		sayAll(client, ask({ types: ["bark"] }));
		expect(client.messages()).toMatchObject([
			{ code: "forbidden", of: "agent_subscribe" },
		]);
		client.register("ada");
		sayAll(client, ask({ types: ["bark"] }));
		expect(told(client)).toEqual([{ types: ["bark"] }]);
	});
});

describe("its session", () => {
	function begin(subscribe: Interest | null = { types: ["bark"] }) {
		const world = createWorld();
		const timmy = world.agent("timmy");
		const ada = register(world, "ada", { resume: true, subscribe });
		const [ack] = ada.messages();
		const resume = (received: number, more = {}, also = {}) => {
			const claim = { session: ack?.session, received, ...more };
			return register(world, "ada", { resume: claim, ...also });
		};
		return { world, timmy, ada, resume };
	}

	test("SUB3 RES2 counts what it is sent, and a resume changes nothing", () => {
		const { timmy, ada, resume } = begin();
		sayAll(timmy, wave(1), bark(2));
		ada.close(1006);
		sayAll(timmy, wave(3), bark(4), wave(5, { target_id: "ada" }), bark(6));
		// Its own joined is the first that it counts.
		const next = resume(2);
		sayAll(timmy, wave(7), bark(8));
		const [again, ...rest] = next.messages();
		expect(again).toMatchObject({ resumed: true });
		expect(again).not.toHaveProperty("subscribe");
		expect(rest.map(({ n }) => n)).toEqual([4, 5, 6, 8]);
	});

	test("SUB3 REG3 it is the connection's from there on, after its last agent too", () => {
		const { timmy, ada, resume } = begin();
		ada.close(1006);
		const next = resume(1);
		next.unregister("ada");
		sayAll(timmy, wave(1), bark(2));
		next.register("ada");
		sayAll(timmy, wave(3), bark(4));
		expect(told(next)).toEqual([2, 4]);
	});

	test("SUB3 RES3 a resume that asks for something else gets that after what it missed", () => {
		const { timmy, ada, resume } = begin();
		sayAll(timmy, retained(wave(1)), retained(bark(2)));
		ada.close(1006);
		sayAll(timmy, wave(3), bark(4));
		const next = resume(2, {}, { subscribe: { types: ["wave"] } });
		sayAll(timmy, wave(5), bark(6));
		const [ack, ...rest] = next.messages();
		expect(ack).toMatchObject({ subscribe: { types: ["wave"] } });
		expect(rest.map(({ n }) => n)).toEqual([4, 1, 5]);
		next.close(1006);
		expect(told(resume(3))).toEqual([1, 5]);
	});

	test("SUB3 RES3 what was missed is what held then, over any number of changes", () => {
		const { timmy, ada, resume } = begin();
		ada.messages();
		sayAll(timmy, wave(1), bark(2));
		sayAll(ada, ask({ types: ["wave"] }));
		sayAll(timmy, wave(3), bark(4));
		sayAll(ada, ask(null), ask({ types: ["bark"] }));
		sayAll(timmy, wave(5), bark(6));
		ada.close(1006);
		const all = [...[2, { types: ["wave"] }, 3, null, { types: ["bark"] }, 6]];
		for (let got = 0; got <= all.length; got++) {
			const next = resume(1 + got);
			expect(told(next)).toEqual(all.slice(got));
			next.close(1006);
		}
	});

	test("SUB3 RES5 what is confirmed is let go of, over a change too", () => {
		const { timmy, ada, resume } = begin();
		sayAll(timmy, wave(1), bark(2));
		sayAll(ada, ask({ types: ["wave"] }));
		sayAll(timmy, wave(3));
		// Its joined, a bark, the answer and a wave.
		for (const received of [2, 3, 4]) sayAll(ada, { type: "ping", received });
		sayAll(timmy, bark(4), wave(5));
		ada.close(1006);
		expect(told(resume(4))).toEqual([5]);
	});

	test("SUB3 RES2 any number of messages that are not for it costs it nothing", () => {
		const { timmy, ada, resume } = begin();
		ada.close(1006);
		const enough = MAX_EXCEPTION_BYTES / 128 + 10;
		for (let n = 0; n < enough; n++)
			timmy.send(n % 100 === 0 ? bark(n) : wave(n));
		expect(told(resume(1))).toHaveLength(Math.ceil(enough / 100));
	});

	test("SUB3 LOG2 what the log had to let go of is a loss only where it was for it", () => {
		const world = createWorld({ maxLogBytes: 2_000 });
		const timmy = world.agent("timmy");
		const [quiet, loud] = [["bark"], ["wave"]].map((types) => {
			const client = register(world, types[0] as string, {
				...{ resume: true, subscribe: { types } },
			});
			const [ack] = client.messages();
			client.close(1006);
			return ack as Message;
		}) as [Message, Message];
		for (let n = 0; n < 50; n++) timmy.send(wave(n));
		timmy.send(bark(-1));
		const back = ({ agentId, session }: Message, received: number) =>
			register(world, String(agentId), { resume: { session, received } });
		// The first has got its own joined and that of the other.
		expect(told(back(quiet, 2))).toEqual([-1]);
		expect(back(loud, 1).messages()[0]).toMatchObject({ resumed: false });
	});
});
