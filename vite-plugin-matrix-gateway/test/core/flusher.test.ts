import { describe, expect, test } from "vitest";
import { createConnection } from "../../src/core/edge/connection.ts";
import { createFlusher } from "../../src/core/edge/flusher.ts";
import { withListeners } from "../../src/core/edge/listeners.ts";
import type { Outbox } from "../../src/core/edge/outbox.ts";
import { createEveryone } from "../../src/core/world/audience.ts";
import { createBroadcastLog } from "../../src/core/world/broadcast-log.ts";
import type { WorldState } from "../../src/core/world/state.ts";
import { toFrame } from "./support/frame.ts";
import { createFakeHost } from "./support/host.ts";
import { createFakeSocket } from "./support/socket.ts";

const MEGABYTE = 1024 * 1024;

/** An outbox in which something waits or not, and whose flushes take so many milliseconds. */
function arrange(milliseconds = 0) {
	const host = Object.assign(createFakeHost(), { idleTime: () => 0 });
	const written = { flushes: 0, directed: 0 };
	let waiting: ReturnType<Outbox["waiting"]> = "nothing";
	const durations: number[] = [];
	const flusher = createFlusher(
		host,
		20,
		{
			waiting: () => waiting,
			flush() {
				if (waiting === "nothing") return undefined;
				host.sleep(milliseconds);
				written.flushes++;
				waiting = "nothing";
				return { count: 9, part: 1, isLast: true };
			},
			drainDirected: () => void written.directed++,
		},
		{ add: (took) => durations.push(took) },
	);
	const broadcast = (bytes: number, is: typeof waiting = "some") => {
		waiting = is;
		flusher.broadcastWaits(bytes);
	};
	const close = () => {
		waiting = "nothing";
	};
	return { host, flusher, written, durations, broadcast, close };
}

/** The same where broadcasts wait, and messages to one with them: there is no time to spare. */
function arrangeFull() {
	const world = arrange(22);
	for (let flush = 0; flush < 50; flush++) {
		world.broadcast(1);
		world.host.advance(20);
	}
	world.broadcast(1);
	world.host.turn();
	const { flushes } = world.written;
	return { ...world, hasFlushed: () => world.written.flushes > flushes };
}

describe("flusher", () => {
	test("RT5 past 32 MiB nothing waits any more, in however many turns they came", () => {
		const { host, flusher, broadcast, hasFlushed } = arrangeFull();
		expect(hasFlushed()).toBe(false);
		for (let turn = 0; turn < 3; turn++) {
			flusher.directedWaits(6 * MEGABYTE);
			broadcast(5 * MEGABYTE);
			flusher.relieve();
			host.turn();
			expect(hasFlushed()).toBe(turn === 2);
		}
	});

	test("RT5 what was written counts no more", () => {
		const { host, flusher, broadcast, written } = arrange();
		for (let turn = 0; turn < 9; turn++) {
			flusher.directedWaits(20 * MEGABYTE);
			host.turn();
			broadcast(20 * MEGABYTE);
			host.turn();
		}
		const { directed } = written;
		flusher.directedWaits(20 * MEGABYTE);
		flusher.relieve();
		expect(written.directed).toBe(directed);
	});

	test("RT5 broadcasts for which nobody is there count for nothing", () => {
		const { host, flusher, broadcast, written } = arrange();
		for (let turn = 0; turn < 9; turn++) {
			broadcast(20 * MEGABYTE, "nothing");
			host.turn();
		}
		flusher.directedWaits(1);
		flusher.relieve();
		expect(written).toEqual({ flushes: 0, directed: 0 });
	});

	test("RT5 what waited for those who have gone is waited for no more", () => {
		const { host, broadcast, close, written, durations } = arrange();
		broadcast(1);
		close();
		host.advance(100);
		broadcast(1);
		host.advance(100);
		expect(written.flushes).toBe(1);
		expect(durations).toEqual([0]);
	});

	test("CON12 it is behind while a way round takes more than 100 ms, and no more at its end", () => {
		const host = createFakeHost();
		const behind: boolean[] = [];
		let left = 0;
		const flusher = createFlusher(host, 0, {
			waiting: () => (left > 0 ? "some" : "nothing"),
			flush() {
				host.sleep(60);
				behind.push(flusher.isBehind());
				left--;
				return { count: 1, part: 1 / 3, isLast: left === 0 };
			},
			drainDirected() {},
		});
		for (let round = 0; round < 2; round++) {
			left = 3;
			flusher.broadcastWaits(1);
			host.turn();
			expect(flusher.isBehind()).toBe(false);
		}
		const once = [false, true, true];
		expect(behind).toEqual([...once, ...once]);
	});

	test("CON12 it is behind while more than 4 MiB wait", () => {
		const { host, flusher, broadcast } = arrange();
		for (let n = 0; n < 4; n++) broadcast(MEGABYTE);
		expect(flusher.isBehind()).toBe(false);
		broadcast(1);
		expect(flusher.isBehind()).toBe(true);
		host.advance(20);
		expect(flusher.isBehind()).toBe(false);
		broadcast(1);
		expect(flusher.isBehind()).toBe(false);
	});

	test("RT5 HTTP9 where all receivers are listeners, telling them is a way round like any other", () => {
		const host = createFakeHost();
		const log = createBroadcastLog({ maxLogBytes: 0 });
		const heard: number[] = [];
		const nothing = () => {};
		const outbox = withListeners(
			{
				waiting: () => "nothing",
				...{ flush: () => undefined, broadcast: nothing, direct: nothing },
				...{ add: nothing, remove: nothing, move: nothing, drain: nothing },
				drainDirected: nothing,
			},
			{
				...{ host, options: { resumeWindow: 0 }, keep: nothing },
				...{ tooSlow: nothing, directedWaits: nothing },
				backlog: {
					...{ isFull: () => false, wrote: nothing, remove: nothing },
					...{ write: () => true, admitSnapshot: () => true },
					expectSnapshot: nothing,
				},
				world: () =>
					({ log, timelines: { current: "t" } }) as unknown as WorldState,
			},
		);
		const listening = {
			...{ lastId: undefined, begin: nothing },
			hear: (all: readonly unknown[]) => heard.push(all.length),
		};
		const socket = Object.assign(
			createFakeSocket({ defer: nothing, closed: nothing }),
			{ listening },
		);
		const group = { audience: createEveryone(log) };
		const live = { state: "live" } as const;
		const listener = createConnection("1", socket, {}, group, live, 0);
		outbox.replay(listener);
		outbox.add(listener);
		expect(outbox.waiting()).toBe("nothing");
		for (let n = 0; n < 3; n++) outbox.broadcast(toFrame("1"), undefined, []);
		expect(outbox.waiting()).toBe("some");
		expect(outbox.flush()).toEqual({ count: 3, part: 1, isLast: true });
		expect(heard).toEqual([3]);
		expect(outbox.waiting()).toBe("nothing");
		expect(outbox.flush()).toBeUndefined();
	});
});
