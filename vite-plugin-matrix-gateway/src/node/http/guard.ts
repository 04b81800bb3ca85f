/** Who asks over HTTP, from where, and with which token [HTTP3]. */
import { type H3Event, handleCors } from "h3";
import type { Grant } from "../../core/protocol/grant.ts";
import { type Access, judgeSource, judgeToken } from "../access.ts";
import type { RequestLike } from "../request.ts";
import { refuseAs } from "./answers.ts";

/** Lets a request in, with what its token allows; or what it is answered instead. */
export type Admission = { readonly allow: Grant } | { readonly answer: object };

/** A preflight has no token to show, and is answered before it is asked for. */
export async function judgeRequest(
	event: H3Event,
	request: RequestLike,
	methods: readonly string[],
	options: Access,
): Promise<Admission> {
	const refused = await judgeSource(request, options);
	if (refused) return { answer: refuseAs(event, refused) };
	const preflight = allowOrigin(event, request.headers.origin, methods);
	if (preflight) return { answer: preflight };
	const verdict = await judgeToken(request, options);
	if ("allow" in verdict) return verdict;
	return { answer: refuseAs(event, verdict) };
}

function allowOrigin(
	event: H3Event,
	origin: string | undefined,
	methods: readonly string[],
) {
	if (origin === undefined) return undefined;
	return handleCors(event, {
		origin: [origin],
		methods: [...methods],
		allowHeaders: ["authorization", "content-type", "last-event-id", ...MCP],
		exposeHeaders: ["mcp-session-id"],
	});
}

/** Those of MCP's, which only pages set that are its clients. */
const MCP = [
	"mcp-protocol-version",
	"mcp-session-id",
	"mcp-method",
	"mcp-name",
];

/** Node's request where there is one: only it knows the peer, and the Host of HTTP/2. */
export function requestOf({ runtime, req, url }: H3Event): RequestLike {
	return (
		runtime?.node?.req ?? {
			url: url.pathname + url.search,
			headers: Object.fromEntries(req.headers),
			socket: {},
		}
	);
}
