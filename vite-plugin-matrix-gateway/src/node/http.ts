/** The HTTP endpoints, as one h3 app for both hosts [HTTP]. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { toNodeHandler } from "h3";
import type { Gateway } from "../core/gateway.ts";
import type { AccessOptions } from "./access.ts";
import type { LimitOptions } from "./connection-limits.ts";
import type { ConsoleOption } from "./console/options.ts";
import { createApp } from "./http/app.ts";
import type { McpOption } from "./http/mcp.ts";
import type { OperatedOption } from "./http/operate/operated.ts";
import type { Hub } from "./hub.ts";
import type { MetricsOption } from "./metrics/answer.ts";

export {
	CONSOLE_PATH,
	type ConsoleOption,
	type ConsoleSettings,
	isConsolePath,
} from "./console/options.ts";
export { HTTP_PATHS } from "./http/endpoints.ts";
export {
	lazyMcp,
	MCP_PATH,
	type Mcp,
	type McpOption,
	McpUnavailable,
} from "./http/mcp.ts";

/**
 * What answers a request. It is an app of h3's, and can be mounted in another, but its type does
 * not say so: h3's own declarations name packages that h3 does not bring.
 */
export interface HttpApp {
	fetch(request: Request): Response | Promise<Response>;
}

/** Options of the endpoints: who may ask, and what for; and how many may listen to events, with those who have a WebSocket. */
export interface HttpAppOptions
	extends AccessOptions,
		LimitOptions,
		MetricsOption,
		McpOption,
		ConsoleOption,
		OperatedOption {}

/**
 * Creates the app of a gateway, or of a hub with its worlds: below `/api/gateway`, its `status`
 * [HTTP1], `messages` and `events` for who has no WebSocket [HTTP7, HTTP9], `disconnect` and `revoke`
 * for operators [HTTP12], and `openapi.json` [HTTP11]; `/healthz` and `/readyz` [HTTP2];
 * and where it is given metrics, `/metrics` [MET1], what answers MCP clients, `/mcp`, and where it is
 * asked to, the console, `/__matrix/` [OPS1].
 *
 * @example
 * import { H3 } from "h3";
 * import { createGateway, createHttpApp } from "vite-plugin-matrix-gateway/server";
 *
 * const gateway = createGateway();
 * const app = new H3().mount("", createHttpApp(gateway));
 *
 * @throws TypeError when options contradict each other, or no page can have one of the allowed
 *   origins, or no server one of the allowed hosts.
 * @throws RangeError when a number is out of range.
 * @throws TokensError when the file of tokens is not what it has to be.
 */
export function createHttpApp(
	target: Gateway | Hub,
	options: HttpAppOptions = {},
): HttpApp {
	return createApp(target, options);
}

/** The same app as a listener of Node's, for a server that is there already. */
export function createHttpHandler(
	target: Gateway | Hub,
	options: HttpAppOptions = {},
): NodeHandler {
	return toNodeHandler(createApp(target, options)) as NodeHandler;
}

/** Answers one of `HTTP_PATHS`; others it answers with 404. */
export type NodeHandler = (
	request: IncomingMessage,
	response: ServerResponse,
) => void | Promise<void>;
