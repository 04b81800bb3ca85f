/**
 * How long broadcasts wait for each other: as little as the load allows.
 *
 * A write costs about the same for one broadcast as for many. So a way round all receivers (see
 * sweep.ts) of T milliseconds, of which writing takes d, takes d/T of the time, and lets what comes
 * wait for T/2 in the mean. Where 2.25 ms of that are worth as much as the whole core, the best is
 * T = √(4.5·d): for 200 writes of 4 µs 1.9 ms, of which writing takes 0.42; for 50 of them 0.21.
 * It takes no more than twice the other work leaves of 0.85, so that reading is not starved, and no
 * less than a seventh. A pause between two is the flush window at most.
 *
 * A way round is charged what it took, and time pays it back at that share; broadcasts wait while
 * something is owed. But where the next way round is over before another broadcast comes, a wait
 * brings nobody: while writing takes no more than one and a half times its share so, nothing waits
 * and nothing is owed.
 *
 * What the share depends on, the cost of a write and the other work, hardly depends on how long
 * broadcasts wait, so nothing swings: with time to spare they go at once, and as they become more,
 * batches grow.
 */

/** Milliseconds of a way round that may take all of the time: twice the wait that is worth as much. */
const WORTH_ALL = 4.5;

/** What writing may take where there is no other work, and what is kept free for each part of that. */
const MOST_SHARE = 0.85;
const RESERVE = 2;

/** So many times its share it may take where nothing waits. */
const TOLERANCE = 1.5;

/** What writing may take however busy the process is, at which batches are as large as they get. */
const LEAST_SHARE = 1 / 7;

/** Milliseconds of writing that time pays ahead: a few broadcasts at once after a pause. */
const AHEAD = 4;

/** A way round counts at most so many times the one before: one alone may be long for want of a core. */
const MOST_GROWTH = 2;

/** From here on there is no time to spare. */
const FULL = 0.95;

/** Milliseconds after which the latest counts half in an average of what the process does. */
const WORK_MEMORY = 100;

/** The same of how many broadcasts come: a burst is to be seen as one. */
const RATE_MEMORY = 20;

/** So many waits in a row without company, and broadcasts wait for none for a while. */
const PATIENCE = 8;
const MAX_SKIPS = 256;

/** One way round. Times are in milliseconds. */
export interface Round {
	/** The most broadcasts that it wrote to one connection. */
	readonly count: number;
	/** How many that are in all; those that only a part was written count as much as that part. */
	readonly broadcasts: number;
	/** The connections that were written to, as a part of all that are written broadcasts. */
	readonly part: number;
	/** Whether they had waited as long as they were to. */
	readonly waited: boolean;
	readonly start: number;
	readonly end: number;
	/** What writing took of the time in between. */
	readonly took: number;
	/** How long the process has had nothing to do, since it began; undefined where nobody knows. */
	readonly idle: number | undefined;
}

/** Learns from each way round when the next one is due. */
export interface Pace {
	/** How long broadcasts wait that are here now, in milliseconds; 0 or less where they go at once. */
	waitFrom(now: number): number;
	/** Whether the process has no time to spare: then messages to one wait with broadcasts, too. */
	isFull(): boolean;
	wrote(round: Round): void;
}

/** @param flushWindow The longest wait, in milliseconds; 0 lets nothing wait. */
export function createPace(flushWindow: number): Pace {
	const busy = createAverage(WORK_MEMORY);
	const otherWork = createAverage(WORK_MEMORY);
	/** What a way round costs. */
	const usualCost = createAverage(WORK_MEMORY);
	/** Broadcasts a millisecond. */
	const rate = createAverage(RATE_MEMORY);
	let uncounted = 0;
	let notBefore = 0;
	let lastEnd = 0;
	let lastIdle: number | undefined;
	/** What the last way round would have cost with all connections in it. */
	let lastCost = 0;
	/** Whether writing takes no more than it may where nothing waits. */
	let hurries = true;
	/** Milliseconds of writing that are paid ahead, or owed where it is below 0. */
	let balance = AHEAD;
	// Waits in a row that brought nothing, and ways round to come that are followed by none.
	let fruitless = 0;
	let skips = 0;

	/** Who sends one at a time and waits for the answer gets nothing from a wait but delay. */
	function learn({ count, waited }: Round): void {
		if (count > 1) fruitless = skips = 0;
		else if (waited) skips = skipsAfter(++fruitless);
		else if (skips > 0) skips--;
	}

	/** What the process did since the last way round, as a share of the time. */
	function measureWork({ took, idle }: Round, elapsed: number): void {
		if (idle !== undefined && lastIdle !== undefined && elapsed > 0) {
			const work = Math.max(took, elapsed - (idle - lastIdle));
			busy.add(work / elapsed, elapsed);
			otherWork.add((work - took) / elapsed, elapsed);
		}
		lastIdle = idle;
	}

	/** A clock may stand still for as long as writing takes. */
	function measureRate({ broadcasts }: Round, elapsed: number): void {
		uncounted += broadcasts;
		if (elapsed <= 0) return;
		// Before the first one nobody knows since when none had come.
		if (lastEnd > 0) rate.add(uncounted / elapsed, elapsed);
		uncounted = 0;
	}

	/** What a way round costs. */
	function costOf({ took, part }: Round): number {
		const cost = took / part;
		const counted = Math.min(cost, MOST_GROWTH * lastCost);
		lastCost = cost;
		return counted;
	}

	/** What writing may take of the time, where a way round costs so much. */
	function shareFor(cost: number): number {
		return Math.max(LEAST_SHARE, Math.min(bestShare(cost), mostShare()));
	}

	function mostShare(): number {
		return MOST_SHARE - RESERVE * otherWork.value;
	}

	/** Whether writing takes no more than it may where nothing waits. */
	function hasTime(): boolean {
		const { value: cost } = usualCost;
		const most = Math.min(TOLERANCE * bestShare(cost), mostShare());
		return rate.value * cost <= most;
	}

	function charge({ start, end }: Round, cost: number, share: number): void {
		const paid = Math.min(AHEAD, balance + share * (start - lastEnd));
		// What the window does not let it pay back is forgiven, and what nobody is to wait for.
		const least = hurries ? 0 : -share * flushWindow;
		const left = paid + share * (end - start) - cost;
		balance = Math.min(AHEAD, Math.max(left, least));
	}

	return {
		waitFrom: (now) => (hurries ? 0 : notBefore - now),
		isFull: () => busy.value > FULL,
		wrote(round) {
			const { end, part } = round;
			const elapsed = end - lastEnd;
			learn(round);
			measureWork(round, elapsed);
			measureRate(round, elapsed);
			const cost = costOf(round);
			if (elapsed > 0) usualCost.add(cost, elapsed);
			hurries = hasTime();
			const share = shareFor(cost);
			charge(round, cost * part, share);
			lastEnd = end;
			const waits = balance < 0 && skips === 0;
			notBefore = waits ? end - balance / share : end;
		},
	};
}

/** At which waiting and writing together cost least. */
function bestShare(cost: number): number {
	return (cost / WORTH_ALL) ** 0.5;
}

/** Twice as many after each, so that who asks and waits for the answer pays for ever fewer. */
function skipsAfter(fruitless: number): number {
	const doublings = fruitless - PATIENCE;
	return doublings < 0 ? 0 : Math.min(MAX_SKIPS, 2 ** doublings);
}

/**
 * An average in which the older counts ever less.
 * @param memory Milliseconds after which the latest counts half.
 */
function createAverage(memory: number) {
	let age = 0;
	const average = {
		value: 0,
		/** @param milliseconds How long it was so. */
		add(latest: number, milliseconds: number): void {
			average.value +=
				((latest - average.value) * milliseconds) / (milliseconds + age);
			age = Math.min(memory, age + milliseconds);
		},
	};
	return average;
}
