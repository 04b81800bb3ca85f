import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import { type Proxies, plainAddress } from "./proxies.ts";

/** What access control reads of a request, be it an upgrade or a plain one, over HTTP/1 or 2. */
export interface RequestLike {
	readonly url?: string | undefined;
	readonly headers: IncomingHttpHeaders;
	readonly socket: { readonly remoteAddress?: string | undefined };
}

/** The path, without the query. */
export function pathOf({ url = "" }: RequestLike): string {
	const query = url.indexOf("?");
	return query === -1 ? url : url.slice(0, query);
}

/** Whether clients send a path as it stands: they encode it, and resolve its dots [CON1]. */
export function isPathAsSent(path: string): boolean {
	const base = "http://localhost";
	return URL.canParse(path, base) && new URL(path, base).pathname === path;
}

/**
 * Checks that a request can have a path, which is compared as it is sent [CON1].
 * @throws TypeError in a full sentence.
 */
export function checkPath(path: string): void {
	if (!isPathAsSent(path))
		throw new TypeError(
			`A path starts with one slash and is written as requests send it, percent-encoded and without a query, but ${JSON.stringify(path)} was given.`,
		);
}

/** The host and port that the client asked for; over HTTP/2 they are in `:authority`. */
export function hostOf(
	{ headers, socket }: RequestLike,
	proxies: Proxies,
): string | undefined {
	const isForwarded = proxies.trusts(socket.remoteAddress);
	const forwarded = isForwarded ? headers["x-forwarded-host"] : undefined;
	return lastOf(forwarded) ?? headers.host ?? lastOf(headers[":authority"]);
}

/** The port that a proxy was asked at, where it says so. */
export function forwardedPortOf(
	{ headers, socket }: RequestLike,
	proxies: Proxies,
): string | undefined {
	return proxies.trusts(socket.remoteAddress)
		? lastOf(headers["x-forwarded-port"])
		: undefined;
}

/**
 * The host and port that were asked for, for a log, which is anybody's text: what is none is
 * `malformed`.
 */
export function askedHostOf(
	request: RequestLike,
	proxies: Proxies,
): string | undefined {
	const host = hostOf(request, proxies);
	if (host === undefined) return undefined;
	return /^[\w.:[\]-]{1,200}$/.test(host) ? host : "malformed";
}

/**
 * Who asks: the last of those whom the proxies before us name that is none of them. An address, or
 * what is left, for a log, of a text that a header gave for one.
 */
export function addressOf(
	{ headers, socket }: RequestLike,
	proxies: Proxies,
): string | undefined {
	const peer = socket.remoteAddress && plainAddress(socket.remoteAddress);
	if (!proxies.trusts(peer)) return peer;
	const named = headers["x-forwarded-for"]?.toString().split(",") ?? [];
	const addresses = named.reverse().map(toAddress).filter(Boolean);
	const first = addresses.findIndex((address) => !proxies.isProxy(address));
	return addresses.at(first) ?? peer;
}

/** Some proxies add the port from which they were asked. */
function toAddress(text: string): string {
	const bare = text.trim();
	const [, inBrackets, beforePort] =
		/^\[(.*)\](?::\d+)?$|^([^:]*):\d+$/.exec(bare) ?? [];
	const address = inBrackets ?? beforePort ?? bare;
	return isIP(address) > 0
		? plainAddress(address)
		: bare.slice(0, 64).replace(/[^\w.:%[\]-]/g, "?");
}

/**
 * The page that asks, for a log: scheme, host and port, `null`, or `malformed`. The header is
 * anybody's text; so little of it can hold no URL's token, and nothing that a terminal obeys.
 */
export function pageOf({ headers }: RequestLike): string | undefined {
	const { origin } = headers;
	if (origin === undefined || origin === "null") return origin;
	if (!URL.canParse(origin)) return "malformed";
	const { protocol, host } = new URL(origin);
	return `${protocol}//${host}`.slice(0, 200);
}

/** Of a list that each proxy adds to, only the last entry was added by the one that we trust. */
function lastOf(header: string | string[] | undefined): string | undefined {
	return header?.toString().split(",").at(-1)?.trim();
}
