/** What the keys of one world are called. */

export interface Keys {
	/** The stream of all entries. */
	readonly log: string;
	/** A hash of the snapshots that are whole: the place that each stands at, and what else there is to know. */
	readonly snapshots: string;
	/** One snapshot: a list of its pieces. */
	snapshot(id: string, node: string): string;
}

/** What the names of keys begin with, where nothing else is chosen. */
export const DEFAULT_PREFIX = "matrix";

/** The world is a hash tag, so that a cluster keeps what is of one world together. */
export function keysOf(prefix: string, world: string): Keys {
	const begin = `${prefix}:{${world}}`;
	return {
		log: `${begin}:log`,
		snapshots: `${begin}:snapshots`,
		snapshot: (id, node) => `${begin}:snapshot:${id}:${node}`,
	};
}

/** Whether the names of keys may begin so: braces would be the hash tag. */
export function isRedisPrefix(prefix: string): boolean {
	return /^[^\s{}]{1,64}$/.test(prefix);
}
