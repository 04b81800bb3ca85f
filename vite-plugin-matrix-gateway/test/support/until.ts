/** Milliseconds that a test waits for something to become true. */
const PATIENCE = 10_000;

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
	for (;;) {
		const answer = await ask();
		if (pleases(answer)) return answer;
		if (performance.now() > deadline)
			throw new Error(`never came true; last: ${JSON.stringify(answer)}`);
		await new Promise((resolve) => setImmediate(resolve));
	}
}
