import type { IncomingHttpHeaders } from "node:http";

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

/** The host and port that the client asked for; over HTTP/2 they are in `:authority`. */
export function hostOf(
	{ headers }: RequestLike,
	trustProxy: boolean,
): string | undefined {
	const forwarded = trustProxy ? headers["x-forwarded-host"] : undefined;
	return lastOf(forwarded) ?? headers.host ?? lastOf(headers[":authority"]);
}

/** Who asks, for a log. */
export function addressOf(
	{ headers, socket }: RequestLike,
	trustProxy: boolean,
): string | undefined {
	const forwarded = trustProxy ? headers["x-forwarded-for"] : undefined;
	return lastOf(forwarded) ?? socket.remoteAddress;
}

/** Of a list that each proxy adds to, only the last entry was added by the one that we trust. */
function lastOf(header: string | string[] | undefined): string | undefined {
	return header?.toString().split(",").at(-1)?.trim();
}
