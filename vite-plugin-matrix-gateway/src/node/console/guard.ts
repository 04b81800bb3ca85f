/** Who may use the console: nobody by way of a page of another origin, and operators alone [OPS1]. */
import type { H3Event } from "h3";
import type { Access } from "../access.ts";
import { refuse } from "../http/answers.ts";
import { type Admission, judgeRequest } from "../http/guard.ts";
import { hostsOf } from "../origin.ts";
import type { RequestLike } from "../request.ts";
import type { ConsoleSettings } from "./options.ts";

/** Judges a request, and what it is answered where it is not let in. */
export type Judge = (
	event: H3Event,
	request: RequestLike,
	methods: readonly string[],
) => Promise<Admission>;

export function createConsoleJudge(
	access: Access,
	{ isOpen = false }: ConsoleSettings,
): Judge {
	const strict = withoutForeigners(access);
	return async (event, request, methods) => {
		// Also of requests that a page sends without an `Origin`, as for an image.
		const site = event.req.headers.get("sec-fetch-site") ?? "none";
		if (!OWN_SITES.has(site))
			return { answer: refuse(event, 403, "origin not allowed") };
		const admission = await judgeRequest(event, request, methods, strict);
		if ("answer" in admission) return admission;
		const { allow } = admission;
		if (isOpen) return { allow: { ...allow, operate: true, overhear: true } };
		return allow.operate === true
			? admission
			: { answer: refuse(event, 403, NO_OPERATOR, "forbidden") };
	};
}

const OWN_SITES: ReadonlySet<string> = new Set(["same-origin", "none"]);

const NO_OPERATOR =
	'the console is for a token whose grant says "operate": true (matrix-gateway new-token --operate makes one, for --tokens)';

/** Pages of other origins that may use the gateway may not for that use its console; the hosts' names stay. */
function withoutForeigners(access: Access): Access {
	const { allowedOrigins, allowedHosts = hostsOf(allowedOrigins) } = access;
	return { ...access, allowedOrigins: [], allowedHosts };
}
