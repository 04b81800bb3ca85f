/** How long grants last [AUTH4]. */
import type { Grant } from "../protocol/grant.ts";
import { MAX_TIMER } from "../protocol/options.ts";
import type { Connection } from "./connection.ts";
import { type Host, wallTime } from "./host.ts";

export interface GrantClock {
	/** Whether a grant has ended. One whose end is no number has. */
	hasEnded(grant: Grant): boolean;
	/** Seconds that a connection's grant lasts; undefined where it has no end. */
	secondsLeft(connection: Connection): number | undefined;
	/** Closes a connection when its grant ends, which may be another one than before. */
	watch(connection: Connection): void;
	/** It has ended. */
	forget(connection: Connection): void;
}

export interface GrantClockParts {
	readonly host: Host;
	/** Called for a connection whose grant has ended. */
	expired(connection: Connection): void;
}

/** So far apart, in milliseconds, are two looks at all whose grants end: many may do so one after the other. */
const PAUSE = 250;

/** A clock on the wall is set now and then: nothing waits longer for its time than this. */
const LONGEST = Math.min(60_000, MAX_TIMER);

/** One timer for all, which runs while there is a connection whose grant ends. */
export function createGrantClock(parts: GrantClockParts): GrantClock {
	const { host } = parts;
	const limited = new Set<Connection>();
	let stopTimer: (() => void) | undefined;
	/** When the timer calls back. */
	let next = Number.POSITIVE_INFINITY;

	function look(): void {
		stopTimer = undefined;
		const now = wallTime(host);
		for (const connection of [...limited])
			if (hasPassed(connection.grant, now)) parts.expired(connection);
		if (limited.size > 0) schedule(Math.max(PAUSE, untilFirst()));
	}

	function untilFirst(): number {
		let first = Number.POSITIVE_INFINITY;
		for (const { grant } of limited)
			first = Math.min(first, grant.expires ?? first);
		return first - wallTime(host);
	}

	function schedule(wait: number): void {
		stopTimer?.();
		const within = Math.min(LONGEST, Math.max(0, wait));
		next = wallTime(host) + within;
		stopTimer = host.setTimer(look, within);
	}

	function forget(connection: Connection): void {
		if (!limited.delete(connection) || limited.size > 0) return;
		stopTimer?.();
		stopTimer = undefined;
	}

	return {
		hasEnded: (grant) => hasPassed(grant, wallTime(host)),
		secondsLeft({ grant: { expires } }) {
			if (!isEnd(expires)) return undefined;
			return Math.max(0, Math.round(expires - wallTime(host))) / 1000;
		},
		watch(connection) {
			const { expires } = connection.grant;
			if (!isEnd(expires)) return forget(connection);
			limited.add(connection);
			if (!stopTimer || expires < next) schedule(expires - wallTime(host));
		},
		forget,
	};
}

/** Whether a grant ends: infinity is no time at which it does. */
export function isEnd(expires: number | undefined): expires is number {
	return expires !== undefined && expires !== Number.POSITIVE_INFINITY;
}

function hasPassed({ expires }: Grant, now: number): boolean {
	return isEnd(expires) && !(expires > now);
}
