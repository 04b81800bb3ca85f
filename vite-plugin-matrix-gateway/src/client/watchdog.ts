import type { Clock } from "./clock.ts";

/** Watches one connection for silence. */
export interface Watchdog {
	/** Something was received. */
	heard(): void;
	/** Pings at once, and waits only briefly: after a suspension the connection may be dead. */
	probe(): void;
	stop(): void;
}

/** How long a probe waits for an answer, in milliseconds. */
const PROBE_TIMEOUT = 5_000;

/** A timer that fires this much too late was delayed by the browser, in milliseconds. */
const LATE = 1_000;

/**
 * Calls `ping` after `interval` milliseconds in which nothing was received, and `dead` when
 * nothing was received in the next `interval` either [HB3].
 *
 * Browsers slow down or stop the timers of pages in the background, and a message that came
 * meanwhile may be handled only after the timer. So where the timer fires late, it pings once more
 * before it calls `dead`. Only once: in a page that stays throttled every timer is late, and a
 * dead connection has to be found there too.
 */
export function startWatchdog(
	interval: number,
	{ ping, dead }: { ping(): void; dead(): void },
	clock: Clock,
): Watchdog {
	let lastHeard = clock.now();
	let due = 0;
	let stopTimer = () => {};
	let asked = false;
	let pardoned = false;
	arm(interval);

	function arm(wait: number): void {
		stopTimer();
		due = clock.now() + wait;
		stopTimer = clock.setTimer(check, wait);
	}

	function ask(wait: number): void {
		asked = true;
		arm(wait);
		ping();
	}

	function check(): void {
		const now = clock.now();
		const remaining = lastHeard + interval - now;
		if (asked) judge(now - due > Math.min(LATE, interval / 2));
		else if (remaining > 0) arm(remaining);
		else ask(interval);
	}

	function judge(late: boolean): void {
		const isPardon = late && !pardoned;
		pardoned = true;
		if (isPardon) ask(interval);
		else dead();
	}

	return {
		heard() {
			lastHeard = clock.now();
			asked = false;
			pardoned = false;
		},
		probe: () => ask(Math.min(interval, PROBE_TIMEOUT)),
		stop: () => stopTimer(),
	};
}
