import { PassThrough } from "node:stream";
import { expect, test, vi } from "vitest";
import { chargeReading, hear } from "../../src/node/read-shares.ts";
import { holdReading } from "../../src/node/read-turns.ts";
import { setSender } from "../../src/node/write-lag.ts";
import { until } from "../support/until.ts";
import { useFakeClock } from "./support/fake-clock.ts";
import { FakeReadHandle } from "./support/read-handle.ts";

useFakeClock();

/** Below a stream that has brought something, and waits. */
class Held extends FakeReadHandle {
	isBehind: boolean;
	readonly stream = Object.assign(new PassThrough(), { _handle: this });

	constructor(isBehind: boolean, isMuch = true) {
		super();
		this.isBehind = isBehind;
		setSender(this.stream, { hasToWait: () => this.isBehind });
		holdReading(this.stream, 1, isMuch);
	}
}

async function pass(milliseconds: number): Promise<void> {
	vi.advanceTimersByTime(milliseconds);
	for (let n = 0; n < 3; n++)
		await new Promise((resolve) => setImmediate(resolve));
}

test("CON12 who sends much is not read while its world is behind, and is within 10 ms of its end; who sends little, or to another world, is", async () => {
	const much = new Held(true);
	const little = new Held(true, false);
	const elsewhere = new Held(false);
	await pass(0);
	expect([much, little, elsewhere].map(({ starts }) => starts)).toEqual([
		0, 1, 1,
	]);
	await pass(1_000);
	expect(much.starts).toBe(0);
	much.isBehind = false;
	await pass(10);
	expect(much.starts).toBe(1);
});

test("CON12 who waits for its world does not wait for what a stranger owes", async () => {
	const other = new PassThrough();
	const greedy = new Held(false);
	await pass(0);
	chargeReading(greedy.stream, 100, performance.now());
	hear(other);
	holdReading(greedy.stream, 1, true);
	await pass(0);
	const much = new Held(true);
	await pass(0);
	much.isBehind = false;
	await pass(10);
	expect([greedy.starts, much.starts]).toEqual([1, 1]);
});

test("CON12 who has gone meanwhile does not wait", async () => {
	const much = new Held(true);
	await pass(0);
	let looks = 0;
	setSender(much.stream, { hasToWait: () => ++looks > 0 });
	Object.assign(much.stream, { _handle: null });
	await pass(10);
	await pass(1_000);
	expect(looks).toBe(0);
	expect(vi.getTimerCount()).toBe(0);
});

test("CON12 the greedy of another world wait no longer for one whose world is behind", async () => {
	const other = new PassThrough();
	const greedy = new Held(false);
	await pass(0);
	chargeReading(greedy.stream, 10, performance.now());
	// A millisecond more of debt, which is paid in eight.
	vi.advanceTimersByTime(72);
	hear(other);
	const much = new Held(true);
	holdReading(greedy.stream, 1, true);
	await pass(0);
	expect(greedy.starts).toBe(1);
	await pass(8);
	expect([greedy.starts, much.starts]).toEqual([2, 0]);
	much.isBehind = false;
	await pass(10);
});

test("CON12 whoever waits is looked at again and again, also where a timer is early", async () => {
	vi.useRealTimers();
	const much = new Held(true);
	let looks = 0;
	setSender(much.stream, { hasToWait: () => ++looks < 50 });
	await until(
		() => much.starts,
		(starts) => starts === 1,
	);
	expect(looks).toBe(50);
});
