import { PassThrough } from "node:stream";
import { beforeEach, describe, expect, test, vi } from "vitest";
import {
	chargeReading,
	chargeWriting,
	hear,
	isGreedy,
	waitOfGreedy,
} from "../../src/node/read-shares.ts";
import { holdReading } from "../../src/node/read-turns.ts";
import { useFakeClock } from "./support/fake-clock.ts";
import { FakeReadHandle } from "./support/read-handle.ts";

useFakeClock();

beforeEach(() => {
	// Nobody has spoken lately.
	waitOfGreedy(performance.now());
	vi.advanceTimersByTime(1_000);
});

const now = () => performance.now();
const stream = () => new PassThrough();

function read(one: PassThrough, milliseconds: number): void {
	vi.advanceTimersByTime(milliseconds);
	chargeReading(one, milliseconds, now());
}

describe("CON12 who is greedy", () => {
	test("is who takes more than five milliseconds and an eighth of the time", () => {
		const [bulk, steady] = [stream(), stream()];
		read(bulk, 5);
		expect(isGreedy(bulk, now())).toBe(false);
		read(bulk, 2);
		expect(isGreedy(bulk, now())).toBe(true);
		for (let n = 0; n < 500; n++) {
			read(steady, 1);
			vi.advanceTimersByTime(8);
		}
		expect(isGreedy(steady, now())).toBe(false);
	});

	test("is so for two seconds", () => {
		const one = stream();
		read(one, 10);
		vi.advanceTimersByTime(1_999);
		expect(isGreedy(one, now())).toBe(true);
		vi.advanceTimersByTime(1);
		expect(isGreedy(one, now())).toBe(false);
	});

	test("is so at once who brings as much again before long", () => {
		const one = stream();
		read(one, 10);
		vi.advanceTimersByTime(3_900);
		read(one, 1);
		expect(isGreedy(one, now())).toBe(true);
		vi.advanceTimersByTime(4_000);
		read(one, 1);
		expect(isGreedy(one, now())).toBe(false);
	});
});

describe("CON12 the greedy", () => {
	test("wait for nobody while nobody else speaks, nor for one of them", () => {
		const [one, other] = [stream(), stream()];
		read(one, 50);
		read(other, 50);
		expect(waitOfGreedy(now())).toBeUndefined();
		hear(other);
		expect(waitOfGreedy(now())).toBeUndefined();
	});

	test("cannot hide that somebody speaks", () => {
		const one = stream();
		read(one, 50);
		hear(stream());
		hear(one);
		expect(waitOfGreedy(now())).toBeGreaterThan(0);
		vi.advanceTimersByTime(250);
		hear(one);
		hear(stream());
		expect(waitOfGreedy(now())).toBeGreaterThan(0);
	});

	test("have an eighth of the time together while somebody does", () => {
		const [one, other] = [stream(), stream()];
		read(one, 10);
		read(other, 10);
		hear(stream());
		// 20 ms less what was paid in the second ten.
		expect(waitOfGreedy(now())).toBeCloseTo((20 - 10 / 8) * 8);
		vi.advanceTimersByTime(249);
		expect(waitOfGreedy(now())).toBe(0);
		vi.advanceTimersByTime(1);
		expect(waitOfGreedy(now())).toBeUndefined();
	});

	test("are charged what is written soon after they were read", () => {
		chargeWriting(50);
		read(stream(), 10);
		hear(stream());
		expect(waitOfGreedy(now())).toBeCloseTo(80);
		vi.advanceTimersByTime(8);
		chargeWriting(4);
		expect(waitOfGreedy(now())).toBeCloseTo(104);
		vi.advanceTimersByTime(110);
		chargeWriting(4);
		expect(waitOfGreedy(now())).toBe(0);
	});

	test("wait no longer than somebody speaks, and what they owe is bounded", () => {
		read(stream(), 10);
		chargeWriting(1_000);
		hear(stream());
		expect(waitOfGreedy(now())).toBe(250);
		for (let n = 0; n < 8; n++) {
			vi.advanceTimersByTime(100);
			hear(stream());
			waitOfGreedy(now());
		}
		expect(waitOfGreedy(now())).toBe(0);
	});
});

describe("CON12 while somebody speaks", () => {
	/** Below a stream that brings a millisecond's work whenever it is read. */
	class Flooding extends FakeReadHandle {
		readonly stream = Object.assign(stream(), { _handle: this });

		override readStart(): number {
			read(this.stream, 1);
			holdReading(this.stream, 1, true);
			return super.readStart();
		}
	}

	async function pass(milliseconds: number, each = () => {}): Promise<void> {
		const end = now() + milliseconds;
		while (now() < end) {
			each();
			await new Promise((resolve) => setImmediate(resolve));
			vi.advanceTimersByTime(1);
		}
	}

	/** What waits for its turn is of the process, not of a test. */
	async function end(...floods: Flooding[]): Promise<void> {
		for (const { stream } of floods) Object.assign(stream, { _handle: null });
		await pass(1_000);
	}

	test("who sends as fast as it can is read for an eighth of the time, and else all the time", async () => {
		const flooding = new Flooding();
		flooding.readStart();
		await pass(1_000);
		// A millisecond of each two is this loop's.
		expect(flooding.starts).toBeGreaterThan(450);
		const other = stream();
		const speak = () => hear(other);
		await pass(1_000, speak);
		flooding.starts = 0;
		await pass(2_000, speak);
		expect(flooding.starts).toBeGreaterThan(200);
		expect(flooding.starts).toBeLessThan(260);
		await end(flooding);
	});

	test("two who do share it", async () => {
		const floods = [new Flooding(), new Flooding()];
		for (const flooding of floods) flooding.readStart();
		const other = stream();
		const speak = () => hear(other);
		await pass(1_000, speak);
		for (const flooding of floods) flooding.starts = 0;
		await pass(2_000, speak);
		for (const { starts } of floods) {
			expect(starts).toBeGreaterThan(90);
			expect(starts).toBeLessThan(140);
		}
		await end(...floods);
	});
});
