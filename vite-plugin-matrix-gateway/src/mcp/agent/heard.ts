/** What an agent has heard and its LLM may not know yet: a bounded memory, in order. */
import type { MatrixMessage } from "../../client/messages.ts";
import { classify } from "./classify.ts";
import { lineOf } from "./lines.ts";
import { createRing, type Heard } from "./ring.ts";

export type { Heard };

/** What came after a place. */
export interface Since {
	/** Barks and messages: each is here, but for those that were let go. */
	readonly words: readonly Heard[];
	/** Of moves, states and objects the last one of each, as a line. */
	readonly latest: readonly string[];
	/** All else, the last of it. */
	readonly others: readonly Heard[];
	/** How many words, and how many other things, had to be let go. */
	readonly letGo: { readonly words: number; readonly others: number };
}

export interface HeardMemory {
	/** The place of the last thing that was heard. */
	readonly end: number;
	hear(message: MatrixMessage): void;
	/** Takes a place for what is missing there, and tells it. */
	skip(): number;
	/** Takes out a message that its asker was given as an answer. */
	forget(message: MatrixMessage): void;
	since(n: number): Since;
	/** Words since a place. */
	countWords(n: number): number;
	/** Resolves at the next word, or when `wake` is called; or once the signal aborts. */
	wait(signal: AbortSignal): Promise<void>;
	/** Lets all go on that wait. */
	wake(): void;
}

interface Change {
	readonly n: number;
	readonly line: string;
}

/** What is kept; past either the oldest goes. */
const WORDS = { items: 1_000, characters: 300_000 };
const OTHERS = { items: 200, characters: 100_000 };
/** As many objects as a gateway retains messages by default would not fit an answer. */
const LATEST = 2_000;

/** @param agentId What is directed to it counts as a word. */
export function createHeard(agentId: string): HeardMemory {
	const words = createRing(WORDS);
	const others = createRing(OTHERS);
	const latest = new Map<string, Change>();
	const waiting = new Set<() => void>();
	let latestLetGo = 0;
	let end = 0;

	function setLatest(key: string, change: Change): void {
		latest.delete(key);
		latest.set(key, change);
		const [oldest] = latest;
		if (latest.size <= LATEST || !oldest) return;
		latest.delete(oldest[0]);
		latestLetGo = oldest[1].n;
	}

	function wake(): void {
		const all = [...waiting];
		waiting.clear();
		for (const goOn of all) goOn();
	}

	return {
		get end() {
			return end;
		},
		hear(message) {
			const kind = classify(message, agentId);
			if (!kind) return;
			const n = ++end;
			// As a line: its sender may have written 200 kB into it.
			if (kind.is === "latest") {
				setLatest(kind.key, { n, line: lineOf(message) });
				return;
			}
			const heard = { n, at: Date.now(), message };
			if (kind.is === "other") others.add(heard);
			else {
				words.add(heard);
				wake();
			}
		},
		skip: () => ++end,
		forget: words.remove,
		since(n) {
			const after = [...latest.values()].filter((change) => change.n > n);
			return {
				words: words.since(n),
				latest: after.map(({ line }) => line),
				others: others.since(n),
				letGo: {
					words: words.letGoSince(n),
					others: others.letGoSince(n) + (latestLetGo > n ? 1 : 0),
				},
			};
		},
		countWords: (n) => words.since(n).length,
		wait(signal) {
			return new Promise((resolve) => {
				if (signal.aborted) return resolve();
				const goOn = () => {
					waiting.delete(goOn);
					signal.removeEventListener("abort", goOn);
					resolve();
				};
				waiting.add(goOn);
				signal.addEventListener("abort", goOn);
			});
		},
		wake,
	};
}
