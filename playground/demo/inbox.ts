import { setTimeout as wait } from "node:timers/promises";

/** What an agent was told and has not answered yet. */
export interface Inbox<Item> {
	/** Keeps an item; past the limit the newest is let go. */
	put(item: Item): void;
	/**
	 * The next item, as soon as there is one; undefined after `milliseconds` without.
	 *
	 * @throws The signal's reason once it aborts.
	 */
	next(milliseconds: number): Promise<Item | undefined>;
}

export function createInbox<Item>(
	limit: number,
	signal: AbortSignal,
): Inbox<Item> {
	const items: Item[] = [];
	let wake = new AbortController();
	return {
		put(item) {
			if (items.length < limit) items.push(item);
			wake.abort();
		},
		async next(milliseconds) {
			if (items.length === 0) {
				wake = new AbortController();
				const either = AbortSignal.any([signal, wake.signal]);
				await wait(milliseconds, undefined, { signal: either }).catch(() => {});
			}
			signal.throwIfAborted();
			return items.shift();
		},
	};
}
