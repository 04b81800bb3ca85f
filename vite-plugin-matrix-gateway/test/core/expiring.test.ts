/** Grants that end while somebody lives by them. */
import { describe, expect, test } from "vitest";
import type { Message } from "./support/client.ts";
import { createWorld as create, type World } from "./support/world.ts";

// Nobody here answers pings.
const createWorld = (options = {}) =>
	create({ heartbeatInterval: 0, ...options });

const EXPIRED = { code: 4101, reason: "token expired" };

const left = (agentId: string) => ({
	...{ type: "agent_left", agentId, reason: "expired" },
});

/** Lives by a grant that ends so many milliseconds from now. */
function ending({ host }: World, milliseconds: number) {
	return { key: "k", expires: host.now() + milliseconds };
}

function startSession(world: World, milliseconds: number, agentId = "timmy") {
	const client = world.connect(ending(world, milliseconds));
	client.send({ type: "agent_register", agentId, resume: true });
	const [ack] = client.messages();
	return { client, ack: ack as Message };
}

describe("a connection whose grant ends", () => {
	test("AUTH4 the greetings say when", () => {
		const world = createWorld();
		const { client, ack } = startSession(world, 90_000);
		expect(ack.expires).toBe(90);
		world.host.advance(30_000);
		client.register("twin");
		expect(client.messages()[0]).toMatchObject({
			...{ type: "agent_registered", expires: 60 },
		});
		const viewer = world.connect(ending(world, 1_500));
		viewer.send({ type: "ping" });
		expect(viewer.messages()[0]).toMatchObject({
			...{ type: "gateway_hello", expires: 1.5 },
		});
		const other = world.connect({});
		other.register("other");
		expect(other.messages()[0]).not.toHaveProperty("expires");
		client.close(1006);
		const back = world.connect(ending(world, 5_000));
		const resume = { session: ack.session, received: 0 };
		back.send({ type: "agent_register", agentId: "timmy", resume });
		const [resumed, ...missed] = back.messages();
		expect(resumed).toMatchObject({ resumed: true, expires: 5 });
		// The answer for the twin is of a connection that is no more.
		expect(missed[1]).toMatchObject({ type: "agent_registered" });
		expect(missed[1]).not.toHaveProperty("expires");
	});

	test("AUTH4 it is closed with 4101 within a second: agents, viewers, newcomers; nobody else", () => {
		const world = createWorld();
		const { agent, viewer, connect, host } = world;
		const grant = ending(world, 10_000);
		const clients = [
			...[agent("timmy", "agent", grant), viewer(grant), connect(grant)],
		];
		const later = agent("later", "agent", ending(world, 10_100));
		const endless = [agent("other"), agent("more", "agent", { expires: 1e99 })];
		host.advance(grant.expires - host.now() - 1);
		for (const { socket } of clients) expect(socket.closing).toBeUndefined();
		host.advance(1);
		for (const { socket } of clients) expect(socket.closing).toEqual(EXPIRED);
		expect(later.socket.closing).toBeUndefined();
		host.advance(900);
		expect(later.socket.closing).toEqual(EXPIRED);
		host.advance(1_000_000);
		for (const { socket } of endless) expect(socket.closing).toBeUndefined();
	});

	test("AUTH4 one timer is enough for all, and none runs where no grant ends", () => {
		const world = createWorld({ registerTimeout: 0 });
		const { host, connect } = world;
		connect();
		host.advance(1);
		expect(host.timers).toBe(0);
		const clients = Array.from({ length: 50 }, (_, n) =>
			connect(ending(world, 100_000 - n * 1_000)),
		);
		host.advance(1);
		expect(host.timers).toBe(1);
		for (const client of clients) client.close();
		expect(host.timers).toBe(0);
	});

	test("AUTH4 an end that is years away is none for now", () => {
		const world = createWorld();
		const client = world.agent("timmy", "agent", ending(world, 1e12));
		world.host.advance(10_000_000);
		expect(client.socket.closing).toBeUndefined();
	});

	test.each([-1, 0, Number.NaN])(
		"AUTH4 one whose grant has ended (%d) is closed at once, and is told nothing",
		(milliseconds) => {
			const world = createWorld();
			const late = world.connect(ending(world, milliseconds));
			late.register("late");
			expect(late.socket.closing).toEqual(EXPIRED);
			expect(late.messages()).toEqual([]);
			expect(world.gateway.status().agents).toEqual([]);
		},
	);

	test("AUTH4 RES3 its session waits for it, and goes on with nothing lost", () => {
		const world = createWorld();
		const { client, ack } = startSession(world, 1_000);
		const watcher = world.viewer();
		client.messages();
		world.host.advance(1_000);
		expect(client.socket.closing).toEqual(EXPIRED);
		watcher.send({ type: "bark" });
		world.host.advance(59_000);
		expect(watcher.messages()).toEqual([]);
		const back = world.connect(ending(world, 10_000));
		const resume = { session: ack.session, received: 1 };
		back.send({ type: "agent_register", agentId: "timmy", resume });
		expect(back.messages()).toMatchObject([
			{ resumed: true, expires: 10 },
			{ type: "bark" },
		]);
		// It lives by the new one from here on.
		world.host.advance(9_999);
		expect(back.socket.closing).toBeUndefined();
		world.host.advance(1_000);
		expect(back.socket.closing).toEqual(EXPIRED);
	});
});

describe("a detached session whose grant ends", () => {
	test("AUTH4 it ends with it", () => {
		const world = createWorld();
		const { client, ack } = startSession(world, 5_000);
		const other = startSession(world, 30_000, "other");
		const watcher = world.viewer();
		for (const one of [client, other.client]) one.close(1006);
		world.host.advance(4_500);
		watcher.messages();
		world.host.advance(600);
		expect(watcher.messages()).toMatchObject([left("timmy")]);
		const back = world.connect();
		const resume = { session: ack.session, received: 0 };
		back.send({ type: "agent_register", agentId: "timmy", resume });
		expect(back.messages()[0]).toMatchObject({ resumed: false });
		world.host.advance(24_000);
		expect(watcher.types()).toEqual(["agent_joined"]);
		world.host.advance(2_000);
		expect(watcher.messages()).toMatchObject([left("other")]);
	});

	test("AUTH5 what its token is regranted counts for it", () => {
		const world = createWorld();
		const { client } = startSession(world, 5_000);
		const watcher = world.viewer();
		client.close(1006);
		world.gateway.regrant("k", ending(world, 20_000));
		world.host.advance(15_000);
		expect(watcher.messages()).toEqual([]);
		world.host.advance(6_000);
		expect(watcher.messages()).toMatchObject([left("timmy")]);
	});
});
