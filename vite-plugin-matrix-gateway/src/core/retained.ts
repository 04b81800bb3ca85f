/** The messages that newcomers get, so that a late page shows what an early one does [RET]. */
import { copyExact, KEPT_OVERHEAD } from "./log.ts";

/** Keeps messages by key, and gives them back in the order in which they came. */
export interface Retained {
	/** All that is kept. The array is never changed, so it stays what it was. */
	snapshot(): readonly Uint8Array[];
	/** Keeps a frame under a key. False where that would be too much; the key is dropped then [RET4]. */
	keep(entry: RetainedKey, frame: Uint8Array, append: boolean): boolean;
	/** Removes a key, or all that begin with it where it ends in a slash. */
	clear(entry: RetainedKey): void;
	/** Removes what belongs to an agent that left [RET3]. */
	forgetAgent(agentId: string): void;
}

/** A key, and the agent that it belongs to; without one it is the world's. */
export interface RetainedKey {
	readonly key: string;
	readonly agentId: string | undefined;
}

/** How much may be kept. */
export interface RetainedLimits {
	readonly maxRetainedMessages: number;
	readonly maxRetainedBytes: number;
}

export function createRetained({
	maxRetainedMessages,
	maxRetainedBytes,
}: RetainedLimits): Retained {
	// By the order in which they came; a Map gives them back in it.
	const frames = new Map<number, Uint8Array>();
	// By agent (undefined: the world), then by key: the places of its messages.
	const owners = new Map<string | undefined, Map<string, number[]>>();
	let next = 0;
	let bytes = 0;
	let cached: readonly Uint8Array[] | undefined;

	function keysOf(agentId: string | undefined): Map<string, number[]> {
		const keys = owners.get(agentId) ?? new Map<string, number[]>();
		owners.set(agentId, keys);
		return keys;
	}

	function drop({ key, agentId }: RetainedKey): void {
		const keys = owners.get(agentId);
		for (const place of keys?.get(key) ?? []) {
			bytes -= cost(frames.get(place));
			frames.delete(place);
		}
		keys?.delete(key);
		if (keys?.size === 0) owners.delete(agentId);
		cached = undefined;
	}

	return {
		snapshot() {
			cached ??= [...frames.values()];
			return cached;
		},
		keep(entry, frame, append) {
			if (!append) drop(entry);
			const keys = keysOf(entry.agentId);
			const places = keys.get(entry.key) ?? [];
			keys.set(entry.key, places);
			places.push(next);
			frames.set(next++, copyExact(frame));
			bytes += cost(frame);
			cached = undefined;
			if (frames.size <= maxRetainedMessages && bytes <= maxRetainedBytes)
				return true;
			drop(entry);
			return false;
		},
		clear(entry) {
			const keys = owners.get(entry.agentId)?.keys() ?? [];
			const matches = entry.key.endsWith("/")
				? [...keys].filter((key) => key.startsWith(entry.key))
				: [entry.key];
			for (const key of matches) drop({ ...entry, key });
		},
		forgetAgent(agentId) {
			for (const key of [...(owners.get(agentId)?.keys() ?? [])])
				drop({ key, agentId });
		},
	};
}

function cost(frame: Uint8Array | undefined): number {
	return frame ? frame.byteLength + KEPT_OVERHEAD : 0;
}
