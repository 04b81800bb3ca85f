/** A process with a clock of its own that does nothing but write what comes, slice by slice, at a pace. */
import { createPace, type Pace } from "../../../src/core/edge/flush-pace.ts";

export interface Load {
	/** When messages come, in milliseconds, rising. */
	readonly arrivals: readonly number[];
	/** Milliseconds that a way round takes, by its number. */
	cost(round: number): number;
	/** Into how many slices the receivers are cut. */
	readonly slices?: number;
	/** What else the process does meanwhile, as a share of the time. */
	readonly otherWork?: number;
	readonly flushWindow?: number;
}

export interface RoundSeen {
	readonly start: number;
	readonly end: number;
	/** Writing it took. */
	readonly took: number;
	/** How many messages one slice was written at most. */
	readonly count: number;
	/** How long what it wrote first had waited although nothing was written. */
	readonly waited: number;
}

export interface Run {
	readonly rounds: readonly RoundSeen[];
	/** From when each message came to when it had been written to a slice, of all slices. */
	readonly latencies: readonly number[];
}

export function simulate(load: Load): Run {
	const { arrivals, cost, slices = 8, otherWork = 0, flushWindow = 20 } = load;
	const pace = createPace(flushWindow);
	const rounds: RoundSeen[] = [];
	const latencies: number[] = [];
	/** How many messages each slice has been written. */
	const written = Array.from({ length: slices }, () => 0);
	let came = 0;
	let at = 0;
	let [free, idle] = [0, 0];

	function receive(now: number): void {
		while ((arrivals[came] ?? Number.POSITIVE_INFINITY) <= now) came++;
	}

	/** Returns how many it was written. */
	function write(slice: number, took: number): number {
		const first = written[slice] as number;
		for (const arrival of arrivals.slice(first, came))
			latencies.push(free + took - arrival);
		written[slice] = came;
		free += took;
		return came - first;
	}

	while (Math.min(...written) < arrivals.length) {
		const first = Math.max(free, arrivals[Math.min(...written)] as number);
		const start = startOf(pace, first, arrivals, came);
		idle += (start - free) * (1 - otherWork);
		free = start;
		const each = cost(rounds.length) / slices;
		const round = {
			...{ start, took: 0, part: 0, count: 0, broadcasts: 0 },
			waited: start - first,
		};
		receive(start);
		for (let left = slices; left > 0; left--, at = (at + 1) % slices) {
			if (written[at] === came) continue;
			const count = write(at, each);
			round.count = Math.max(round.count, count);
			round.broadcasts += count / slices;
			round.took += each;
			round.part += 1 / slices;
			receive(free);
			if (written.every((count) => count === came)) break;
		}
		rounds.push({ ...round, end: free });
		pace.wrote({ ...round, end: free, waited: start > first, idle });
	}
	return { rounds, latencies };
}

/** When a way round begins for what waits at a time: each message that comes meanwhile looks again. */
function startOf(
	pace: Pace,
	first: number,
	arrivals: readonly number[],
	came: number,
): number {
	let now = first;
	for (let next = came; ; next++) {
		const due = now + pace.waitFrom(now);
		const arrival = arrivals[next] ?? Number.POSITIVE_INFINITY;
		if (due <= now || arrival >= due) return Math.max(now, due);
		now = Math.max(now, arrival);
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
		pace.wrote({
			...{ count: 1, broadcasts: 1, part: 1, waited, idle: undefined },
			...{ start, end: time, took: cost },
		});
		return start - came;
	});
}

/** The share of the time that writing takes where there is no other work. */
export function shareFor(cost: number): number {
	return Math.min(Math.sqrt(cost / 4.5), 0.85);
}

/** The wait between two ways round where there is no other work, and many broadcasts come. */
export function waitAfter(cost: number): number {
	return cost / shareFor(cost) - cost;
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

/** The share of the time that writing takes, from the first's start to the last's. */
export function shareOf(rounds: readonly RoundSeen[]): number {
	const [first, last] = [rounds[0], rounds.at(-1)];
	if (!first || !last) return 0;
	return (
		sum(rounds.slice(0, -1).map(({ took }) => took)) /
		(last.start - first.start)
	);
}

export function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, number) => total + number, 0);
}

export function mean(numbers: readonly number[]): number {
	return sum(numbers) / numbers.length;
}
