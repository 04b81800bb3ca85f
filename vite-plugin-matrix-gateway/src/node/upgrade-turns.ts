/**
 * No crowd that comes at once holds the loop: a handshake takes 0.1 to 0.2 ms, and the event loop brings hundreds in one
 * turn. In each some are let in, and the others, those first who came first, in the turns that follow.
 */

/**
 * Milliseconds of a turn for those who come. Where all else of it takes more they have as much, but no more than the
 * most: part of it is what those who came before have to say.
 */
const BUDGET = 3;
const MOST = 15;

/** All of the process: what holds the loop is not one gateway's. */
let waiting: (() => void)[] = [];
let next = 0;
let isScheduled = false;
let isLetting = false;
/** When the time of those who come is over in this turn, and since when it is that of all else. */
let until = 0;
let since = 0;

/** Resolves when it is its turn. */
export function itsTurn(): Promise<void> {
	return new Promise((resolve) => {
		waiting.push(resolve);
		if (!isScheduled) {
			since = performance.now();
			schedule();
		}
		if (!isLetting) {
			isLetting = true;
			queueMicrotask(letNext);
		}
	});
}

/** The time of those who come begins, which is as long as all else has taken since it last ended. */
function schedule(): void {
	const now = performance.now();
	until = now + Math.min(MOST, Math.max(BUDGET, now - since));
	isScheduled = true;
	setImmediate(beginTurn);
}

function beginTurn(): void {
	isScheduled = false;
	waiting = waiting.slice(next);
	next = 0;
	if (waiting.length === 0) return;
	schedule();
	letNext();
}

function letNext(): void {
	const goOn = performance.now() < until ? waiting[next] : undefined;
	isLetting = goOn !== undefined;
	if (!goOn) return;
	next++;
	goOn();
	// Behind what that one does: only then it is known how long it took.
	queueMicrotask(() => {
		since = performance.now();
		letNext();
	});
}
