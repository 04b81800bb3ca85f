/** A token that a connection shows in place of the one that it came with [AUTH6]. */
import type { Refresh } from "../core/gateway.ts";
import type { Grant } from "../core/protocol/grant.ts";
import { TOKEN_SUBPROTOCOL_PREFIX } from "../core/protocol/protocol.ts";
import { type AccessOptions, judgeToken, type Verdict } from "./access.ts";
import type { RequestLike } from "./request.ts";
import { isToken } from "./token.ts";
import type { Worlds } from "./worlds.ts";

/**
 * Judges it as that of an upgrade is. Where a host's own function does, it is given the request of
 * the connection's upgrade, in which this token is the only one.
 * @param mayEnter Whether a grant is for the world of the connection, and its token is not revoked.
 */
export function createRefresh(
	request: RequestLike,
	options: AccessOptions,
	worlds: Pick<Worlds, "regrants">,
	mayEnter: (grant: Grant) => boolean,
): Refresh {
	const kept = options.authenticate ? readPartOf(request) : NO_REQUEST;
	return async (token) => {
		// One that nobody could offer is not to be taken for none.
		if (!isToken(token)) return null;
		const verdict = await judgeNow(withToken(kept, token), options, worlds);
		if ("allow" in verdict)
			return mayEnter(verdict.allow) ? verdict.allow : null;
		if (verdict.status === 401) return null;
		throw new Error(verdict.reason);
	};
}

/** As grants are when it is known: they may change while it is judged. */
async function judgeNow(
	offer: RequestLike,
	options: AccessOptions,
	worlds: Pick<Worlds, "regrants">,
): Promise<Verdict> {
	for (;;) {
		const { regrants } = worlds;
		const verdict = await judgeToken(offer, options);
		if (worlds.regrants === regrants) return verdict;
	}
}

/** It lasts as long as the connection, so of a request no more than is read. */
function readPartOf({ url, headers, socket }: RequestLike): RequestLike {
	return { url, headers, socket };
}

/** Where nobody but us reads it, it is of no use. */
const NO_REQUEST: RequestLike = { headers: {}, socket: {} };

/** A request that offers one token, as a page does. */
function withToken(request: RequestLike, token: string): RequestLike {
	const { authorization, ...headers } = request.headers;
	const encoded = Buffer.from(token).toString("base64url");
	const offer = TOKEN_SUBPROTOCOL_PREFIX + encoded;
	return {
		...request,
		url: withoutToken(request.url),
		headers: { ...headers, "sec-websocket-protocol": offer },
	};
}

function withoutToken(url = ""): string {
	const start = url.indexOf("?");
	if (start === -1) return url;
	const rest = url
		.slice(start + 1)
		.split("&")
		.filter((part) => !new URLSearchParams(part).has("token"));
	const path = url.slice(0, start);
	return rest.length > 0 ? `${path}?${rest.join("&")}` : path;
}
