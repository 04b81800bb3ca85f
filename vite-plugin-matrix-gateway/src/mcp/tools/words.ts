/** Barks and messages, word for word, as many as there is room for. */
import type { Heard } from "../agent/heard.ts";
import type { Budget } from "./budget.ts";

export interface TakenWords {
	readonly items: readonly object[];
	/** From where to go on, where not all had room. */
	readonly next: { readonly n: number; readonly offset: number } | undefined;
}

/**
 * Takes them in order. One that has no room for itself alone comes in parts, which put together are its JSON.
 * @param offset Characters of the first one that were told before.
 */
export function takeWords(
	words: readonly Heard[],
	offset: number,
	budget: Budget,
): TakenWords {
	const items: object[] = [];
	let n = (words[0]?.n ?? 1) - 1;
	for (const [index, heard] of words.entries()) {
		const done = index === 0 ? offset : 0;
		const whole = done === 0 && toItem(heard);
		if (whole && budget.take(whole)) items.push(whole);
		else if (items.length > 0) return { items, next: { n, offset: 0 } };
		else {
			const part = toPart(heard, done, budget);
			items.push(part.item);
			if (!part.isLast)
				return { items, next: { n, offset: done + part.length } };
		}
		n = heard.n;
	}
	return { items, next: undefined };
}

function toItem({ at, message }: Heard): object {
	return { seconds_ago: secondsSince(at), message };
}

/** As long a part as there is room for: how much longer escaping makes it, its characters say. */
function toPart({ at, message }: Heard, from: number, budget: Budget) {
	const json = JSON.stringify(message);
	const of = json.length;
	for (let length = budget.room; ; length = Math.floor(length * 0.8)) {
		const part = json.slice(from, from + Math.max(length, LEAST));
		const item = { seconds_ago: secondsSince(at), part, from, of };
		if (length > LEAST && !budget.take(item)) continue;
		return { item, length: part.length, isLast: from + part.length >= of };
	}
}

/** Characters that a part has in any case, or there would be no end. */
const LEAST = 10;

function secondsSince(at: number): number {
	return Math.max(0, Math.round((Date.now() - at) / 1_000));
}
