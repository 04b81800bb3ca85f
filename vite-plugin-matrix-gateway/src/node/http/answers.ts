/** What a request is answered that is not done as asked [HTTP4]. */
import { STATUS_CODES } from "node:http";
import type { H3Event, HTTPError } from "h3";

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

/** Not in h3's own words, which repeat the URL, and a token with it [HTTP4]. */
export function answerError({ status }: HTTPError, event: H3Event): object {
	return refuse(event, status, (STATUS_CODES[status] ?? "error").toLowerCase());
}

export function refuseMethod(event: H3Event, allowed: string): object {
	event.res.headers.set("allow", allowed);
	return refuse(event, 405, "method not allowed");
}
