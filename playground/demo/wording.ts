import type { Clock } from "vite-plugin-matrix-gateway/client";

/** A sentence made of what is known; nothing where it does not apply. */
export type Line<Known> = (known: Known) => string | undefined;

/** Finds words that nobody has heard lately. */
export interface Wording {
	/**
	 * The sentence of a line that was not used for the longest time; undefined where all that could
	 * be said has been said lately: then silence is better.
	 */
	fresh<Known>(lines: readonly Line<Known>[], known: Known): string | undefined;
	/** The same for who has to answer: what was said longest ago, where nothing is new. */
	best<Known>(lines: readonly Line<Known>[], known: Known): string;
	/** Remembers what somebody has said. */
	heard(text: string): void;
}

/** Milliseconds until a sentence may be said again. */
const MEMORY = 600_000;
/** What many strangers say does not fill the memory. */
const MOST_REMEMBERED = 1_000;

export function createWording(clock: Clock): Wording {
	const said = new Map<string, number>();
	const used = new Map<unknown, number>();

	function heard(text: string) {
		said.delete(text);
		said.set(text, clock.now());
		const [oldest] = said.keys();
		if (said.size > MOST_REMEMBERED && oldest !== undefined)
			said.delete(oldest);
	}

	function choose<Known>(
		lines: readonly Line<Known>[],
		known: Known,
		isAllowed: (text: string) => boolean,
	): string | undefined {
		const options = lines.flatMap((line) => {
			const text = line(known);
			if (text === undefined || !isAllowed(text)) return [];
			return [{ line, text, last: used.get(line) ?? -1, tie: clock.random() }];
		});
		options.sort((a, b) => a.last - b.last || a.tie - b.tie);
		const [best] = options;
		if (!best) return undefined;
		// Not the time, which does not pass between two answers of one moment.
		used.set(best.line, ++uses);
		heard(best.text);
		return best.text;
	}

	let uses = 0;
	const isFresh = (text: string) => {
		const last = said.get(text);
		return last === undefined || clock.now() - last > MEMORY;
	};

	return {
		fresh: (lines, known) => choose(lines, known, isFresh),
		best: (lines, known) =>
			choose(lines, known, isFresh) ?? choose(lines, known, () => true) ?? "",
		heard,
	};
}
