/** Where the worlds are: at a path of the WebSocket, and one segment below it [WLD1]. */

/**
 * The name at which a request's path asks for a world, which may be no name at all; undefined where
 * it is not below one of the paths of the WebSocket.
 */
export function nameBelow(
	paths: readonly string[],
	path: string,
): string | undefined {
	const prefix = paths.map(prefixOf).find((prefix) => path.startsWith(prefix));
	const name = prefix && path.slice(prefix.length);
	return name && !name.includes("/") ? name : undefined;
}

function prefixOf(path: string): string {
	return path.endsWith("/") ? path : `${path}/`;
}
