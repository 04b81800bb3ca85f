/** Where a Redis is, and what it is called in a sentence: without user and password. */

export interface Address {
	/** As it was given, credentials and all: never to be shown. */
	readonly url: string;
	/** `redis.example:6379`, for people. */
	readonly name: string;
}

const DEFAULT_PORT = "6379";

/**
 * Reads the URL of a Redis: `redis://[[user]:password@]host[:port][/database]`, or `rediss:` for TLS.
 * @throws TypeError where it is none; the message holds nothing of it.
 */
export function readAddress(url: string): Address {
	const parsed = URL.canParse(url) ? new URL(url) : undefined;
	if (parsed?.protocol !== "redis:" && parsed?.protocol !== "rediss:")
		throw new TypeError(
			"redis has to be a URL such as redis://localhost:6379, or rediss: for TLS",
		);
	if (parsed.hostname === "")
		throw new TypeError("redis has to be a URL that names a host");
	if (!/^(\/\d*)?$/.test(parsed.pathname))
		throw new TypeError(
			"redis has to be a URL with nothing after the host but the number of a database",
		);
	if (parsed.search || parsed.hash)
		throw new TypeError("redis has to be a URL without a query");
	return { url, name: `${parsed.hostname}:${parsed.port || DEFAULT_PORT}` };
}

/** Whether `readAddress` takes it. */
export function isRedisUrl(url: string): boolean {
	try {
		readAddress(url);
		return true;
	} catch {
		return false;
	}
}

/** The same with another host, where a Redis Cluster keeps the key: user and password are all nodes'. */
export function movedTo({ url }: Address, host: string, port: string): Address {
	const moved = new URL(url);
	moved.hostname = host;
	moved.port = port;
	return { url: moved.href, name: `${host}:${port}` };
}
