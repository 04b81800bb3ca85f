/** A token that a connection shows in place of the one that it came with [AUTH6]. */
import type { Refresh } from "../core/gateway.ts";
import type { Grant } from "../core/protocol/grant.ts";
import { isOnList } from "../core/protocol/names.ts";
import { TOKEN_SUBPROTOCOL_PREFIX } from "../core/protocol/protocol.ts";
import { type Access, judgeToken, type Verdict } from "./access.ts";
import type { RequestLike } from "./request.ts";
import { isToken } from "./token.ts";
import type { Worlds } from "./worlds.ts";

/** The connection that it is for, with no more than lasts as long as that does. */
export interface Refreshed<Options extends Access = Access> {
	readonly request: RequestLike;
	readonly options: Options;
	readonly worlds: Pick<Worlds, "isRevoked" | "regrants" | "isStale">;
	/** That of its world. */
	readonly name: string;
}

/**
 * Judges it as that of an upgrade is. Where a host's own function does, it is given the request of
 * the connection's upgrade, in which this token is the only one.
 * @param failed Told what the host's function threw.
 */
export function createRefresh<Options extends Access>(
	of: Refreshed<Options>,
	failed: (of: Refreshed<Options>, reason: string, error: unknown) => void,
): Refresh {
	const { options, worlds, name } = of;
	const kept = {
		...{ options, worlds, name },
		request: options.authenticate ? readPartOf(of.request) : NO_REQUEST,
	};
	return async (token) => {
		// One that nobody could offer is not to be taken for none.
		if (!isToken(token)) return null;
		const verdict = await judgeNow(kept, token);
		if ("allow" in verdict)
			return mayEnter(kept, verdict.allow) ? verdict.allow : null;
		const { status, reason, error } = verdict;
		if (status === 401) return null;
		failed(kept, reason, error);
		throw new Error(reason);
	};
}

function mayEnter({ worlds, name }: Refreshed, grant: Grant): boolean {
	return isOnList(grant.worlds, name) && !worlds.isRevoked(grant);
}

/** As grants are when it is known: they may change while it is judged. */
async function judgeNow(
	{ request, options, worlds }: Refreshed,
	token: string,
): Promise<Verdict> {
	const offer = withToken(request, token);
	for (;;) {
		const { regrants } = worlds;
		const verdict = await judgeToken(offer, options);
		if (!("allow" in verdict && worlds.isStale(verdict.allow, regrants)))
			return verdict;
	}
}

/** Of a request no more than is read. */
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
