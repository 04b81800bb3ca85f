/**
 * No crowd that comes at once holds the loop: to let one in takes 0.1 to 0.2 ms, and the event loop
 * brings hundreds in one turn. In each so many are let in, and the others in those that follow.
 */

/** About 3 ms. */
const MOST = 32;

/** All of the process: what holds the loop is not one gateway's. */
let waiting: (() => void)[] = [];
let left = MOST;
let isScheduled = false;

/** Resolves when it is its turn, those first who came first; undefined where that is now. */
export function whenItsTurn(): Promise<void> | undefined {
	if (!isScheduled) setImmediate(beginTurn);
	isScheduled = true;
	if (left > 0) {
		left--;
		return undefined;
	}
	return new Promise((resolve) => {
		waiting.push(resolve);
	});
}

function beginTurn(): void {
	const now = waiting.slice(0, MOST);
	waiting = waiting.slice(now.length);
	left = MOST - now.length;
	isScheduled = now.length > 0;
	if (isScheduled) setImmediate(beginTurn);
	for (const goOn of now) goOn();
}
