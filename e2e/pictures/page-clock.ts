/** The clock of a context's pages. */
import type { BrowserContext } from "@playwright/test";

export interface PageClock {
	/** Until then it went as any clock does; now it stands still, at the start. */
	stop(): Promise<void>;
	/** Lets time pass up to a moment, in milliseconds since 1970. */
	passTo(moment: number): Promise<void>;
	/** Lets one more frame come. */
	frame(): Promise<void>;
}

/**
 * Milliseconds between two frames as browsers have them. A page that has only longer ones takes the machine for
 * a slow one, and lowers its resolution.
 */
const FRAME = 16;

/** @param start Milliseconds since 1970. */
export async function installClock(
	{ clock }: BrowserContext,
	start: number,
): Promise<PageClock> {
	let last = start;
	// Pages that open before it stands still have five minutes.
	await clock.install({ time: start - 300_000 });

	async function passTo(moment: number): Promise<void> {
		const jump = Math.max(0, moment - last - 3 * FRAME);
		if (jump > 0) await clock.fastForward(jump);
		await clock.runFor(moment - last - jump);
		last = moment;
	}

	return {
		stop: () => clock.pauseAt(start),
		passTo,
		frame: () => passTo(last + FRAME),
	};
}
