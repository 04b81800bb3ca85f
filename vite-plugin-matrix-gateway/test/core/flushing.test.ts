import { describe, expect, test } from "vitest";
import type { Client } from "./support/client.ts";
import { createFakeHost, type FakeHost } from "./support/host.ts";
import { stepTurns } from "./support/turns.ts";
import { createWorld, MARKER } from "./support/world.ts";

/** Milliseconds that writing takes where time passes, and that broadcasts wait after it where many come. */
const TOOK = 22;
const WAIT = 4;
const MANY = 40;

function arrange(flushWindow = 20, services: Partial<FakeHost> = {}) {
	const host = Object.assign(createFakeHost(), services);
	const world = createWorld({ flushWindow, heartbeatInterval: 0 }, host);
	const timmy = world.agent("timmy");
	const watcher = world.viewer();
	world.host.advance(1_000);
	world.forget();
	return { ...world, timmy, watcher };
}

/** The same where flushes take time, and have spent what was paid ahead, and many broadcasts come. */
function arrangeBusy(flushWindow?: number, services?: Partial<FakeHost>) {
	const world = arrange(flushWindow, services);
	const { timmy, watcher, host } = world;
	slowDown(watcher, host, TOOK);
	for (let flush = 0; flush < 9; flush++) {
		for (let n = 1; n < MANY; n++) timmy.send(MARKER);
		waitFor(world);
	}
	return world;
}

/** A hundred agents, each write to whom takes a millisecond, so that a flush takes many turns. */
function arrangeCrowd() {
	const host = createFakeHost();
	const world = createWorld({ flushWindow: 20, heartbeatInterval: 0 }, host);
	const timmy = world.agent("timmy");
	const crowd = Array.from({ length: 100 }, (_, n) => {
		const client = world.agent(`a-${n}`);
		const all: string[] = [];
		return {
			...{ client, id: `a-${n}` },
			/** The types of all messages so far but the gateway's own. */
			seen() {
				all.push(...client.types().filter((type) => /^(all|own)/.test(type)));
				return all;
			},
		};
	});
	host.advance(1_000);
	world.forget();
	for (const { client } of crowd) slowDown(client, host, 1);
	return { timmy, crowd, ...stepTurns(host) };
}

/** Makes each write to a client take so long. */
function slowDown({ socket }: Client, host: FakeHost, milliseconds: number) {
	const write = socket.writeFrames.bind(socket);
	socket.writeFrames = (frames) => {
		host.sleep(milliseconds);
		return write(frames);
	};
}

/** How long it takes until a broadcast is written. */
function waitFor({
	timmy,
	watcher,
	host,
}: Pick<ReturnType<typeof arrange>, "timmy" | "watcher" | "host">): number {
	timmy.send(MARKER);
	for (let waited = 0; waited < 100; waited++) {
		if (watcher.messages().length > 0) return waited;
		host.advance(1);
	}
	return Number.POSITIVE_INFINITY;
}

describe("flush", () => {
	test("RT5 when idle, at the end of the turn", () => {
		const { timmy, watcher, host } = arrange();
		timmy.send({ type: "1" });
		expect(watcher.socket.takeTexts()).toEqual([]);
		host.turn();
		expect(watcher.socket.takeTexts()).toEqual(['{"type":"1"}']);
	});

	test("RT5 where writing takes no time, at the end of each turn", () => {
		const { timmy, watcher, host } = arrange();
		const before = watcher.socket.writes.length;
		for (let i = 0; i < 40; i++) {
			timmy.send({ type: `${i}` });
			host.turn();
		}
		expect(watcher.types()).toHaveLength(40);
		expect(watcher.socket.writes.length - before).toBe(40);
	});

	test("RT5 what comes while others wait is written with them, together", () => {
		const { timmy, watcher, host } = arrangeBusy();
		timmy.send({ type: "1" });
		timmy.send({ type: "2" });
		host.advance(WAIT - 1);
		timmy.send({ type: "3" });
		expect(watcher.messages()).toEqual([]);
		const before = watcher.socket.writes.length;
		host.advance(1);
		expect(watcher.types()).toEqual(["1", "2", "3"]);
		expect(watcher.socket.writes.length - before).toBe(1);
	});

	test("RT5 a wait ends with the first message after its time, if that is sooner than its timer", () => {
		const { timmy, watcher, host } = arrangeBusy();
		timmy.send({ type: "1" });
		expect(watcher.types()).toEqual([]);
		host.sleep(WAIT);
		timmy.send({ type: "2" });
		expect(watcher.types()).toEqual(["1", "2"]);
	});

	test("RT5 after a pause it is idle again", () => {
		const world = arrangeBusy();
		world.host.advance(100);
		expect(waitFor(world)).toBe(0);
	});

	test("RT5 flushes that take long are followed by a wait, of the window at most", () => {
		expect(waitFor(arrangeBusy())).toBe(WAIT);
		expect(waitFor(arrangeBusy(1))).toBe(1);
	});

	test("RT5 a wait that would bring nobody is not waited", () => {
		const world = arrangeBusy();
		const waits = Array.from({ length: 30 }, () => waitFor(world));
		expect(waits[0]).toBe(WAIT);
		// Once it shows that they come one by one.
		expect(waits.filter((wait) => wait === 0).length).toBeGreaterThan(12);
	});

	test("RT5 a window of 0 flushes in every turn", () => {
		expect(waitFor(arrangeBusy(0))).toBe(0);
	});

	test("RT5 48 broadcasts wait for no more", () => {
		const { timmy, watcher } = arrangeBusy();
		for (let i = 0; i < 47; i++) timmy.send({ type: "1" });
		expect(watcher.types()).toEqual([]);
		timmy.send({ type: "2" });
		expect(watcher.types()).toHaveLength(48);
	});

	test("RT5 past 256 KiB a batch waits for no more", () => {
		const { timmy, watcher, host } = arrangeBusy();
		const half = { type: "1", text: "x".repeat(128 * 1024) };
		timmy.send(half);
		expect(watcher.types()).toEqual([]);
		timmy.send(half);
		expect(watcher.types()).toEqual(["1", "1"]);
		host.advance(WAIT);
		timmy.send(half);
		host.advance(100);
		expect(watcher.types()).toEqual(["1"]);
	});

	test("RT5 the bytes are counted anew for each batch", () => {
		const { timmy, watcher, host } = arrangeBusy();
		const most = { type: "1", text: "x".repeat(200 * 1024) };
		timmy.send(most);
		host.advance(WAIT);
		expect(watcher.types()).toEqual(["1"]);
		timmy.send(most);
		expect(watcher.types()).toEqual([]);
		host.advance(WAIT);
		expect(watcher.types()).toEqual(["1"]);
	});

	test("RT5 not always the same is the first to be written", () => {
		const { timmy, connect, host, forget } = arrange();
		const others = Array.from({ length: 9 }, () => connect());
		host.advance(1_000);
		forget();
		const firsts = new Set<Client>();
		const order: Client[] = [];
		for (const other of others) {
			const write = other.socket.writeFrames.bind(other.socket);
			other.socket.writeFrames = (frames) => {
				order.push(other);
				return write(frames);
			};
		}
		for (let flush = 0; flush < 30; flush++) {
			timmy.send(MARKER);
			host.turn();
			expect(new Set(order).size).toBe(9);
			firsts.add(order[0] as Client);
			order.length = 0;
		}
		expect(firsts.size).toBe(9);
	});
});

describe("a message to one", () => {
	test("RT5 goes between two parts of a flush that takes long", () => {
		const host = createFakeHost();
		const world = createWorld({ flushWindow: 20, heartbeatInterval: 0 }, host);
		const [timmy, ada] = [world.agent("timmy"), world.agent("ada")];
		const crowd = Array.from({ length: 200 }, () => world.viewer());
		host.advance(1_000);
		world.forget();
		for (const client of crowd) slowDown(client, host, 1);
		const { turn, end } = stepTurns(host);
		const reached = () =>
			crowd.filter(({ socket }) => socket.takeTexts().length > 0).length;
		timmy.send(MARKER);
		turn();
		const first = reached();
		expect(first).toBeGreaterThan(0);
		ada.send({ type: "1", target_id: "timmy" });
		turn();
		expect(timmy.socket.takeTexts()).toEqual([
			'{"type":"1","target_id":"timmy"}',
		]);
		const second = reached();
		expect(first + second).toBeLessThan(200);
		end();
		expect(first + second + reached()).toBe(200);
	});

	test.each([
		["stays", undefined],
		["asks for other types meanwhile", ["all-*", "own"]],
	])(
		"RT5 who was written ahead gets the rest of the next flush once, and %s",
		(_, types) => {
			const { timmy, crowd, turn, end } = arrangeCrowd();
			timmy.send({ type: "all-1" });
			turn();
			timmy.send({ type: "all-2" });
			for (const { id } of crowd) timmy.send({ type: "own", target_id: id });
			turn();
			timmy.send({ type: "all-3" });
			// The rest of the first flush, and the first part of the second.
			while (crowd.every((client) => !client.seen().includes("all-3"))) turn();
			expect(crowd.some((client) => !client.seen().includes("all-3"))).toBe(
				true,
			);
			if (types)
				for (const { client } of crowd)
					client.send({ type: "agent_subscribe", subscribe: { types } });
			end();
			for (const client of crowd)
				expect(client.seen()).toEqual(["all-1", "all-2", "own", "all-3"]);
		},
	);

	test("RT5 waits for no broadcasts", () => {
		const { timmy, watcher, host } = arrangeBusy();
		timmy.send({ type: "1" });
		timmy.send({ type: "2", target_id: "timmy" });
		timmy.send({ type: "3" });
		expect(timmy.types()).toEqual(["2"]);
		// Nor do they go with it.
		expect(watcher.types()).toEqual([]);
		host.advance(WAIT);
		expect(watcher.types()).toEqual(["1", "3"]);
	});

	test("RT5 waits with them where the process has no time to spare", () => {
		const idleTime = () => 0;
		const { timmy, watcher, host } = arrangeBusy(20, { idleTime });
		for (let flush = 0; flush < 50; flush++) {
			for (let n = 1; n < MANY; n++) timmy.send(MARKER);
			waitFor({ timmy, watcher, host });
		}
		timmy.send({ type: "1" });
		timmy.send({ type: "2", target_id: "timmy" });
		expect(timmy.types()).toEqual([]);
		host.advance(20);
		expect(watcher.types()).toEqual(["1"]);
		expect(timmy.types()).toEqual(["2"]);
	});

	test("RT5 overtakes no broadcast: it takes those before it along, and each comes once", () => {
		const { timmy, watcher, host } = arrangeBusy();
		watcher.send({ type: "1" });
		watcher.send({ type: "2", target_id: "timmy" });
		watcher.send({ type: "3" });
		expect(timmy.types()).toEqual(["1", "2", "3"]);
		watcher.send({ type: "4" });
		expect(timmy.types()).toEqual([]);
		host.advance(WAIT);
		expect(timmy.types()).toEqual(["4"]);
		watcher.send({ type: "5" });
		host.advance(100);
		expect(timmy.types()).toEqual(["5"]);
	});

	test("RT5 a pong, an ack and an error go with the turn, too", () => {
		const { timmy, connect } = arrangeBusy();
		const other = connect();
		timmy.send({ type: "1" });
		timmy.send({ type: "ping" });
		expect(timmy.types()).toEqual(["pong"]);
		timmy.send({ type: "2", target_id: "nobody" });
		expect(timmy.types()).toEqual(["gateway_error"]);
		other.register("other");
		expect(other.types()).toContain("agent_registered");
	});

	test("RT5 who was written ahead and gets nothing more is written no empty batch", () => {
		const { timmy, watcher, host } = arrangeBusy();
		watcher.send({ type: "1" });
		watcher.send({ type: "2", target_id: "timmy" });
		expect(timmy.types()).toEqual(["1", "2"]);
		const before = timmy.socket.writes.length;
		host.advance(WAIT);
		expect(timmy.socket.writes.length).toBe(before);
	});

	test("RT5 many between two flushes come in their order", () => {
		const { timmy, watcher, host } = arrangeBusy();
		const types: string[] = [];
		for (let n = 0; n < 12; n++) {
			watcher.send({ type: `all-${n}` });
			if (n % 3 > 0) watcher.send({ type: `own-${n}`, target_id: "timmy" });
			if (n % 4 > 0) types.push(...timmy.types());
		}
		host.advance(100);
		types.push(...timmy.types());
		expect(types).toEqual(
			Array.from({ length: 12 }, (_, n) =>
				n % 3 > 0 ? [`all-${n}`, `own-${n}`] : [`all-${n}`],
			).flat(),
		);
	});
});
