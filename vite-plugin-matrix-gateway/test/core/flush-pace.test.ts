import { describe, expect, test } from "vitest";
import { createPace } from "../../src/core/edge/flush-pace.ts";
import {
	askAndWait,
	evenly,
	type Load,
	mean,
	shareOf,
	simulate,
	waitAfter,
} from "./support/pace-simulation.ts";

/** A room of 1,000: a flush takes 4 ms, however many messages it writes. */
function room(rate: number, more: Partial<Load> = {}) {
	return simulate({ arrivals: evenly(rate, 4), cost: () => 4, ...more });
}

describe("pace", () => {
	test.each([50, 100, 200])(
		"RT5 with time to spare nothing waits: %i a second",
		(rate) => {
			const { latencies } = room(rate);
			expect(Math.max(...latencies)).toBe(4);
		},
	);

	test.each([500, 1_000, 5_000, 20_000])(
		"RT5 flushing keeps to its share: %i messages a second",
		(rate) => {
			const { flushes, latencies } = room(rate);
			expect(shareOf(flushes)).toBeCloseTo(0.8, 2);
			// Of a message that came as a flush began.
			expect(Math.max(...latencies)).toBeLessThan(8.01 + waitAfter(4));
		},
	);

	test("RT5 small rooms leave more of the time, where many come", () => {
		const { flushes } = room(5_000, { cost: () => 0.3 });
		expect(shareOf(flushes.slice(50))).toBeCloseTo(Math.sqrt(0.3 / 3), 2);
		const few = room(900, { cost: () => 0.3 }).latencies;
		expect(Math.max(...few)).toBeCloseTo(0.3);
	});

	test.each([
		[200, 4.5],
		[220, 4],
		[150, 6],
	])(
		"RT5 no wait brings nobody: %i a second, flushes of %d ms",
		(rate, cost) => {
			const { flushes, latencies } = room(rate, { cost: () => cost });
			const settled = flushes.slice(20);
			const waits = settled.filter(({ waited }) => waited > 0);
			expect(waits.length).toBeGreaterThan(10);
			expect(waits.filter(({ count }) => count < 2)).toEqual([]);
			// And most do not wait at all.
			expect(median(latencies)).toBeCloseTo(cost);
			expect(shareOf(settled)).toBeLessThan(0.81);
		},
	);

	test("RT5 batches grow with the load", () => {
		const sizes = [100, 200, 400, 800, 1_600].map((rate) =>
			mean(room(rate).flushes.map(({ count }) => count)),
		);
		expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
		expect(sizes[0]).toBe(1);
		expect(sizes[4]).toBeGreaterThan(7);
	});

	test("RT5 steady load is written in steady batches", () => {
		for (const rate of [200, 700, 3_000]) {
			const counts = room(rate)
				.flushes.slice(60, -1)
				.map(({ count }) => count);
			const off = counts.map((count) => Math.abs(count - mean(counts)));
			expect(Math.max(...off)).toBeLessThan(2);
			expect(mean(off)).toBeLessThan(0.6);
		}
	});

	test("RT5 where other work takes most of the time, flushing takes a seventh, in the largest batches", () => {
		const { flushes } = room(2_000, { otherWork: 0.8 });
		const settled = flushes.slice(60);
		// 24 of 28 ms, but for the longest wait.
		expect(Math.min(...settled.map(({ waited }) => waited))).toBeGreaterThan(
			19,
		);
		const quick = room(2_000, { otherWork: 0.8, cost: () => 2 });
		expect(shareOf(quick.flushes.slice(50))).toBeCloseTo(1 / 7, 2);
	});

	test("RT5 a storm of other work lengthens waits, and its end shortens them, smoothly", () => {
		let time = 0;
		const pace = createPace(20);
		let idle = 0;
		const waits: number[] = [];
		for (let flush = 0; flush < 300; flush++) {
			const isStorm = flush >= 100 && flush < 200;
			const start = time + Math.max(0, pace.waitFrom(time));
			waits.push(start - time);
			idle += (start - time) * (isStorm ? 0.1 : 1);
			pace.flushed({
				...{ count: 9, waited: true, idle },
				...{ start, end: start + 2, took: 2 },
			});
			time = start + 2;
		}
		expect(mean(waits.slice(50, 100))).toBeCloseTo(waitAfter(2), 1);
		expect(mean(waits.slice(150, 200))).toBeGreaterThan(10);
		expect(mean(waits.slice(280))).toBeCloseTo(waitAfter(2), 0);
		expect(largestFall(waits.slice(100, 200))).toBeLessThan(5);
		expect(largestFall(waits.slice(200).map((wait) => -wait))).toBeLessThan(5);
	});

	test("RT5 under a ramp no part of it takes more than its share", () => {
		const arrivals: number[] = [];
		for (let time = 0; time < 10_000; time += 1_000 / (10 + time / 2))
			arrivals.push(time);
		const { flushes } = simulate({ arrivals, cost: () => 4 });
		for (let from = 0; from < 9_500; from += 250) {
			const part = flushes.filter(
				({ start }) => start >= from && start < from + 500,
			);
			// What time paid ahead is spent in the first of them.
			expect(shareOf(part), `from ${from}`).toBeLessThan(0.91);
		}
	});

	test("RT5 a burst after a pause goes at once, and pays for itself later", () => {
		const burst = Array.from({ length: 16 }, (_, n) => 1_000 + n * 4);
		const { flushes } = simulate({ arrivals: [0, ...burst], cost: () => 4 });
		const [, first, second, ...later] = flushes;
		expect([first?.waited, second?.waited]).toEqual([0, 0]);
		const waits = later.filter(({ waited }) => waited > 0);
		expect(waits.map(({ count }) => count)).toContain(2);
		// Until the next one comes, or the one after.
		expect(Math.max(...waits.map(({ waited }) => waited))).toBeLessThan(8);
	});

	test("RT5 a flush that took long by itself, as where the process had no core, changes nothing later", () => {
		const cost = (flush: number) => (flush === 100 ? 2_000 : 4);
		const { flushes } = room(200, { cost });
		for (const { waited } of flushes.slice(101, 200))
			expect(waited).toBeLessThan(waitAfter(4) + 0.01);
	});

	test("RT5 no wait is longer than the window", () => {
		for (const flushWindow of [1, 2, 5, 20]) {
			const { flushes } = room(5_000, { flushWindow, cost: () => 90 });
			const waits = flushes.slice(5).map(({ waited }) => waited);
			expect(Math.max(...waits)).toBeLessThanOrEqual(flushWindow + 1e-9);
			// But for what is left when the last one comes.
			expect(Math.min(...waits)).toBeGreaterThan(flushWindow - 0.21);
		}
	});

	test.each([0.5, 4, 15])(
		"RT5 a smaller window never waits longer, with flushes of %d ms",
		(cost) => {
			for (const rate of [50, 200, 2_000]) {
				const means = [0, 1, 2, 5, 20, 100].map((flushWindow) =>
					mean(room(rate, { flushWindow, cost: () => cost }).latencies),
				);
				for (const [n, less] of means.slice(0, -1).entries())
					expect(less, `${rate}/s`).toBeLessThanOrEqual(
						(means[n + 1] as number) * 1.05,
					);
			}
		},
	);

	test("RT5 a window of 0 lets nothing wait", () => {
		const { flushes } = room(5_000, { flushWindow: 0, otherWork: 0.9 });
		expect(Math.max(...flushes.map(({ waited }) => waited))).toBe(0);
	});

	test("RT5 who sends one at a time and waits for the answer waits for ever fewer", () => {
		const pace = createPace(20);
		const waits = askAndWait(pace, { count: 2_000, cost: 0.3, pause: 0.05 });
		const waited = waits.flatMap((wait, place) => (wait > 0 ? [place] : []));
		expect(waited.slice(0, 8)).toHaveLength(8);
		expect(waited.filter((place) => place > 1_000).length).toBeLessThan(6);
		expect(waits[waited[7] ?? 0]).toBeCloseTo(waitAfter(0.3) - 0.05, 1);
	});

	test("RT5 once broadcasts come together, they wait for each other again", () => {
		const pace = createPace(20);
		askAndWait(pace, { count: 1_000, cost: 4, pause: 0 });
		const begin = 30_000;
		for (let start = begin; start < begin + 400; start += 4)
			pace.flushed({
				...{ count: 9, waited: false, idle: undefined },
				...{ start, end: start + 4, took: 4 },
			});
		expect(pace.waitFrom(begin + 400)).toBeGreaterThan(0.5);
	});

	test("RT5 a process is full while it never idles, and not for what a flush takes", () => {
		const fullness = (otherWork: number) => {
			const pace = createPace(20);
			let [time, idle] = [0, 0];
			return Array.from({ length: 100 }, () => {
				const start = time + Math.max(0, pace.waitFrom(time)) + 1;
				idle += (start - time) * (1 - otherWork);
				time = start + 3;
				pace.flushed({
					...{ count: 5, waited: true, idle },
					...{ start, end: time, took: time - start },
				});
				return pace.isFull();
			});
		};
		expect(fullness(0.5)).not.toContain(true);
		expect(fullness(1).slice(50)).not.toContain(false);
	});

	test("RT5 without a word of idle time it is as if there were no other work", () => {
		const pace = createPace(20);
		let time = 0;
		for (let n = 0; n < 100; n++) {
			const start = time + Math.max(0, pace.waitFrom(time));
			time = start + 3;
			pace.flushed({
				...{ count: 5, waited: true, idle: undefined },
				...{ start, end: time, took: 3 },
			});
		}
		expect(pace.waitFrom(time)).toBeCloseTo(waitAfter(3), 5);
	});
});

function median(numbers: readonly number[]): number {
	return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] as number;
}

function largestFall(waits: readonly number[]): number {
	const falls = waits.slice(1).map((wait, n) => (waits[n] ?? 0) - wait);
	return Math.max(...falls);
}
