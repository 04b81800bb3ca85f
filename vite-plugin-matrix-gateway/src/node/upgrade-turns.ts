/**
 * No crowd that is let in at once holds the loop: a handshake takes 0.1 to 0.2 ms, and hundreds may be judged in one turn
 * of the event loop. In each some are let in, and the others, those first who came first, in the turns that follow.
 */

/** Milliseconds of a turn for those who come; where turns take long, this part of the last one, and so many at most. */
const BUDGET = 1;
const PART = 1 / 3;
const MOST = 15;

/** All of the process: what holds the loop is not one gateway's. */
let waiting: (() => void)[] = [];
let next = 0;
let isScheduled = false;
let isLetting = false;
/** When this turn began, and when the time of those who come is over in it. */
let began = 0;
let until = 0;

/** Resolves when it is its turn. */
export function itsTurn(): Promise<void> {
	return new Promise((resolve) => {
		waiting.push(resolve);
		if (!isScheduled) schedule(0);
		if (!isLetting) {
			isLetting = true;
			queueMicrotask(letNext);
		}
	});
}

/** @param took Milliseconds that the last turn took. */
function schedule(took: number): void {
	began = performance.now();
	until = began + Math.min(MOST, Math.max(BUDGET, took * PART));
	isScheduled = true;
	setImmediate(beginTurn);
}

function beginTurn(): void {
	isScheduled = false;
	waiting = waiting.slice(next);
	next = 0;
	if (waiting.length === 0) return;
	schedule(performance.now() - began);
	letNext();
}

function letNext(): void {
	const goOn = performance.now() < until ? waiting[next] : undefined;
	isLetting = goOn !== undefined;
	if (!goOn) return;
	next++;
	goOn();
	// Behind what that one does: only then it is known how long it took.
	queueMicrotask(letNext);
}
