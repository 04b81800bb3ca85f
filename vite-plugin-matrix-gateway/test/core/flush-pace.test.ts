import { describe, expect, test } from "vitest";
import { createPace } from "../../src/core/edge/flush-pace.ts";
import {
	askAndWait,
	evenly,
	type Load,
	mean,
	shareFor,
	shareOf,
	simulate,
	waitAfter,
} from "./support/pace-simulation.ts";

/** A room of 1,000: to write to all takes 4 ms, however many messages it is. */
function room(rate: number, more: Partial<Load> = {}) {
	return simulate({ arrivals: evenly(rate, 4), cost: () => 4, ...more });
}

describe("pace", () => {
	test.each([50, 100, 200])(
		"RT5 with time to spare nothing waits: %i a second",
		(rate) => {
			const { latencies } = room(rate);
			expect(largest(latencies)).toBeCloseTo(4);
		},
	);

	test.each([500, 1_000, 5_000, 20_000])(
		"RT5 writing keeps to its share, and nobody waits longer than a way round: %i messages a second",
		(rate) => {
			const { rounds, latencies } = room(rate);
			expect(shareOf(rounds)).toBeCloseTo(0.85, 2);
			expect(largest(latencies)).toBeLessThan(4.51 + waitAfter(4));
		},
	);

	test("RT5 small rooms leave more of the time, where many come", () => {
		const { rounds } = room(5_000, { cost: () => 0.3 });
		expect(shareOf(rounds.slice(50))).toBeCloseTo(shareFor(0.3), 2);
		const few = room(900, { cost: () => 0.3 }).latencies;
		expect(Math.max(...few)).toBeCloseTo(0.3);
	});

	test.each([
		[200, 4.2],
		[500, 1.5],
		[800, 0.4],
	])(
		"RT5 nothing waits where a way round is over before the next broadcast comes: %i a second, ways round of %d ms",
		(rate, cost) => {
			const { rounds, latencies } = room(rate, { cost: () => cost });
			expect(Math.max(...rounds.map(({ waited }) => waited))).toBe(0);
			expect(largest(latencies)).toBeCloseTo(cost);
		},
	);

	test("RT5 what comes while some are written goes at once to those who are next", () => {
		// Two are on their way at any time.
		const { latencies } = room(500, { cost: () => 3.2, slices: 16 });
		const cycle = 3.2 + waitAfter(3.2);
		expect(largest(latencies)).toBeLessThan(cycle + 0.3);
		expect(mean(latencies)).toBeLessThan(cycle / 2 + 0.4);
	});

	test("RT5 batches grow with the load", () => {
		const sizes = [100, 200, 400, 800, 1_600].map((rate) =>
			mean(room(rate).rounds.map(({ count }) => count)),
		);
		expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
		expect(sizes[0]).toBe(1);
		expect(sizes[4]).toBeGreaterThan(6);
	});

	test("RT5 steady load is written in steady batches", () => {
		for (const rate of [300, 700, 3_000]) {
			const counts = room(rate)
				.rounds.slice(60, -1)
				.map(({ count }) => count);
			const off = counts.map((count) => Math.abs(count - mean(counts)));
			expect(Math.max(...off)).toBeLessThan(2);
			expect(mean(off)).toBeLessThan(0.6);
		}
	});

	test("RT5 where other work takes most of the time, writing takes a seventh, in the largest batches", () => {
		const { rounds } = room(2_000, { otherWork: 0.8 });
		const settled = rounds.slice(60);
		// 24 of 28 ms, but for the longest wait.
		expect(Math.min(...settled.map(({ waited }) => waited))).toBeGreaterThan(
			19,
		);
		const quick = room(2_000, { otherWork: 0.8, cost: () => 2 });
		expect(shareOf(quick.rounds.slice(50))).toBeCloseTo(1 / 7, 2);
	});

	test("RT5 a storm of other work lengthens waits, and its end shortens them, smoothly", () => {
		let time = 0;
		const pace = createPace(20);
		let idle = 0;
		const waits: number[] = [];
		for (let round = 0; round < 300; round++) {
			const isStorm = round >= 100 && round < 200;
			const start = time + Math.max(0, pace.waitFrom(time));
			waits.push(start - time);
			idle += (start - time) * (isStorm ? 0.1 : 1);
			pace.wrote({
				...{ count: 9, broadcasts: 9, part: 1, waited: true, idle },
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
		const { rounds } = simulate({ arrivals, cost: () => 4 });
		for (let from = 0; from < 9_500; from += 250) {
			const part = rounds.filter(
				({ start }) => start >= from && start < from + 500,
			);
			// What time paid ahead is spent in the first of them.
			expect(shareOf(part), `from ${from}`).toBeLessThan(0.93);
		}
	});

	test("RT5 a burst after a pause goes at once, and pays for itself later", () => {
		const burst = Array.from({ length: 16 }, (_, n) => 1_000 + n * 4);
		const { rounds } = simulate({ arrivals: [0, ...burst], cost: () => 4 });
		const [, first, second, ...later] = rounds;
		expect([first?.waited, second?.waited]).toEqual([0, 0]);
		const waits = later.map(({ waited }) => waited);
		expect(Math.max(...waits)).toBeGreaterThan(0);
		expect(Math.max(...waits)).toBeLessThan(4);
	});

	test("RT5 a way round that took long by itself, as where the process had no core, changes nothing later", () => {
		const cost = (round: number) => (round === 100 ? 2_000 : 4);
		const { rounds } = room(200, { cost });
		for (const { waited } of rounds.slice(101, 200))
			expect(waited).toBeLessThan(waitAfter(4) + 0.01);
	});

	test("RT5 no wait is longer than the window", () => {
		for (const flushWindow of [1, 2, 5, 20]) {
			const { rounds } = room(5_000, {
				...{ flushWindow, cost: () => 90, otherWork: 0.9 },
			});
			const waits = rounds.slice(5).map(({ waited }) => waited);
			expect(Math.max(...waits)).toBeLessThanOrEqual(flushWindow + 1e-9);
			// But for what is left when the last one comes.
			expect(Math.min(...waits)).toBeGreaterThan(flushWindow - 0.21);
		}
	});

	test.each([0.5, 4, 15])(
		"RT5 a smaller window never waits longer, with ways round of %d ms",
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
		const { rounds } = room(5_000, { flushWindow: 0, otherWork: 0.9 });
		expect(Math.max(...rounds.map(({ waited }) => waited))).toBe(0);
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
			pace.wrote({
				...{ count: 9, broadcasts: 9, part: 1, waited: false, idle: undefined },
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
				pace.wrote({
					...{ count: 5, broadcasts: 5, part: 1, waited: true, idle },
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
			pace.wrote({
				...{ count: 5, broadcasts: 5, part: 1, waited: true, idle: undefined },
				...{ start, end: time, took: 3 },
			});
		}
		expect(pace.waitFrom(time)).toBeCloseTo(waitAfter(3), 5);
	});
});

/** Of more numbers than a call takes. */
function largest(numbers: readonly number[]): number {
	return numbers.reduce((most, number) => Math.max(most, number), 0);
}

function largestFall(waits: readonly number[]): number {
	const falls = waits.slice(1).map((wait, n) => (waits[n] ?? 0) - wait);
	return Math.max(...falls);
}
