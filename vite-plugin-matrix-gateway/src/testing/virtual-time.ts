/** A clock, timers and turns of an event loop that move only when they are told to. */
export interface VirtualTime {
	/** Milliseconds since 1970. */
	readonly now: number;
	/** How many timers run. */
	readonly timers: number;
	/** Calls back once, in a turn of its own. Returns what stops it. */
	setTimer(callback: () => void, milliseconds: number): () => void;
	/** Calls back at the end of the turn. */
	defer(callback: () => void): void;
	/** Runs what was deferred, but not what that defers. False where there was nothing. */
	round(): boolean;
	/** Ends the turn: runs what was deferred, and what that defers. */
	turn(): void;
	/**
	 * Goes to the next timer that is due by then and defers its callback. False where there is none.
	 * Of several at one time the first that was set comes first.
	 */
	step(until: number): boolean;
	/** Lets time pass without a timer. */
	sleep(milliseconds: number): void;
	/** Defers the callbacks of all timers that are due. */
	fireLate(): void;
}

interface Timer {
	readonly at: number;
	readonly callback: () => void;
}

/** Deferring for ever is a bug, and must not hang the tests. */
const MOST_ROUNDS = 100_000;

/** @param start Milliseconds since 1970. */
export function createVirtualTime(start: number): VirtualTime {
	const timers = new Set<Timer>();
	let deferred: (() => void)[] = [];
	let now = start;

	function fire(timer: Timer): void {
		deferred.push(() => {
			if (timers.delete(timer)) timer.callback();
		});
	}

	function round(): boolean {
		const callbacks = deferred;
		deferred = [];
		for (const callback of callbacks) callback();
		return callbacks.length > 0;
	}

	return {
		get now() {
			return now;
		},
		get timers() {
			return timers.size;
		},
		setTimer(callback, milliseconds) {
			const timer = { at: now + milliseconds, callback };
			timers.add(timer);
			return () => void timers.delete(timer);
		},
		defer: (callback) => void deferred.push(callback),
		round,
		turn() {
			for (let rounds = 0; round(); rounds++)
				if (rounds > MOST_ROUNDS) throw new Error("deferring without an end");
		},
		step(until) {
			const next = earliest(timers);
			if (!next || next.at > until) return false;
			now = Math.max(now, next.at);
			fire(next);
			return true;
		},
		sleep(milliseconds) {
			now += milliseconds;
		},
		fireLate() {
			for (const timer of [...timers]) if (timer.at <= now) fire(timer);
		},
	};
}

function earliest(timers: Iterable<Timer>): Timer | undefined {
	let first: Timer | undefined;
	for (const timer of timers) if (!first || timer.at < first.at) first = timer;
	return first;
}
