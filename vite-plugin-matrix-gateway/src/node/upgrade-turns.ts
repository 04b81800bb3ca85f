/**
 * Upgrades that come at once are begun a few a turn, in their order: each takes a fraction of a
 * millisecond, and a hundred of them held the process for 20.
 */

/** So many take about two milliseconds. */
const MOST_IN_TURN = 8;

/** All of the process: what holds the loop is not one gateway's. */
let begun = 0;
let waiting: (() => void)[] = [];
let isScheduled = false;

/** The turn of an upgrade that has to wait for it; undefined where it is now. */
export function waitForTurn(): Promise<void> | undefined {
	schedule();
	if (begun++ < MOST_IN_TURN) return undefined;
	return new Promise((resolve) => waiting.push(resolve));
}

function schedule(): void {
	if (!isScheduled) setImmediate(endTurn);
	isScheduled = true;
}

function endTurn(): void {
	isScheduled = false;
	const next = waiting.slice(0, MOST_IN_TURN);
	waiting = waiting.slice(MOST_IN_TURN);
	// Who comes while others wait is behind them.
	begun = waiting.length > 0 ? MOST_IN_TURN : next.length;
	for (const begin of next) begin();
	if (begun > 0) schedule();
}
