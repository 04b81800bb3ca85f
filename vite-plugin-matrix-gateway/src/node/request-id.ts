/** What a request is called, in the log, in its answer, and by the proxies that it came through. */
import { randomBytes } from "node:crypto";
import type { Proxies } from "./proxies.ts";
import type { RequestLike } from "./request.ts";

/** The header for it. */
export const REQUEST_ID = "X-Request-Id";

/**
 * The id of a request, always the same: that which a trusted proxy gave it, if that can stand in a log
 * and in a header as it is; else one of this process.
 */
export function requestIdOf(request: RequestLike, proxies: Proxies): string {
	const known = ids.get(request);
	if (known !== undefined) return known;
	const { headers, socket } = request;
	const isTrusted = proxies.trusts(socket.remoteAddress);
	const given = isTrusted ? headers["x-request-id"] : undefined;
	const id =
		typeof given === "string" && FORM.test(given) ? given : newRequestId();
	ids.set(request, id);
	return id;
}

/** An id of this process, which nothing else has. */
export function newRequestId(): string {
	return `${PROCESS}-${(++made).toString(36)}`;
}

const ids = new WeakMap<RequestLike, string>();

/** As nginx, Envoy, and those who write UUIDs or trace ids make them. */
const FORM = /^[\w.:+/=@-]{1,128}$/;

/** A number is enough after it. */
const PROCESS = randomBytes(6).toString("base64url");
let made = 0;
