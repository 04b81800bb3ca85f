import { describe, expect, test } from "vitest";
import type { Client } from "./support/client.ts";
import type { FakeHost } from "./support/host.ts";
import { createWorld, MARKER } from "./support/world.ts";

function arrange(flushWindow = 4) {
	const world = createWorld({ flushWindow, heartbeatInterval: 0 });
	const timmy = world.agent("timmy");
	const watcher = world.viewer();
	world.host.advance(1_000);
	world.forget();
	return { ...world, timmy, watcher };
}

/** Makes each write to a client take so long. */
function slowDown({ socket }: Client, host: FakeHost, milliseconds: number) {
	const write = socket.write.bind(socket);
	socket.write = (frames) => {
		host.sleep(milliseconds);
		write(frames);
	};
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
		host.advance(4);
		expect(watcher.types()).toHaveLength(40);
		const writes = watcher.socket.writes.length - before;
		expect(writes).toBeGreaterThanOrEqual(9);
		expect(writes).toBeLessThanOrEqual(12);
	});

	test("RT5 what comes within a window waits for its end, together", () => {
		const { timmy, watcher, host } = arrange();
		timmy.send({ type: "1" });
		host.turn();
		watcher.messages();
		timmy.send({ type: "2" });
		host.advance(3);
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
		[1, 4],
		[4, 4],
		[10, 10],
		[500, 20],
	])(
		"RT5 a flush that takes %i ms is followed by a window of %i ms",
		(took, window) => {
			const { timmy, watcher, host } = arrange();
			slowDown(watcher, host, took);
			expect(nextWindow(timmy, watcher, host)).toBe(window);
		},
	);

	test("RT5 a window of 0 flushes in every turn", () => {
		const { timmy, watcher, host } = arrange(0);
		expect(nextWindow(timmy, watcher, host)).toBe(0);
	});

	test("RT5 one at a time waits for a window once, and then no more for a while", () => {
		const { timmy, watcher, host } = arrange();
		const waits = Array.from({ length: 20 }, () => {
			timmy.send(MARKER);
			for (let waited = 0; ; waited++) {
				if (watcher.messages().length > 0) return waited;
				host.advance(1);
			}
		});
		expect(waits).toEqual([0, 4, ...Array(16).fill(0), 4, 0]);
	});

	test("RT5 once broadcasts come together, they wait for a window again", () => {
		const { timmy, watcher, host } = arrange();
		expect(nextWindow(timmy, watcher, host)).toBe(4);
		timmy.send({ type: "1" });
		timmy.send({ type: "2" });
		expect(watcher.types()).toEqual(["1", "2"]);
		timmy.send({ type: "3" });
		expect(watcher.types()).toEqual([]);
		host.advance(4);
		expect(watcher.types()).toEqual(["3"]);
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

	test("RT5 directed messages count towards it", () => {
		const { timmy, host } = arrange();
		timmy.send({ type: "1", target_id: "timmy" });
		host.turn();
		timmy.messages();
		const text = "x".repeat(256 * 1024);
		timmy.send({ type: "2", target_id: "timmy", text });
		expect(timmy.types()).toEqual(["2"]);
	});

	test("RT5 the bytes are counted anew for each batch", () => {
		const { timmy, watcher, host } = arrange();
		const most = { type: "1", text: "x".repeat(200 * 1024) };
		timmy.send(most);
		expect(watcher.types()).toEqual(["1"]);
		timmy.send(most);
		expect(watcher.types()).toEqual([]);
		host.advance(4);
		expect(watcher.types()).toEqual(["1"]);
	});
});
