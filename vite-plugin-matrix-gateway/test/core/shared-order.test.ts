/** What a gateway does that is one of several nodes of a world [ORD13, ORD14]. */
import { describe, expect, test } from "vitest";
import type { Command } from "../../src/core/world/command.ts";
import type { Message } from "./support/client.ts";
import { createSharedWorld, type SharedWorld } from "./support/shared-world.ts";

const isTick = ({ type }: Command) => type === "tick";

/** All that has its place, in the order; what came twice once. */
function commandsOf({ log }: SharedWorld): Command[] {
	const once = new Map(
		log.entries.map((entry) => [`${entry.node} ${entry.sequence}`, entry]),
	);
	return [...once.values()].flatMap(({ commands }) => commands);
}

/** What a client of a session says to go on. */
const claim = (ack: Message, received: number) => ({
	...{ session: ack.session, received },
});

describe("a node that begins", () => {
	// With what another node has of the world, and with all that has happened in it.
	test.each([1, 5])(
		"ORD1 who connects before it has read all that there is is told nothing until then (%i)",
		(seed) => {
			const world = createSharedWorld(seed);
			const first = world.start();
			const { client: timmy } = world.join(first, "timmy");
			timmy.send({ type: "scene", retain: { key: "tree" } });
			world.settle();
			const second = world.startBehind();
			world.nodeOf(second).isStalled = true;
			const [silent, speaker] = [second.connect(), second.connect()];
			speaker.send({ type: "bark" });
			second.host.advance(1_000);
			const early = second.connect();
			early.register("early");
			expect([silent, speaker, early].flatMap((one) => one.types())).toEqual(
				[],
			);
			world.nodeOf(second).isStalled = false;
			world.settle();
			for (const viewer of [silent, speaker]) {
				const [hello, scene] = viewer.messages();
				expect(hello).toMatchObject({
					type: "gateway_hello",
					agents: [{ agentId: "timmy" }],
				});
				expect(scene?.type).toBe("scene");
			}
			const [ack] = early.messages();
			expect(ack).toMatchObject({ agents: [{ agentId: "timmy" }] });
			expect(timmy.types()).toEqual(["bark", "agent_joined"]);
		},
	);

	test("ORD1 who has spoken before it began is a viewer then, and gets what is retained once", () => {
		const world = createSharedWorld();
		const first = world.start();
		const { client: timmy } = world.join(first, "timmy");
		timmy.send({ type: "scene", retain: { key: "tree" } });
		world.settle();
		const second = world.startBehind();
		const late = second.connect();
		late.send({ type: "bark" });
		late.register("late");
		world.settle();
		expect(late.types()).toEqual([
			...["gateway_hello", "scene", "agent_registered", "agent_joined"],
		]);
	});

	test("ORD2 a node with other options than those that are there is out, and says which one", () => {
		const world = createSharedWorld();
		const first = world.start({ resumeWindow: 60_000 });
		const second = world.startBehind({ resumeWindow: 30_000 });
		const early = second.connect();
		early.register("early");
		world.settle();
		expect(second.ended).toEqual([
			{
				code: "options",
				message:
					"all nodes of a world need the same options: resumeWindow is 30000 here, and 60000 for those that are there",
			},
		]);
		expect(early.socket.closing?.code).toBe(1012);
		expect(second.gateway.draining).toBe(true);
		expect(first.gateway.status().nodes).toHaveLength(1);
		expect(first.gateway.status().agents).toEqual([]);
	});

	test("ORD2 where nobody else is there, or all are replaced, a newcomer's options rule", () => {
		const world = createSharedWorld();
		const first = world.start({ maxLogBytes: 1_000_000 });
		world.log.vanish(first.gateway.nodeId);
		const second = world.start({ maxLogBytes: 2_000_000 }, [
			first.gateway.nodeId,
		]);
		expect(second.ended).toEqual([]);
		const { node } = world.nodeOf(second);
		expect(node.snapshot().options?.maxLogBytes).toBe(2_000_000);
		const third = world.start({ maxLogBytes: 1_000_000 });
		expect(third.ended).toHaveLength(1);
	});
});

describe("ticks", () => {
	test("ORD14 a node tells twice a second that it lives, and how it is", () => {
		const world = createSharedWorld();
		const node = world.start();
		world.join(node, "timmy");
		const before = commandsOf(world).filter(isTick).length;
		for (let i = 0; i < 6; i++) world.advance(500);
		const ticks = commandsOf(world).filter(isTick).slice(before);
		expect(ticks).toHaveLength(6);
		expect(ticks.at(-1)).toMatchObject({
			ms: 500,
			report: { connections: 1, viewers: 0, totals: { received: 1 } },
		});
	});

	test("ORD6 while the order does not answer no ticks pile up, and nobody's time passes", () => {
		const world = createSharedWorld();
		const node = world.start();
		const { client } = world.join(node, "timmy", true);
		client.close(1006);
		world.settle();
		world.nodeOf(node).isStalled = true;
		for (let i = 0; i < 300; i++) world.advance(500);
		world.nodeOf(node).isStalled = false;
		world.settle();
		world.advance(500);
		world.advance(500);
		expect(node.gateway.status().agents).toHaveLength(1);
		expect(commandsOf(world).filter(isTick).length).toBeLessThan(6);
	});
});

describe("a node that others miss", () => {
	test("ORD14 what is said of a node that has spoken since is void", () => {
		const world = createSharedWorld();
		const [first, second] = [world.start(), world.start()];
		world.log.miss(second.gateway.nodeId);
		world.nodeOf(first).isStalled = true;
		world.join(second, "timmy");
		world.nodeOf(first).isStalled = false;
		world.settle();
		const [gone] = commandsOf(world).filter(({ type }) => type === "gone");
		expect(gone).toBeDefined();
		expect(second.ended).toEqual([]);
		expect(first.gateway.status().agents).toHaveLength(1);
	});

	test("ORD13 a node that reads that it is gone tells its clients to come back, and does nothing more", () => {
		const world = createSharedWorld();
		const [first, second] = [world.start(), world.start()];
		const { client: timmy, ack } = world.join(second, "timmy", true);
		const { client: other } = world.join(second, "other");
		const watcher = first.connect();
		watcher.send({ type: "ping" });
		world.settle();
		watcher.messages();
		timmy.messages();
		other.messages();
		world.nodeOf(second).isStalled = true;
		world.log.miss(second.gateway.nodeId);
		world.settle();
		expect(watcher.types()).toEqual(["agent_left"]);
		timmy.send({ type: "lost" });
		world.nodeOf(second).isStalled = false;
		world.settle();
		for (const client of [timmy, other]) {
			expect(client.messages()).toEqual([]);
			expect(client.socket.closing).toEqual({
				...{ code: 1012, reason: "gateway restarting" },
			});
		}
		expect(second.ended).toMatchObject([{ code: "fenced" }]);
		const events = second.host.events.filter(({ event }) => event === "ended");
		expect(events).toHaveLength(1);
		expect(second.gateway.draining).toBe(true);
		const { ack: back } = world.join(first, "timmy", claim(ack, 2));
		expect(back).toMatchObject({ resumed: true, received: 0 });
		expect(watcher.types()).toEqual([]);
	});

	test("ORD13 who is replaced while it sleeps ends when it wakes, and tells its clients to come back", () => {
		const world = createSharedWorld();
		const first = world.start();
		const { client: ann } = world.join(first, "ann");
		world.nodeOf(first).isStalled = true;
		world.start({}, [first.gateway.nodeId]);
		world.nodeOf(first).isStalled = false;
		world.settle();
		expect(first.ended).toMatchObject([{ code: "fenced" }]);
		expect(ann.socket.closing?.code).toBe(1012);
	});

	test("ORD13 another one in its place replaces it: nobody is seen to leave", () => {
		const world = createSharedWorld();
		const [first, second] = [world.start(), world.start()];
		world.join(second, "timmy");
		const watcher = first.connect();
		watcher.send({ type: "ping" });
		world.settle();
		watcher.messages();
		const message = "what it has applied is lost";
		world.nodeOf(second).node.ended({ code: "lost", message });
		world.nodeOf(second).node.ended({ code: "lost", message });
		expect(second.ended).toEqual([{ code: "lost", message }]);
		const third = world.start({}, [second.gateway.nodeId]);
		world.join(third, "timmy");
		expect(watcher.types()).toEqual([]);
		const names = first.gateway.status().nodes?.map(({ id }) => id);
		expect(names).toEqual([first, third].map(({ gateway }) => gateway.nodeId));
	});

	test("ORD13 the end of a node that is out waits for its sockets alone", async () => {
		const world = createSharedWorld();
		const node = world.start();
		world.join(node, "timmy").client.socket.answers = false;
		world.nodeOf(node).node.ended({ code: "lost", message: "lost" });
		let isClosed = false;
		const closed = node.gateway.close().then(() => {
			isClosed = true;
		});
		await new Promise(setImmediate);
		expect(isClosed).toBe(false);
		node.host.advance(2_000);
		await closed;
		expect(node.host.timers).toBe(0);
	});
});

describe("tokens on several nodes", () => {
	const FORBIDDEN = { code: 4003, reason: "forbidden" };
	const grant = { key: "digest of s3cret" };

	function begin(seed: number) {
		const world = createSharedWorld(seed);
		const [first, second] = [world.start(), world.start()];
		const watcher = first.connect();
		watcher.send({ type: "ping" });
		const { client: timmy, ack } = world.join(second, "timmy", true, grant);
		const viewer = second.connect(grant);
		viewer.send({ type: "ping" });
		world.settle();
		watcher.messages();
		return { world, first, second, watcher, timmy, ack, viewer };
	}

	test.each([1, 2, 3])(
		"AUTH5 what is revoked on one is closed on all, and comes in nowhere (%i)",
		(seed) => {
			const { world, first, second, watcher, timmy, viewer } = begin(seed);
			first.gateway.revoke("s3cret");
			world.settle();
			for (const { socket } of [timmy, viewer])
				expect(socket.closing).toEqual(FORBIDDEN);
			expect(watcher.messages()).toMatchObject([
				{ type: "agent_left", agentId: "timmy", reason: "revoked" },
			]);
			const third = world.start();
			for (const { gateway } of [first, second, third])
				expect(gateway.isRevoked(grant)).toBe(true);
			const late = third.connect(grant);
			expect(late.socket.closing?.code).toBe(4001);
		},
	);

	test("AUTH5 who is there on another is disconnected from here: agents known, viewers too", () => {
		const { world, first, timmy, viewer } = begin(4);
		expect(first.gateway.disconnect({ agentId: "timmy" })).toBe(true);
		expect(first.gateway.disconnect({ connectionId: viewer.id })).toBe(false);
		world.settle();
		for (const { socket } of [timmy, viewer])
			expect(socket.closing).toEqual(FORBIDDEN);
		expect(first.gateway.disconnect({ agentId: "timmy" })).toBe(false);
	});

	test("AUTH5 a registration that was on its way is not done by rights that are gone", () => {
		const { world, first, second, watcher, timmy } = begin(5);
		world.nodeOf(second).isStalled = true;
		timmy.register("other");
		first.gateway.regrant(grant.key, { agents: ["timmy"] });
		world.settle();
		world.nodeOf(second).isStalled = false;
		world.settle();
		expect(timmy.socket.closing).toEqual(FORBIDDEN);
		expect(watcher.messages().at(-1)).toMatchObject({
			...{ type: "agent_left", reason: "revoked" },
		});
		expect(first.gateway.status().agents).toEqual([]);
	});

	test("AUTH4 a session that is away ends with its grant by the ticks of the first, though its node is gone", () => {
		const { world, first, second, watcher } = begin(6);
		const expires = first.host.now() + 5_000;
		world.join(second, "brief", true, { key: "k", expires });
		watcher.messages();
		world.log.vanish(second.gateway.nodeId);
		for (let n = 0; n < 8; n++) world.advance(500);
		expect(watcher.messages()).toEqual([]);
		for (let n = 0; n < 4; n++) world.advance(500);
		expect(watcher.messages()).toMatchObject([
			{ type: "agent_left", agentId: "brief", reason: "expired" },
		]);
	});

	test("AUTH6 AUTH4 another token, shown on one node, counts on all", async () => {
		const { world, first, second, watcher } = begin(7);
		const expires = first.host.now() + 2_000;
		const later = { key: "later", expires: expires + 60_000 };
		const client = second.connect({ key: "k", expires }, async () => later);
		client.send({ type: "agent_register", agentId: "brief", resume: true });
		client.send({ type: "auth_refresh", token: "later" });
		await new Promise(setImmediate);
		world.settle();
		expect(client.messages().at(-1)).toMatchObject({ type: "gateway_auth" });
		client.close(1006);
		world.settle();
		watcher.messages();
		for (let n = 0; n < 8; n++) world.advance(500);
		expect(watcher.messages()).toEqual([]);
		first.gateway.regrant("later", null);
		world.settle();
		expect(watcher.messages()).toMatchObject([
			{ type: "agent_left", agentId: "brief", reason: "revoked" },
		]);
	});
});

describe("history that is cut", () => {
	test("ORD17 who has seen what is lost is told so; all others go on", () => {
		const world = createSharedWorld();
		const [first, second, third] = [
			world.start(),
			world.start(),
			world.start(),
		];
		const { client: ann, ack: annsAck } = world.join(first, "ann", true);
		const { client: ben, ack: bensAck } = world.join(second, "ben", true);
		const { client: eve } = world.join(third, "eve");
		world.settle();
		const counts = [ann, ben].map((client) => client.messages().length);
		for (const node of [first, third]) world.nodeOf(node).isStalled = true;
		ben.send({ type: "bark", target_id: "ben" });
		world.settle();
		expect(ben.types()).toEqual(["bark"]);
		world.log.lose(first.gateway.nodeId);
		for (const node of [first, third]) world.nodeOf(node).isStalled = false;
		world.settle();
		expect(second.ended).toMatchObject([{ code: "lost" }]);
		expect(third.ended).toEqual([]);
		expect(eve.socket.closing).toBeUndefined();
		expect(ann.socket.closing?.code).toBe(1012);
		const anns = claim(annsAck, 1 + (counts[0] as number));
		const bens = claim(bensAck, 1 + (counts[1] as number));
		// As many are ordered since as are lost.
		eve.send({ type: "bark", target_id: "ben" });
		world.settle();
		expect(world.join(third, "ann", anns).ack).toMatchObject({ resumed: true });
		const fourth = world.start({}, [second.gateway.nodeId]);
		const { ack } = world.join(fourth, "ben", {
			...bens,
			received: bens.received + 1,
		});
		expect(ack).toMatchObject({ resumed: false });
	});
});

describe("history that is lost while no node is there", () => {
	/** Two nodes with an agent each, of which one has seen so many frames more than the log has at last. */
	function loseFrames(frames: number) {
		const world = createSharedWorld();
		const [first, second] = [world.start(), world.start()];
		const { client: ann, ack } = world.join(first, "ann", true);
		world.join(second, "ben", true);
		const received = ann.messages().length + 1;
		world.nodeOf(second).isStalled = true;
		for (let n = 0; n < frames; n++)
			ann.send({ type: "bark", target_id: "ann" });
		world.settle();
		expect(ann.messages()).toHaveLength(frames);
		world.log.loseAll(second.gateway.nodeId);
		return { world, claim: claim(ack, received + frames) };
	}

	test.each([0, 2])(
		"ORD17 who has seen what is lost is told so, whether it is overtaken by now or not: %i frames since",
		(since) => {
			const { world, claim } = loseFrames(2);
			const third = world.start();
			const { client: eve } = world.join(third, "eve");
			for (let n = 0; n < since; n++)
				eve.send({ type: "bark", target_id: "ann" });
			world.settle();
			// Those who were there may be there yet, and then nothing is lost.
			const { client } = world.join(third, "ann", claim);
			expect(client.socket.closing?.code).toBe(4204);
			world.log.missAll();
			world.settle();
			const { ack } = world.join(third, "ann", claim);
			expect(ack).toMatchObject({ resumed: false });
		},
	);

	test("ORD17 who has seen no more than is left goes on", () => {
		const { world, claim } = loseFrames(0);
		const third = world.start();
		const { ack } = world.join(third, "ann", claim);
		expect(ack).toMatchObject({ resumed: true });
	});

	test("ORD17 RES3 who was told of what came after a node had begun goes on when its own, which said nothing else, is gone", () => {
		const world = createSharedWorld();
		const first = world.start();
		const { client: ann, ack } = world.join(first, "ann", true);
		const second = world.start();
		world.join(second, "eve");
		expect(ann.types()).toEqual(["agent_joined"]);
		world.log.vanish(first.gateway.nodeId);
		world.settle();
		// Its own joined came with the answer.
		const { ack: back } = world.join(second, "ann", claim(ack, 2));
		expect(back).toMatchObject({ resumed: true });
	});

	test("ORD17 RES3 ORD13 who is on a node that was missed behind another's beginning is told of nothing that would cost its session", () => {
		const world = createSharedWorld();
		const first = world.start();
		const { client: ann, ack } = world.join(first, "ann", true);
		world.nodeOf(first).isStalled = true;
		const second = world.start();
		world.join(second, "eve");
		world.log.miss(first.gateway.nodeId);
		world.settle();
		world.nodeOf(first).isStalled = false;
		world.settle();
		expect(first.ended).toMatchObject([{ code: "fenced" }]);
		const told = ann.types().filter((type) => type === "agent_joined");
		const claimed = claim(ack, 1 + told.length);
		const { ack: back } = world.join(second, "ann", claimed);
		expect(back).toMatchObject({ resumed: true });
	});

	test("ORD17 nobody is in doubt once a node has spoken that was there before another one began", () => {
		const world = createSharedWorld();
		const [first, second] = [world.start(), world.start()];
		const { client: ann, ack } = world.join(first, "ann", true);
		for (const node of [first, second]) world.nodeOf(node).isStalled = true;
		const third = world.start();
		const { client: eve } = world.join(third, "eve");
		eve.send({ type: "bark", target_id: "ann" });
		world.settle();
		// By its count it may have got what is lost, or what it cannot have been told yet.
		const received = ann.messages().length + 2;
		const { client } = world.join(third, "ann", claim(ack, received));
		expect(client.socket.closing?.code).toBe(4204);
		world.nodeOf(second).isStalled = false;
		second.host.advance(500);
		world.settle();
		const { ack: back } = world.join(third, "ann", claim(ack, received));
		expect(back).toMatchObject({ resumed: true });
	});
});

describe("an order that takes no more", () => {
	test("ERR4 RES2 messages are refused, which a session counts; pings and ends are not", () => {
		const world = createSharedWorld();
		const node = world.start();
		const { client: timmy } = world.join(node, "timmy", true);
		const { client: other } = world.join(node, "other");
		world.settle();
		timmy.messages();
		world.nodeOf(node).isFull = true;
		timmy.send({ type: "bark" });
		timmy.send({ type: "note", target_id: "other", receipt: "r1" });
		timmy.register("third");
		timmy.send({ type: "ping", received: 1 });
		other.close();
		world.settle();
		expect(timmy.messages()).toMatchObject([
			{ type: "gateway_error", code: "try_again" },
			{ type: "gateway_error", code: "try_again", receipt: "r1" },
			{ type: "gateway_error", code: "try_again" },
			{ type: "pong", received: 3 },
			{ type: "agent_left", agentId: "other" },
		]);
		world.nodeOf(node).isFull = false;
		timmy.register("third");
		world.settle();
		expect(timmy.types()).toEqual(["agent_registered", "agent_joined"]);
	});

	test("ERR4 who has to register first comes back later, and who goes on all the same is closed", () => {
		const world = createSharedWorld();
		const node = world.start();
		const { client: timmy } = world.join(node, "timmy");
		const { client: pinger } = world.join(node, "pinger");
		world.nodeOf(node).isFull = true;
		world.nodeOf(node).isStalled = true;
		const late = node.connect();
		late.register("late");
		expect(late.socket.closing?.code).toBe(4204);
		for (let i = 0; i < 500; i++) {
			timmy.send({ type: "bark" });
			pinger.send({ type: "ping" });
		}
		for (const client of [timmy, pinger])
			expect(client.socket.closing?.code).toBe(4202);
	});
});

describe("an order that is behind", () => {
	test("HTTP2 it is not ready, and who is connected stays", () => {
		const world = createSharedWorld();
		const node = world.start();
		const { client } = world.join(node, "timmy");
		expect(node.gateway.ready).toBe(true);
		const behind = { state: "behind", reason: "it does not answer" } as const;
		world.nodeOf(node).health = behind;
		expect(node.gateway.ready).toBe(false);
		expect(node.gateway.draining).toBe(false);
		expect(node.gateway.status()).toMatchObject({
			...{ status: "behind", order: behind },
		});
		expect(client.socket.closing).toBeUndefined();
	});
});

describe("shutdown of one of several", () => {
	test("SH5 its sessions wait and are resumed on another, its other agents leave once", async () => {
		const world = createSharedWorld();
		const [first, second] = [world.start(), world.start()];
		const { client: timmy, ack } = world.join(first, "timmy", true);
		world.join(first, "other");
		const { client: watcher } = world.join(second, "watcher");
		world.settle();
		timmy.messages();
		watcher.messages();
		const closed = first.gateway.close();
		world.settle();
		await closed;
		world.settle();
		expect(timmy.types()).toEqual(["gateway_shutdown"]);
		expect(timmy.socket.closing?.code).toBe(1001);
		watcher.send({ type: "note", target_id: "timmy" });
		expect(watcher.messages()).toMatchObject([
			{ type: "agent_left", agentId: "other", reason: "closed" },
		]);
		const { client: back, ack: again } = world.join(
			...([second, "timmy", claim(ack, 4)] as const),
		);
		expect(again).toMatchObject({ resumed: true });
		expect(back.socket.closing).toBeUndefined();
		expect(second.gateway.status().nodes).toHaveLength(1);
		expect(first.host.timers).toBe(0);
	});

	test("SH5 sessions wait where the last node goes too, and for who comes then", async () => {
		const world = createSharedWorld();
		const first = world.start();
		const { ack } = world.join(first, "timmy", true);
		const closed = first.gateway.close();
		world.settle();
		await closed;
		world.settle();
		const second = world.start();
		const { ack: again } = world.join(second, "timmy", claim(ack, 2));
		expect(again).toMatchObject({ resumed: true });
	});
});

describe("status", () => {
	test("HTTP1 each node tells of all, without asking them", () => {
		const world = createSharedWorld();
		const [first, second] = [world.start(), world.start()];
		const { client: timmy } = world.join(second, "timmy");
		timmy.send({ type: "bark" });
		second.connect().send({ type: "ping" });
		world.settle();
		world.advance(500);
		world.advance(500);
		const status = first.gateway.status();
		expect(status.node).toBe(first.gateway.nodeId);
		expect(status.nodes).toMatchObject([
			{ id: first.gateway.nodeId, connections: 0 },
			{
				id: second.gateway.nodeId,
				connections: 2,
				viewers: 1,
				totals: { received: 3 },
			},
		]);
		expect(status.agents).toMatchObject([
			{ agentId: "timmy", node: second.gateway.nodeId, received: 2 },
		]);
		expect(status.totals).toMatchObject({ received: 0, broadcast: 1 });
	});
});
