/** How long a test waits for something to become true. */
const PATIENCE = 10_000;

/** Asks again and again, each time after the event loop has turned, until the answer pleases. */
export async function until<Answer, Wanted extends Answer>(
	ask: () => Answer | Promise<Answer>,
	pleases: (answer: Answer) => answer is Wanted,
): Promise<Wanted>;
export async function until<Answer>(
	ask: () => Answer | Promise<Answer>,
	pleases: (answer: Answer) => boolean,
): Promise<Answer>;
export async function until<Answer>(
	ask: () => Answer | Promise<Answer>,
	pleases: (answer: Answer) => boolean,
): Promise<Answer> {
	const deadline = performance.now() + PATIENCE;
	for (;;) {
		const answer = await ask();
		if (pleases(answer)) return answer;
		if (performance.now() > deadline)
			throw new Error(`never came true; last: ${JSON.stringify(answer)}`);
		await new Promise((resolve) => setImmediate(resolve));
	}
}
