import { setTimeout as pause } from "node:timers/promises";

/** Milliseconds that a test waits for something to become true. */
const PATIENCE = 10_000;

/** How often it asks at once: what is true after some turns of the event loop is most of what is waited for. */
const EAGER = 10;

/** Milliseconds between two questions at the most. Without any, who waits takes the core from what it waits for. */
const LONGEST_PAUSE = 10;

/** Asks again and again, each time after the event loop has turned, until the answer pleases. */
export async function until<Answer, Wanted extends Answer>(
	ask: () => Answer | Promise<Answer>,
	pleases: (answer: Answer) => answer is Wanted,
	patience?: number,
): Promise<Wanted>;
export async function until<Answer>(
	ask: () => Answer | Promise<Answer>,
	pleases: (answer: Answer) => boolean,
	patience?: number,
): Promise<Answer>;
export async function until<Answer>(
	ask: () => Answer | Promise<Answer>,
	pleases: (answer: Answer) => boolean,
	patience = PATIENCE,
): Promise<Answer> {
	const deadline = performance.now() + patience;
	for (let asked = 1; ; asked++) {
		const answer = await ask();
		if (pleases(answer)) return answer;
		if (performance.now() > deadline)
			throw new Error(`never came true; last: ${JSON.stringify(answer)}`);
		if (asked < EAGER) await new Promise((resolve) => setImmediate(resolve));
		else await pause(Math.min(asked - EAGER + 1, LONGEST_PAUSE));
	}
}
