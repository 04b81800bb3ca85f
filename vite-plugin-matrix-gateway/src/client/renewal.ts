import type { Clock } from "./clock.ts";
import type { Credentials } from "./credentials.ts";

/** Shows another token shortly before the one in use ends, on the connection that there is [AUTH6]. */
export interface Renewal {
	/** The grant of the connection ends in so many milliseconds, or never. */
	plan(expires: number | undefined): void;
	/** The connection is gone. */
	stop(): void;
}

/** Milliseconds. So long before its end a token is renewed at most, and so seldom. */
const LEAD = { most: 60_000, leastWait: 1_000 };

/** Timers wait no longer. */
const LONGEST_WAIT = 2 ** 31 - 1;

/**
 * Where the token is no function there is no other. One that cannot be had, or is not accepted, is no
 * reason to give up the connection: the gateway closes it when it is time, and a new one is made.
 */
export function createRenewal(
	{ get, canRenew }: Credentials,
	show: (token: string) => void,
	clock: Clock,
): Renewal {
	let stopTimer: (() => void) | undefined;

	function stop(): void {
		stopTimer?.();
		stopTimer = undefined;
	}

	async function renew(mine: typeof stopTimer): Promise<void> {
		const token = await get().catch(() => null);
		if (token && mine === stopTimer) show(token);
	}

	return {
		plan(expires) {
			stop();
			if (!canRenew || expires === undefined) return;
			// At a time of its own: many may have got their tokens at once.
			const lead =
				Math.min(LEAD.most, expires / 2) * (0.5 + clock.random() / 2);
			const wait = Math.max(LEAD.leastWait, expires - lead);
			const mine = clock.setTimer(
				() => void renew(mine),
				Math.min(wait, LONGEST_WAIT),
			);
			stopTimer = mine;
		},
		stop,
	};
}
