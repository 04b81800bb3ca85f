/** The last things of a kind, within a number of them and of their characters. */
import type { MatrixMessage } from "../../client/messages.ts";

/** A message, with its place among all that the agent has heard. */
export interface Heard {
	/** Counts from 1 on, whatever kind of thing it was. */
	readonly n: number;
	/** When it came, in milliseconds since 1970. */
	readonly at: number;
	readonly message: MatrixMessage;
}

export interface Ring {
	add(heard: Heard): void;
	remove(message: MatrixMessage): void;
	/** Those after a place, in order. */
	since(n: number): Heard[];
	/** How many after a place are not kept any more; of those long ago it may not know. */
	letGoSince(n: number): number;
}

/** Places of what was let go; more than that are as good as that many. */
const MAX_LET_GO = 10_000;

export function createRing(most: {
	readonly items: number;
	readonly characters: number;
}): Ring {
	let kept: (Heard & { readonly characters: number })[] = [];
	let characters = 0;
	let letGo: number[] = [];

	function letOldestGo(): void {
		const oldest = kept.shift();
		if (!oldest) return;
		characters -= oldest.characters;
		letGo.push(oldest.n);
		if (letGo.length > MAX_LET_GO) letGo = letGo.slice(-MAX_LET_GO / 2);
	}

	return {
		add(heard) {
			const size = JSON.stringify(heard.message).length;
			kept.push({ ...heard, characters: size });
			characters += size;
			while (
				kept.length > most.items ||
				(characters > most.characters && kept.length > 1)
			)
				letOldestGo();
		},
		remove(message) {
			const found = kept.find((heard) => heard.message === message);
			if (!found) return;
			kept = kept.filter((heard) => heard !== found);
			characters -= found.characters;
		},
		since: (n) => kept.filter((heard) => heard.n > n),
		letGoSince: (n) => letGo.filter((place) => place > n).length,
	};
}
