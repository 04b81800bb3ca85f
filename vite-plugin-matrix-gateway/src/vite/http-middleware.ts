/** The gateway's HTTP paths on Vite's server. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Connect } from "vite";
import {
	HTTP_PATHS,
	isConsolePath,
	MCP_PATH,
	type NodeHandler,
} from "../node/http.ts";

/** Says whether a path is the gateway's. */
export type IsOurs = (path: string) => boolean;

/** The paths that are the gateway's. */
export function httpPathsOf({ mcp = false, console }: Served): IsOurs {
	const paths = new Set(mcp ? [...HTTP_PATHS, MCP_PATH] : HTTP_PATHS);
	return (path) => paths.has(path) || (console && isConsolePath(path));
}

interface Served {
	readonly mcp: boolean | undefined;
	readonly console: boolean;
}

/** Hands requests for those paths to `handle`, also below Vite's base, and all others on. */
export function httpMiddleware(
	base: string,
	isOurs: IsOurs,
	handle: NodeHandler,
): Connect.NextHandleFunction {
	const prefix = base.startsWith("/") ? base.slice(0, -1) : "";
	return (request, response, next) => {
		const url = stripPrefix(request.url ?? "", prefix);
		const path = url.split("?")[0] ?? "";
		if (!isOurs(path)) return next();
		request.url = url;
		void handle(request as IncomingMessage, response as ServerResponse);
	};
}

function stripPrefix(url: string, prefix: string): string {
	return prefix && url.startsWith(`${prefix}/`)
		? url.slice(prefix.length)
		: url;
}

/** Answers where there is no gateway: Vite would answer with the app's page and status 200. */
export function answerWithoutGateway(
	{ url = "" }: IncomingMessage,
	response: ServerResponse,
): void {
	const isAlive = url.split("?")[0] === "/healthz";
	response.writeHead(isAlive ? 200 : 503, {
		"content-type": "application/json;charset=UTF-8",
	});
	response.end(isAlive ? '{"status":"ok"}' : '{"error":"no gateway"}');
}
