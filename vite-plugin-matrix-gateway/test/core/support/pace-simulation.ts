/** A process with a clock of its own that does nothing but flush what comes, at a pace. */
import { createPace, type Pace } from "../../../src/core/edge/flush-pace.ts";

export interface Load {
	/** When messages come, in milliseconds, rising. */
	readonly arrivals: readonly number[];
	/** Milliseconds that a flush takes, by its number. */
	cost(flush: number): number;
	/** What else the process does meanwhile, as a share of the time. */
	readonly otherWork?: number;
	readonly flushWindow?: number;
}

export interface FlushSeen {
	readonly start: number;
	readonly end: number;
	readonly count: number;
	/** How long what it wrote had waited although nothing was written. */
	readonly waited: number;
}

export interface Run {
	readonly flushes: readonly FlushSeen[];
	/** From when each message came to when its flush was over. */
	readonly latencies: readonly number[];
}

export function simulate(load: Load): Run {
	const { arrivals, cost, otherWork = 0, flushWindow = 20 } = load;
	const pace = createPace(flushWindow);
	const flushes: FlushSeen[] = [];
	const latencies: number[] = [];
	let free = 0;
	let idle = 0;
	for (let next = 0; next < arrivals.length; ) {
		const came = Math.max(free, arrivals[next] as number);
		const start = startOf(pace, came, arrivals, next);
		const took = cost(flushes.length);
		const end = start + took;
		const first = next;
		while ((arrivals[next] ?? Number.POSITIVE_INFINITY) <= start) {
			latencies.push(end - (arrivals[next] as number));
			next++;
		}
		idle += (start - free) * (1 - otherWork);
		const flush = { count: next - first, start, end, waited: start - came };
		flushes.push(flush);
		pace.flushed({ ...flush, took, waited: start > came, idle });
		free = end;
	}
	return { flushes, latencies };
}

/** When one is written that came at a place of the arrivals: each that comes meanwhile looks again. */
function startOf(
	pace: Pace,
	came: number,
	arrivals: readonly number[],
	place: number,
): number {
	let now = came;
	for (let at = place; ; at++) {
		const due = now + pace.waitFrom(now);
		const next = arrivals[at + 1] ?? Number.POSITIVE_INFINITY;
		if (due <= now || next >= due) return Math.max(now, due);
		now = Math.max(now, next);
	}
}

/** Has each message come a while after the one before was written. */
export function askAndWait(
	pace: Pace,
	{ count, cost, pause }: { count: number; cost: number; pause: number },
): number[] {
	let time = 0;
	return Array.from({ length: count }, () => {
		const came = time + pause;
		const start = came + Math.max(0, pace.waitFrom(came));
		time = start + cost;
		const waited = start > came;
		pace.flushed({
			...{ count: 1, waited, idle: undefined },
			...{ start, end: time, took: time - start },
		});
		return start - came;
	});
}

/** The wait after a flush where there is no other work, and many broadcasts come. */
export function waitAfter(cost: number): number {
	return Math.max(Math.sqrt(3 * cost), cost / 0.8) - cost;
}

/** Messages that come evenly, so many a second. */
export function evenly(
	rate: number,
	seconds: number,
	from = 0,
): readonly number[] {
	return Array.from(
		{ length: rate * seconds },
		(_, n) => from + ((n + 1) * 1_000) / rate,
	);
}

/** The share of the time that flushes take, from the first's start to the last's. */
export function shareOf(flushes: readonly FlushSeen[]): number {
	const [first, last] = [flushes[0], flushes.at(-1)];
	if (!first || !last) return 0;
	const spent = flushes.slice(0, -1).map(({ start, end }) => end - start);
	return sum(spent) / (last.start - first.start);
}

export function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, number) => total + number, 0);
}

export function mean(numbers: readonly number[]): number {
	return sum(numbers) / numbers.length;
}
