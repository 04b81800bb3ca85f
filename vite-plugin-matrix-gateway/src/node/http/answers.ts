/** What a request is answered that is not done as asked [HTTP4]. */
import { STATUS_CODES } from "node:http";
import type { H3Event, HTTPError } from "h3";
import { CLOSE, type CloseStatus } from "../../core/protocol/protocol.ts";
import type { Refused } from "../access.ts";
import type { NoRoom } from "../connection-limits.ts";
import { RETRY_AFTER } from "../refusals.ts";

/** Refuses, with a text for people; where there is one, `code` is for programs. */
export function refuse(
	event: H3Event,
	status: number,
	reason: string,
	code?: string,
): object {
	event.res.status = status;
	if (status === 401) event.res.headers.set("www-authenticate", "Bearer");
	return { error: reason, ...(code !== undefined && { code }) };
}

/** The same for what may be asked again in a while. */
export function refuseForNow(event: H3Event, reason: string): object {
	event.res.headers.set("retry-after", "1");
	return refuse(event, 503, reason, "try_again");
}

/** Refuses as was judged: what could not be says nothing of who asks, who may ask again. */
export function refuseAs(event: H3Event, { status, reason }: Refused): object {
	return status === 503
		? refuseForNow(event, reason)
		: refuse(event, status, reason);
}

/** Refuses who finds no room among the connections [CON13]. */
export function refuseNoRoom(
	event: H3Event,
	{ status, reason }: NoRoom,
): object {
	event.res.headers.set("retry-after", `${RETRY_AFTER}`);
	return refuse(event, status, reason, "try_again");
}

/** Refuses whom the gateway has closed, with the status of its close code [HTTP7]. */
export function refuseClosed(
	event: H3Event,
	{ code, reason }: CloseStatus,
): object {
	if (UNAUTHORIZED.has(code)) return refuse(event, 401, reason);
	if (FORBIDDEN.has(code)) return refuse(event, 403, reason, "forbidden");
	if (code !== CLOSE.rateLimit.code) return refuseForNow(event, reason);
	return refuseTooMuch(event, 1, reason);
}

/**
 * Refuses who says too much [ERR5].
 * @param seconds After which it may go on.
 */
export function refuseTooMuch(
	event: H3Event,
	seconds: number,
	reason = "too much was said; go on later",
): object {
	event.res.headers.set("retry-after", `${Math.max(1, Math.ceil(seconds))}`);
	return refuse(event, 429, reason, "rate_limited");
}

const UNAUTHORIZED: ReadonlySet<number> = new Set([
	CLOSE.unauthorized.code,
	CLOSE.tokenExpired.code,
]);
const FORBIDDEN: ReadonlySet<number> = new Set([
	CLOSE.forbidden.code,
	CLOSE.registrationDeadline.code,
]);

/** Not in h3's own words, which repeat the URL, and a token with it [HTTP4]. */
export function answerError({ status }: HTTPError, event: H3Event): object {
	return refuse(event, status, (STATUS_CODES[status] ?? "error").toLowerCase());
}

export function refuseMethod(event: H3Event, allowed: string): object {
	event.res.headers.set("allow", allowed);
	return refuse(event, 405, "method not allowed");
}
