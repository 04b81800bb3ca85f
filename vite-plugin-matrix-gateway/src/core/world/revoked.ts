/** Tokens that let nobody in any more, by their keys [AUTH5]. */

/** Past so many the one that was revoked first is forgotten. */
export const MAX_REVOKED = 10_000;

export interface Revoked {
	has(key: string | undefined): boolean;
	/** Revokes one more. Whether an older one had to be forgotten for it. */
	add(key: string): boolean;
	/** In the order in which they were revoked. */
	cut(): readonly string[];
	/** Puts these in, in place of all that are in. */
	restore(keys: readonly string[]): void;
}

export function createRevoked(): Revoked {
	let keys = new Set<string>();

	return {
		has: (key) => key !== undefined && keys.has(key),
		add(key) {
			// It is the latest again.
			keys.delete(key);
			keys.add(key);
			if (keys.size <= MAX_REVOKED) return false;
			const [oldest] = keys;
			if (oldest !== undefined) keys.delete(oldest);
			return true;
		},
		cut: () => [...keys],
		restore(given) {
			keys = new Set(given);
		},
	};
}
