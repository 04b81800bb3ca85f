/** What outlives a gateway: its order keeps what was appended, or another one is handed its world. */
import { describe, expect, test } from "vitest";
import { continueInMemory } from "../../src/core/order/memory.ts";
import { DEFAULTS } from "../../src/core/protocol/protocol.ts";
import type { WorldSnapshot } from "../../src/core/world/snapshot.ts";
import { createClient } from "./support/client.ts";
import { createKeptLog } from "./support/kept-log.ts";
import { type Arrival, type Process, startProcess } from "./support/process.ts";

const { resumeWindow } = DEFAULTS;

/** What a client shows to go on, having got so many messages. */
const claim = ({ ack }: Arrival, received: number) => ({
	session: ack.session,
	received,
});

const names = ({ gateway }: Process) =>
	gateway.status().agents.map(({ agentId, state }) => `${agentId} ${state}`);

describe("a gateway that ends without a word, and one that goes on from what was kept", () => {
	/** Timmy and Ada have sessions, and Plain has none; each has got its own joined and the later ones. */
	function arrange() {
		const log = createKeptLog();
		const first = startProcess(log.createOrder);
		const timmy = first.join("timmy", true);
		const ada = first.join("ada", true);
		const plain = first.join("plain");
		first.host.turn();
		return {
			...{ log, first, timmy, ada, plain },
			restart(atSnapshot = false) {
				if (atSnapshot) log.snapshot();
				log.kill();
				return startProcess(log.createOrder);
			},
		};
	}

	test.each([false, true])(
		"SH3 everyone is there, the scene is, and clients go on where they were (snapshot: %s)",
		(atSnapshot) => {
			const { first, timmy, ada, restart } = arrange();
			const tree = { type: "scene_add", retain: { key: "tree" } };
			timmy.client.send(tree);
			ada.client.send({ type: "chat", n: 1 });
			first.host.turn();
			const second = restart(atSnapshot);
			expect(names(second)).toEqual([
				"timmy detached",
				"ada detached",
				"plain detached",
			]);
			const viewer = second.connect();
			second.host.advance(DEFAULTS.registerTimeout);
			expect(viewer.messages()).toMatchObject([
				{ type: "gateway_hello", agents: [{}, {}, {}] },
				tree,
			]);
			// Of all four that were for it, it has got the three joined.
			const back = second.join("timmy", claim(timmy, 3));
			expect(back.ack).toMatchObject({ resumed: true, received: 1 });
			expect(back.rest).toEqual([{ type: "chat", n: 1 }]);
			const adaBack = second.join("ada", claim(ada, 2));
			expect(adaBack.ack).toMatchObject({ resumed: true, received: 1 });
			expect(adaBack.rest).toEqual([tree]);
			back.client.send({ type: "chat", n: 2 });
			expect(adaBack.client.messages()).toEqual([{ type: "chat", n: 2 }]);
			expect(viewer.types()).toEqual(["chat"]);
		},
	);

	test("SH3 where there is no room for all to wait, names without a session go first", () => {
		const log = createKeptLog();
		const options = { maxDetachedSessions: 2 };
		const first = startProcess(log.createOrder, options);
		const timmy = first.join("timmy", true);
		for (const name of ["plain", "simple"]) first.join(name);
		first.host.turn();
		log.kill();
		const second = startProcess(log.createOrder, options);
		expect(names(second)).toEqual(["timmy detached", "simple detached"]);
		const back = second.join("timmy", claim(timmy, 3));
		expect(back.ack).toMatchObject({ resumed: true });
	});

	test("ORD16 what was applied and not kept has never been: nobody was told, and its sender sends it again", () => {
		const { timmy, ada, log, first } = arrange();
		timmy.client.send({ type: "chat", n: 1 });
		// Not at the end of the turn, in which it would have been told.
		log.kill();
		const second = startProcess(log.createOrder);
		const back = second.join("timmy", claim(timmy, 3));
		expect(back.ack).toMatchObject({ resumed: true, received: 0 });
		back.client.send({ type: "chat", n: 1 });
		expect(second.join("ada", claim(ada, 2)).rest).toEqual([
			{ type: "chat", n: 1 },
		]);
		expect(first.broken).toEqual([]);
	});

	test("ORD16 nobody is told, nor closed, before what it comes of is kept", () => {
		const { log, ada, first } = arrange();
		ada.client.send({ type: "chat" });
		// It takes the name over, and the loser is written to and closed at once.
		first.join("ada");
		expect(ada.client.socket.closing?.code).toBe(4009);
		const joins = log.commands.filter(({ type }) => type === "join");
		expect(joins).toHaveLength(4);
	});

	test("RCPT2 SH3 a receipt that was owed is given by the next one", () => {
		const { first, timmy, ada, restart } = arrange();
		ada.client.close(1006);
		const message = { type: "ask", target_id: "ada", receipt: "m-1" };
		timmy.client.send(message);
		expect(timmy.client.messages()).toMatchObject([
			...[{ agentId: "ada" }, { agentId: "plain" }],
			{ type: "gateway_receipt", status: "queued" },
		]);
		first.host.turn();
		const second = restart();
		const back = second.join("timmy", claim(timmy, 4));
		expect(second.join("ada", claim(ada, 2)).rest).toEqual([message]);
		expect(back.client.messages()).toMatchObject([
			{ type: "gateway_receipt", id: "m-1", status: "delivered" },
		]);
	});

	test("SH3 an agent without a session is there until it is back, and nobody sees it go or come", () => {
		const { timmy, restart } = arrange();
		const second = restart();
		const back = second.join("timmy", claim(timmy, 3));
		const plain = second.join("plain");
		expect(plain.ack).toMatchObject({ agents: [{}, {}] });
		expect(plain.rest).toEqual([
			{ type: "agent_joined", agentId: "plain", role: "agent" },
		]);
		plain.client.send({ type: "marker" });
		expect(back.client.types()).toEqual(["marker"]);
		expect(names(second)).toEqual([
			...["timmy online", "ada detached", "plain online"],
		]);
	});

	test("SH3 REG5 in another role it is replaced for others, and for itself has but joined", () => {
		const { timmy, restart } = arrange();
		const second = restart();
		const back = second.join("timmy", claim(timmy, 3));
		const plain = second.connect();
		plain.register("plain", "browser");
		expect(plain.messages()).toMatchObject([
			{ type: "agent_registered" },
			{ type: "agent_joined", agentId: "plain", role: "browser" },
		]);
		expect(back.client.messages()).toMatchObject([
			{ type: "agent_left", role: "agent", reason: "replaced" },
			{ type: "agent_joined", role: "browser" },
		]);
		expect(second.host.events).not.toContainEqual(
			expect.objectContaining({ event: "replaced" }),
		);
	});

	test("SH3 RES4 who does not come back within the window leaves, with a session or without", () => {
		const { timmy, restart } = arrange();
		const second = restart();
		const back = second.join("timmy", claim(timmy, 3));
		second.host.advance(resumeWindow - 1);
		expect(back.client.types()).toEqual([]);
		second.host.advance(1);
		expect(back.client.messages()).toMatchObject([
			{ type: "agent_left", agentId: "plain", reason: "expired" },
			{ type: "agent_left", agentId: "ada", reason: "expired" },
		]);
	});

	test("SH3 who was away before goes on waiting for what was left of its window", () => {
		const { first, ada, timmy, restart } = arrange();
		ada.client.close(1006);
		first.host.advance(resumeWindow - 1_000);
		timmy.client.send({ type: "chat" });
		first.host.turn();
		const second = restart();
		second.host.advance(999);
		expect(names(second)).toContain("ada detached");
		second.host.advance(2);
		expect(names(second)).toEqual(["timmy detached", "plain detached"]);
	});

	test("SH3 a second restart is like the first", () => {
		const { timmy, restart, log } = arrange();
		restart();
		log.snapshot();
		log.kill();
		const third = startProcess(log.createOrder);
		const { ack } = third.join("timmy", claim(timmy, 3));
		expect(ack).toMatchObject({ resumed: true, received: 0 });
	});

	test("SH1 SH3 a shutdown ends no session and lets nobody leave, and its message is counted", async () => {
		const { log, first, timmy, ada, plain } = arrange();
		const closed = first.gateway.close();
		for (const { client } of [timmy, ada, plain]) {
			expect(client.types().at(-1)).toBe("gateway_shutdown");
			expect(client.socket.closing?.code).toBe(1001);
		}
		await closed;
		const second = startProcess(log.createOrder);
		expect(second.join("timmy", claim(timmy, 4))).toMatchObject({
			...{ ack: { resumed: true }, rest: [] },
		});
		expect(second.join("ada", claim(ada, 2)).rest).toMatchObject([
			{ type: "gateway_shutdown" },
		]);
		expect(names(second)).toContain("plain detached");
	});

	test("ERR3 what cannot be applied again is told to who starts the next one", () => {
		const { log } = arrange();
		log.kill();
		expect(() =>
			startProcess((node) => {
				const error = new Error("planted");
				node.restore({
					get time(): number {
						throw error;
					},
				} as WorldSnapshot);
				return log.createOrder(node);
			}),
		).toThrow("planted");
	});
});

describe("a power cut, after which less is kept than clients were told", () => {
	/** Ada has been told of ten messages of Timmy's, of which four are safe. */
	function arrange() {
		const log = createKeptLog();
		const first = startProcess(log.createOrder);
		const timmy = first.join("timmy", true);
		const ada = first.join("ada", true);
		for (let n = 0; n < 10; n++) {
			timmy.client.send({ type: "chat", n });
			first.host.turn();
			if (n === 3) log.sync();
		}
		expect(ada.client.messages()).toHaveLength(10);
		log.cutPower(0);
		return { timmy, ada, second: startProcess(log.createOrder) };
	}

	test("ORD17 RES4 who has got more than was kept is told so, and is not closed", () => {
		const { ada, second } = arrange();
		const { ack, client } = second.join("ada", claim(ada, 11));
		expect(ack).toMatchObject({ resumed: false });
		expect(client.socket.closing).toBeUndefined();
	});

	test("ORD17 so it is where new messages have taken those numbers since", () => {
		const { timmy, ada, second } = arrange();
		const back = second.join("timmy", claim(timmy, 2));
		expect(back.ack).toMatchObject({ resumed: true, received: 4 });
		for (let n = 0; n < 20; n++) back.client.send({ type: "chat", n });
		expect(second.join("ada", claim(ada, 11)).ack).toMatchObject({
			resumed: false,
		});
	});

	test("ORD17 RES3 who has got no more than that goes on, and then claims what it likes to have got since", () => {
		const { timmy, ada, second } = arrange();
		const back = second.join("timmy", claim(timmy, 2));
		for (let n = 4; n < 20; n++) back.client.send({ type: "chat", n });
		// Its own joined, and four.
		const again = second.join("ada", claim(ada, 5));
		expect(again.ack).toMatchObject({ resumed: true });
		expect(again.rest).toHaveLength(16);
		again.client.close(1006);
		const { ack, rest } = second.join("ada", claim(ada, 21));
		expect([ack.resumed, rest]).toEqual([true, []]);
		const impossible = second.join("ada", claim(ada, 22));
		expect(impossible.client.socket.closing?.code).toBe(4002);
	});
});

describe("what a client may forget", () => {
	const pong = (received: number) => ({ type: "pong", received });

	function arrange() {
		const log = createKeptLog();
		const { host, join } = startProcess(log.createOrder);
		const { client, ack } = join("timmy", true);
		return {
			...{ log, client, ack, join, host },
			/** Says so much, and asks what has come of it. */
			ask(messages: number) {
				for (let n = 0; n < messages; n++) client.send({ type: "chat" });
				client.send({ type: "ping" });
				return client.messages();
			},
		};
	}

	test("ORD16 RES5 a pong tells what is safe, and another one tells the rest once that is", () => {
		const { log, client, ask } = arrange();
		expect(ask(3)).toEqual([pong(0)]);
		expect(ask(1)).toEqual([pong(0)]);
		log.sync(2);
		// What was asked first, and then what was asked meanwhile.
		expect(client.messages()).toEqual([pong(3)]);
		log.sync();
		expect(client.messages()).toEqual([pong(4)]);
		expect(ask(0)).toEqual([pong(4)]);
		log.sync();
		expect(client.messages()).toEqual([]);
	});

	test("ORD16 RES5 what is safe with what was asked first is told with it", () => {
		const { log, client, ask } = arrange();
		ask(3);
		ask(1);
		log.sync();
		expect(client.messages()).toEqual([pong(4)]);
	});

	test("ORD16 after a resume it is never less than its answer told", () => {
		const { ask, ack, join, log } = arrange();
		ask(3);
		const again = join("timmy", { session: ack.session, received: 1 });
		expect(again.ack).toMatchObject({ resumed: true, received: 3 });
		again.client.send({ type: "chat" });
		again.client.send({ type: "ping" });
		expect(again.client.messages()).toEqual([pong(3)]);
		log.sync();
		expect(again.client.messages()).toEqual([pong(4)]);
	});

	test("ORD16 what was safe in one session says nothing of the next on its connection", () => {
		const { log, client, ask } = arrange();
		ask(3);
		client.send({ type: "agent_unregister", agentId: "timmy" });
		client.send({ type: "agent_register", agentId: "timmy", resume: true });
		client.messages();
		expect(ask(2)).toEqual([pong(0)]);
		log.sync();
		expect(client.messages()).toEqual([pong(2)]);
	});

	test("ORD16 whoever has gone meanwhile is told no more", () => {
		const { log, client, ask, host } = arrange();
		ask(3);
		client.close(1006);
		const { length } = client.socket.writes;
		log.sync();
		host.turn();
		expect(client.socket.writes).toHaveLength(length);
	});
});

describe("an order that fares badly", () => {
	test("HTTP1 HTTP2 the status says so, and the gateway goes on", () => {
		const log = createKeptLog();
		const { gateway } = startProcess(log.createOrder);
		expect(gateway.status()).not.toHaveProperty("order");
		log.health = { state: "ok" };
		expect(gateway.status()).toMatchObject({
			...{ status: "ok", order: { state: "ok" } },
		});
		log.health = { state: "degraded", reason: "The disk is full." };
		expect(gateway.status()).toMatchObject({
			...{ status: "degraded", order: log.health },
		});
		expect(gateway.health).toEqual(log.health);
		expect(gateway.ready).toBe(true);
		void gateway.close();
		expect(gateway.status().status).toBe("draining");
		expect(gateway.ready).toBe(false);
	});
});

describe("a world that is handed over", () => {
	function arrange() {
		const first = startProcess();
		const timmy = first.join("timmy", true);
		const ada = first.join("ada", true);
		const plain = first.join("plain");
		return { first, timmy, ada, plain };
	}

	test("SH3 everyone is told and closed, and goes on at the next gateway as if nothing had been", async () => {
		const { first, timmy, ada, plain } = arrange();
		timmy.client.send({ type: "tree", retain: { key: "tree" } });
		const over = first.gateway.handOver({ reason: "restart" });
		// Too late to be done: it is sent again.
		timmy.client.send({ type: "chat" });
		for (const { client } of [timmy, ada, plain])
			expect(client.socket.closing?.code).toBe(1012);
		first.host.turn();
		const world = (await over) as WorldSnapshot;
		const second = startProcess(continueInMemory(world));
		expect(second.join("timmy", claim(timmy, 3))).toMatchObject({
			ack: { resumed: true, received: 1 },
			rest: [{ type: "gateway_shutdown" }],
		});
		const back = second.join("ada", claim(ada, 2));
		expect(back.rest).toMatchObject([
			{ type: "tree" },
			{ type: "gateway_shutdown" },
		]);
		second.join("plain", true);
		const { client, ack } = second.join("late");
		expect(ack.agents).toHaveLength(3);
		client.send({ type: "marker" });
		expect(back.client.types()).toEqual(["agent_joined", "marker"]);
	});

	test("SH3 nothing is handed over by a gateway that ends, or has", async () => {
		const { first } = arrange();
		const closed = first.gateway.close();
		first.host.turn();
		await closed;
		expect(await first.gateway.handOver()).toBeUndefined();
	});

	test("SH3 where the next one gives no sessions, nobody is waited for", async () => {
		const { first } = arrange();
		const over = first.gateway.handOver();
		first.host.turn();
		const world = (await over) as WorldSnapshot;
		const second = startProcess(continueInMemory(world), { resumeWindow: 0 });
		second.host.advance(1);
		expect(names(second)).toEqual([]);
	});

	test("GRANT1 RES3 who was not sent all types goes on so, and what is of no known type is not sent", async () => {
		const first = startProcess();
		const grant = { subscribe: ["bark"] };
		const ada = createClient(first.gateway, first.host, grant);
		ada.send({ type: "agent_register", agentId: "ada", resume: true });
		const [ack] = ada.messages();
		const { client: timmy } = first.join("timmy");
		ada.messages();
		for (const type of ["wave", "bark", "wave"])
			timmy.send({ type, retain: { key: type } });
		const over = first.gateway.handOver({ reason: "restart" });
		first.host.turn();
		const left = (await over) as WorldSnapshot;
		const { retained } = left;
		const old = retained.map(({ messageType: _, ...kept }) => kept);
		for (const [snapshot, kept] of [
			[left, ["bark"]],
			// As it was cut before types were kept.
			[{ ...left, retained: old }, []],
		] as const) {
			const second = startProcess(continueInMemory(snapshot));
			const viewer = createClient(second.gateway, second.host, grant);
			viewer.send({ type: "ping" });
			expect(viewer.types().slice(1, -1)).toEqual(kept);
			const back = createClient(second.gateway, second.host, grant);
			const resume = { session: ack?.session, received: 2 };
			back.send({ type: "agent_register", agentId: "ada", resume });
			expect(back.messages()).toMatchObject([
				{ resumed: true },
				{ type: "bark" },
				{ type: "gateway_shutdown" },
			]);
		}
	});
});

describe("tokens, and a gateway that goes on", () => {
	const key = "digest of s3cret";

	function arrange() {
		const log = createKeptLog();
		const first = startProcess(log.createOrder);
		const join = (agentId: string, more: object) => {
			const client = first.connect({ key, ...more });
			client.send({ type: "agent_register", agentId, resume: true });
			return client;
		};
		return { log, first, join };
	}

	test.each([false, true])(
		"AUTH5 SH3 what was revoked is, and what lives by a key is known by it (snapshot: %s)",
		(atSnapshot) => {
			const { log, first, join } = arrange();
			join("timmy", {});
			join("ada", { key: "other" });
			first.gateway.revoke("old");
			first.host.turn();
			if (atSnapshot) log.snapshot();
			log.kill();
			const second = startProcess(log.createOrder);
			expect(second.gateway.isRevoked({ key: "digest of old" })).toBe(true);
			expect(second.gateway.isRevoked({ key })).toBe(false);
			expect(names(second)).toEqual(["timmy detached", "ada detached"]);
			second.gateway.revoke("s3cret");
			expect(names(second)).toEqual(["ada detached"]);
			const late = second.connect({ key: "digest of old" });
			expect(late.socket.closing?.code).toBe(4001);
		},
	);

	test.each([false, true])(
		"AUTH4 SH3 a session whose grant ended meanwhile ends; others wait (snapshot: %s)",
		(atSnapshot) => {
			const { log, first, join } = arrange();
			const now = first.host.now();
			join("timmy", { expires: now + 5_000 });
			join("ada", { expires: now + 50_000 });
			first.host.turn();
			if (atSnapshot) log.snapshot();
			log.kill();
			const second = startProcess(log.createOrder);
			second.host.advance(4_000);
			expect(names(second)).toEqual(["timmy detached", "ada detached"]);
			second.host.advance(2_000);
			expect(names(second)).toEqual(["ada detached"]);
		},
	);

	test("SH3 a world that was cut before there were keys is read as one that has none", async () => {
		const { first, join } = arrange();
		join("timmy", { expires: first.host.now() + 5_000 });
		first.gateway.revoke("old");
		const left = first.gateway.handOver({ timeout: 0 });
		first.host.advance(1);
		const { revoked, peers, ...rest } = (await left) as WorldSnapshot;
		expect(revoked).toEqual(["digest of old"]);
		const old = {
			...rest,
			peers: peers.map(({ key: _key, expires: _expires, ...peer }) => peer),
		};
		const second = startProcess(continueInMemory(old));
		second.host.advance(10_000);
		expect(names(second)).toEqual(["timmy detached"]);
		expect(second.gateway.isRevoked({ key: "digest of old" })).toBe(false);
	});
});
