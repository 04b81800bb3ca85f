import { describe, expect, test } from "vitest";
import type { Client } from "./support/client.ts";
import type { FakeHost } from "./support/host.ts";
import { createWorld, MARKER } from "./support/world.ts";

function arrange(flushWindow = 5) {
	const world = createWorld({ flushWindow, heartbeatInterval: 0 });
	const timmy = world.agent("timmy");
	const watcher = world.viewer();
	world.host.advance(1_000);
	world.forget();
	return { ...world, timmy, watcher };
}

/** Makes each write to a client take so long. */
function slowDown({ socket }: Client, host: FakeHost, milliseconds: number) {
	const write = socket.writeFrames.bind(socket);
	socket.writeFrames = (frames) => {
		host.sleep(milliseconds);
		return write(frames);
	};
}

/** Sends as many as wait for no window. */
function flushMany(timmy: Client, host: FakeHost): void {
	for (let i = 0; i < 48; i++) timmy.send(MARKER);
	host.turn();
}

/** How long it takes until something is written after a flush. */
function nextWindow(timmy: Client, watcher: Client, host: FakeHost): number {
	timmy.send(MARKER);
	watcher.messages();
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

	test("RT5 under load, once a window", () => {
		const { timmy, watcher, host } = arrange();
		const before = watcher.socket.writes.length;
		for (let i = 0; i < 40; i++) {
			timmy.send({ type: `${i}` });
			host.advance(1);
		}
		host.advance(5);
		expect(watcher.types()).toHaveLength(40);
		const writes = watcher.socket.writes.length - before;
		expect(writes).toBeGreaterThanOrEqual(8);
		expect(writes).toBeLessThanOrEqual(10);
	});

	test("RT5 what comes within a window waits for its end, together", () => {
		const { timmy, watcher, host } = arrange();
		timmy.send({ type: "1" });
		host.turn();
		watcher.messages();
		timmy.send({ type: "2" });
		host.advance(4);
		timmy.send({ type: "3" });
		expect(watcher.messages()).toEqual([]);
		host.advance(1);
		expect(watcher.types()).toEqual(["2", "3"]);
	});

	test("RT5 after a window without messages it is idle again", () => {
		const { timmy, watcher, host } = arrange();
		timmy.send({ type: "1" });
		watcher.messages();
		host.advance(5);
		timmy.send({ type: "2" });
		expect(watcher.types()).toEqual(["2"]);
	});

	test.each([
		["2 ms, half of a window, by a window", 2, 5],
		["3 ms, by six times as much", 3, 18],
		["500 ms, by no more than 20 ms", 500, 20],
	])("RT5 while many come, flushes that take %s", (_, took, window) => {
		const { timmy, watcher, host } = arrange();
		flushMany(timmy, host);
		slowDown(watcher, host, took);
		for (let flush = 0; flush < 2; flush++) flushMany(timmy, host);
		watcher.messages();
		expect(nextWindow(timmy, watcher, host)).toBe(window);
	});

	test("RT5 one flush alone that takes long is followed by a window as any", () => {
		const { timmy, watcher, host } = arrange();
		flushMany(timmy, host);
		slowDown(watcher, host, 500);
		flushMany(timmy, host);
		watcher.messages();
		expect(nextWindow(timmy, watcher, host)).toBe(5);
	});

	test("RT5 a clock that stands still while flushing changes nothing later", () => {
		const { timmy, watcher, host } = arrange();
		for (let flush = 0; flush < 3; flush++) flushMany(timmy, host);
		slowDown(watcher, host, 3);
		for (let flush = 0; flush < 2; flush++) flushMany(timmy, host);
		watcher.messages();
		expect(nextWindow(timmy, watcher, host)).toBe(18);
	});

	test("RT5 where few come, a flush that takes long is followed by a window as any", () => {
		const { timmy, watcher, host } = arrange();
		slowDown(watcher, host, 500);
		timmy.send(MARKER);
		watcher.messages();
		expect(nextWindow(timmy, watcher, host)).toBe(5);
	});

	test("RT5 a window of 0 flushes in every turn", () => {
		const { timmy, watcher, host } = arrange(0);
		expect(nextWindow(timmy, watcher, host)).toBe(0);
	});

	test("RT5 one at a time waits for a few windows, and then for ever fewer", () => {
		const { timmy, watcher, host } = arrange();
		const waits = Array.from({ length: 1_000 }, () => {
			timmy.send(MARKER);
			for (let waited = 0; ; waited++) {
				if (watcher.messages().length > 0) return waited;
				host.advance(1);
			}
		});
		const places = waits.flatMap((waited, place) =>
			waited > 0 ? [place] : [],
		);
		const gaps = places.slice(1).map((place, i) => place - (places[i] ?? 0));
		expect(new Set(waits)).toEqual(new Set([0, 5]));
		expect(gaps.slice(0, 8)).toEqual([1, 1, 1, 17, 33, 65, 129, 257]);
		expect(gaps.at(-1)).toBe(257);
	});

	test("RT5 once broadcasts come together, they wait for a window again", () => {
		const { timmy, watcher, host } = arrange();
		for (let i = 0; i < 6; i++) {
			timmy.send(MARKER);
			host.advance(5);
		}
		watcher.messages();
		timmy.send({ type: "1" });
		timmy.send({ type: "2" });
		expect(watcher.types()).toEqual(["1", "2"]);
		timmy.send({ type: "3" });
		expect(watcher.types()).toEqual([]);
		host.advance(5);
		expect(watcher.types()).toEqual(["3"]);
	});

	test("RT5 48 broadcasts wait for no window", () => {
		const { timmy, watcher } = arrange();
		timmy.send({ type: "1" });
		expect(watcher.types()).toEqual(["1"]);
		for (let i = 0; i < 47; i++) timmy.send({ type: "2" });
		expect(watcher.types()).toEqual([]);
		timmy.send({ type: "3" });
		expect(watcher.types()).toHaveLength(48);
	});

	test("RT5 a directed message waits for no window", () => {
		const { timmy, watcher, host } = arrange();
		timmy.send({ type: "1" });
		expect(watcher.types()).toEqual(["1"]);
		timmy.send({ type: "2", target_id: "timmy" });
		expect(timmy.types()).toEqual(["2"]);
		// Nor does it take from what broadcasts do.
		timmy.send({ type: "3" });
		expect(watcher.types()).toEqual([]);
		host.advance(5);
		expect(watcher.types()).toEqual(["3"]);
	});

	test("RT5 a directed message overtakes no broadcast that waits", () => {
		const { timmy, watcher, host } = arrange();
		timmy.register("other");
		host.advance(100);
		timmy.messages();
		timmy.send({ type: "1" });
		expect(watcher.types()).toContain("1");
		watcher.send({ type: "2" });
		watcher.send({ type: "3", target_id: "timmy" });
		expect(timmy.types()).toEqual([]);
		host.advance(5);
		expect(timmy.types()).toEqual(["2", "3"]);
	});

	test("RT5 a directed message waits with a broadcast of the same turn", () => {
		const { timmy, watcher, host } = arrange();
		timmy.send({ type: "1" });
		expect(watcher.types()).toEqual(["1"]);
		timmy.send({ type: "2", target_id: "timmy" });
		timmy.send({ type: "3" });
		expect([...watcher.types(), ...timmy.types()]).toEqual([]);
		host.advance(5);
		expect(watcher.types()).toEqual(["3"]);
		expect(timmy.types()).toEqual(["2"]);
	});

	test("RT5 past 256 KiB a batch waits for no window", () => {
		const { timmy, watcher, host } = arrange();
		timmy.send({ type: "1" });
		host.turn();
		const half = { type: "2", text: "x".repeat(128 * 1024) };
		timmy.send(half);
		expect(watcher.types()).toEqual(["1"]);
		timmy.send(half);
		expect(watcher.types()).toEqual(["2", "2"]);
	});

	test("RT5 the bytes are counted anew for each batch", () => {
		const { timmy, watcher, host } = arrange();
		const most = { type: "1", text: "x".repeat(200 * 1024) };
		timmy.send(most);
		expect(watcher.types()).toEqual(["1"]);
		timmy.send(most);
		expect(watcher.types()).toEqual([]);
		host.advance(5);
		expect(watcher.types()).toEqual(["1"]);
	});
});
