/** Limits how many tasks run at a time; the others wait for their turn. */
export interface Turns {
	take<T>(work: () => Promise<T>): Promise<T>;
}

export function createTurns(atOnce: number): Turns {
	const waiting: (() => void)[] = [];
	let free = atOnce;
	return {
		async take(work) {
			if (free > 0) free--;
			else await new Promise<void>((resolve) => waiting.push(resolve));
			try {
				return await work();
			} finally {
				const next = waiting.shift();
				if (next) next();
				else free++;
			}
		},
	};
}
