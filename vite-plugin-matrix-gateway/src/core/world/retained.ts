/** The messages that newcomers get, so that a late page shows what an early one does [RET]. */
import { copyExact, KEPT_OVERHEAD } from "./broadcast-log.ts";
import type { Filter } from "./filter.ts";
import type { WorldOptions } from "./options.ts";
import { createSortedKeys, type SortedKeys } from "./sorted-keys.ts";

/** Keeps messages by key, and gives them back in the order in which they came. */
export interface Retained {
	/**
	 * All that is kept and passes a filter, in the order in which it came; the same list until
	 * something changes.
	 */
	all(filter: Filter | undefined): RetainedMessages;
	/** What of it has not passed the filter that held before; undefined where that is nothing. */
	added(
		filter: Filter | undefined,
		before: Filter | undefined,
	): RetainedMessages | undefined;
	/** What all that is kept takes, in bytes. */
	countBytes(): number;
	/** Keeps a message under a key. False where that would be too much; the key is dropped then [RET4]. */
	keep(entry: RetainedKey, message: KeptMessage, append: boolean): boolean;
	/** Removes a key. */
	clear(entry: RetainedKey): void;
	/** Removes all keys that begin with one. */
	clearAll(entry: RetainedKey): void;
	/** Removes what belongs to an agent that left [RET3]. */
	forgetAgent(agentId: string): void;
	/** All that is kept, each under its key, in the order in which it came. */
	cut(): RetainedSnapshot[];
	/** Keeps these in place of all that is kept; what is too much goes as it does in `keep`. */
	restore(snapshot: readonly RetainedSnapshot[]): void;
}

/** A message that is kept under a key. */
export interface RetainedSnapshot extends RetainedKey, KeptMessage {}

/** A message that is kept. */
export interface KeptMessage {
	readonly frame: Uint8Array;
	/** Absent in what was written before anybody was sent certain types only. */
	readonly messageType?: string | undefined;
	/** The agents of its sender; absent in what was written before anybody was sent what some say only. */
	readonly from?: readonly string[] | undefined;
}

/** It is never changed, so it stays what it was. */
export type RetainedMessages = readonly Uint8Array[];

/** A key, and the agent that it belongs to; without one it is the world's. */
export interface RetainedKey {
	readonly key: string;
	readonly agentId: string | undefined;
}

/** How much may be kept. They may change. */
export type RetainedOptions = Pick<
	WorldOptions,
	"maxRetainedMessages" | "maxRetainedBytes"
>;

/** What one owner has: the places of each key's messages, and the keys in order. */
interface Owned {
	readonly places: Map<string, number[]>;
	readonly keys: SortedKeys;
}

export function createRetained(options: RetainedOptions): Retained {
	// By the order in which they came; a Map gives them back in it.
	const messages = new Map<number, KeptMessage>();
	// By agent; undefined is the world.
	const owners = new Map<string | undefined, Owned>();
	let next = 0;
	let bytes = 0;
	// By filter, and the one that held before; all that are sent everything share a list.
	const lists = new Map<string, RetainedMessages>();

	function ownedBy(agentId: string | undefined): Owned {
		const owned = owners.get(agentId) ?? {
			places: new Map(),
			keys: createSortedKeys(),
		};
		owners.set(agentId, owned);
		return owned;
	}

	function drop({ key, agentId }: RetainedKey): void {
		const owned = owners.get(agentId);
		const places = owned?.places.get(key);
		if (!owned || !places) return;
		for (const place of places) {
			bytes -= cost(messages.get(place));
			messages.delete(place);
		}
		owned.places.delete(key);
		owned.keys.delete(key);
		if (owned.places.size === 0) owners.delete(agentId);
		lists.clear();
	}

	function keep(
		entry: RetainedKey,
		{ frame, messageType, from }: KeptMessage,
		append: boolean,
	): boolean {
		if (!append) drop(entry);
		const owned = ownedBy(entry.agentId);
		const places = owned.places.get(entry.key) ?? [];
		owned.places.set(entry.key, places);
		owned.keys.add(entry.key);
		places.push(next);
		const message = { frame: copyExact(frame), messageType, from };
		messages.set(next++, message);
		bytes += cost(message);
		lists.clear();
		const { maxRetainedMessages, maxRetainedBytes } = options;
		if (messages.size <= maxRetainedMessages && bytes <= maxRetainedBytes)
			return true;
		drop(entry);
		return false;
	}

	/** Whose each message is, by its place. */
	function keysByPlace(): Map<number, RetainedKey> {
		const keys = new Map<number, RetainedKey>();
		for (const [agentId, { places }] of owners)
			for (const [key, own] of places)
				for (const place of own) keys.set(place, { key, agentId });
		return keys;
	}

	function list(
		name: string,
		isOn: (message: KeptMessage) => boolean,
	): RetainedMessages {
		const known = lists.get(name);
		if (known) return known;
		const on = [...messages.values()].filter(isOn).map(({ frame }) => frame);
		if (lists.size >= MOST_LISTS) lists.clear();
		lists.set(name, on);
		return on;
	}

	return {
		all: (filter) =>
			list(filter?.name ?? "", (message) => passes(filter, message)),
		added(filter, before) {
			if (!before || filter?.name === before.name) return undefined;
			const added = list(
				`${filter?.name ?? ""}\n${before.name}`,
				(message) => passes(filter, message) && !passes(before, message),
			);
			return added.length > 0 ? added : undefined;
		},
		countBytes: () => bytes,
		keep,
		clear: drop,
		clearAll({ key: prefix, agentId }) {
			const keys = owners.get(agentId)?.keys.withPrefix(prefix) ?? [];
			for (const key of keys) drop({ key, agentId });
		},
		forgetAgent(agentId) {
			const keys = owners.get(agentId)?.places.keys() ?? [];
			for (const key of [...keys]) drop({ key, agentId });
		},
		cut() {
			const keys = keysByPlace();
			return [...messages].map(([place, { frame, messageType, from }]) => {
				const { key, agentId } = keys.get(place) as RetainedKey;
				return { key, agentId, frame, messageType, from };
			});
		},
		restore(snapshot) {
			messages.clear();
			owners.clear();
			bytes = 0;
			lists.clear();
			for (const entry of snapshot) keep(entry, entry, true);
		},
	};
}

/** Where nobody knows any more who has sent it, nobody in particular has. */
function passes(
	filter: Filter | undefined,
	{ messageType, from = [] }: KeptMessage,
): boolean {
	return filter?.passes(messageType, from) ?? true;
}

/** Lists of their own for so many filters: more make them anew. */
const MOST_LISTS = 100;

function cost(message: KeptMessage | undefined): number {
	return message ? message.frame.byteLength + KEPT_OVERHEAD : 0;
}
