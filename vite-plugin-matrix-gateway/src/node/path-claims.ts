/** Which paths of which servers are answered: an upgrade that two answer is lost to both. */
const claims = new WeakMap<object, Map<string, symbol>>();

/** Whether somebody answers a path of a server. */
export function isClaimed(server: object, path: string): boolean {
	return claims.get(server)?.has(path) ?? false;
}

/**
 * Takes paths of a server. Returns what gives them back.
 * @throws Error when another gateway has one of them.
 */
export function claimPaths(
	server: object,
	paths: readonly string[],
): () => void {
	const claimed = claims.get(server) ?? new Map();
	const twice = paths.find((path) => claimed.has(path));
	if (twice !== undefined)
		throw new Error(
			`A gateway answers ${twice} on this server already: take that one off first, or give this one another path.`,
		);
	claims.set(server, claimed);
	const claim = Symbol();
	for (const path of paths) claimed.set(path, claim);
	return () => {
		// A second call must not give back what is another's by now.
		for (const path of paths)
			if (claimed.get(path) === claim) claimed.delete(path);
	};
}
