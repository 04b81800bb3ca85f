/** MCP over Streamable HTTP, on the gateway of this process. */
import { randomUUID } from "node:crypto";
import {
	type AuthInfo,
	createMcpHandler,
	isLegacyRequest,
} from "@modelcontextprotocol/server";
import type { Mcp, McpAsked } from "../node/http/mcp.ts";
import { memoryWebSocket } from "../node/memory-socket.ts";
import { createAgents, type Whose } from "./agent/agents.ts";
import type { Caller } from "./caller.ts";
import { callKey, createCalls } from "./calls.ts";
import { agentIdOf, roleOf } from "./names.ts";
import { type McpOptions, resolveMcp } from "./options.ts";
import { createServer } from "./server.ts";
import { createEndedSessions } from "./sessions.ts";

/**
 * What answers MCP clients, for `createHttpApp` and `createHttpHandler`.
 *
 * @example
 * import { createGateway, createHttpHandler } from "vite-plugin-matrix-gateway/server";
 * import { createMcp } from "vite-plugin-matrix-gateway/mcp";
 *
 * const gateway = createGateway();
 * const handle = createHttpHandler(gateway, { mcp: createMcp() }); // also answers /mcp
 *
 * @throws RangeError when an option is out of range.
 */
export function createMcp(given: McpOptions = {}): Mcp {
	const options = resolveMcp(given);
	const agents = createAgents(options);
	const calls = createCalls();
	const sessions = createEndedSessions();
	const handler = createMcpHandler(({ authInfo }) =>
		createServer(callerIn(authInfo)),
	);

	return {
		async answer(asked) {
			const { request, body } = asked;
			const session = request.headers.get(SESSION) ?? undefined;
			if (session !== undefined && !IS_SESSION.test(session))
				return refuse(400, "Bad Request: no session has such an id");
			const whose = whoseOf(asked, session);
			const key = session && JSON.stringify([whose.credential, session]);
			if (key !== undefined && sessions.hasEnded(key))
				return refuse(404, "Session not found");
			if (body === undefined) return end(key, whose);
			const message = parse(body);
			const owner = JSON.stringify([
				...[whose.credential, whose.world, whose.agentId],
				session,
			]);
			if (message?.method === "notifications/cancelled")
				calls.cancel(callKey(owner, Object(message.params).requestId));
			const begin: Caller["begin"] = (id) => calls.begin(callKey(owner, id));
			const authInfo = carry({ agents, whose, options, begin });
			const parsed = message && { parsedBody: message };
			const posted = withBody(request, body);
			const isOlder = await isLegacyRequest(posted, message);
			const response = await handler.fetch(posted, { authInfo, ...parsed });
			const begins = isOlder && message?.method === "initialize";
			return withHeaders(response, begins ? randomUUID() : undefined);
		},
	};

	/** Whoever ends its session does not wait for the end of its agent's time. */
	function end(key: string | undefined, whose: Whose): Response {
		if (key === undefined)
			return refuse(400, "Bad Request: a session ends by its id");
		sessions.end(key);
		agents.leave(whose);
		return new Response(null, { status: 204 });
	}
}

/**
 * Older clients send what the answer to their `initialize` has given them. It says which of the agents of its
 * token is meant, and nothing more: so it is as good after a restart, and nobody gets another one's agent by it.
 */
const SESSION = "mcp-session-id";
/** As the specification has it, and of a bounded length. */
const IS_SESSION = /^[!-~]{1,128}$/;

function whoseOf(
	{ request, grant, world, open, isOver }: McpAsked,
	session: string | undefined,
): Whose {
	const asked = new URL(request.url).searchParams.get("agent") ?? undefined;
	return {
		agentId: agentIdOf({ asked, session, grant }),
		credential: grant.key ?? "",
		world,
		connection: {
			url: "ws://here",
			role: roleOf(grant),
			WebSocket: memoryWebSocket(open),
			backoff: { min: 100, max: 5_000 },
		},
		isOver,
	};
}

/** The SDK makes a server for each request, and hands on to it what belongs to its token. */
function carry(caller: Caller): AuthInfo {
	return { token: "", clientId: "", scopes: [], extra: { caller } };
}

function callerIn(authInfo: AuthInfo | undefined): Caller {
	return authInfo?.extra?.caller as Caller;
}

interface Message {
	readonly method?: unknown;
	readonly params?: unknown;
}

/** Undefined for what is no JSON, or no object: the SDK says so. */
function parse(body: string): Message | undefined {
	try {
		const value: unknown = JSON.parse(body);
		return typeof value === "object" ? (value ?? undefined) : undefined;
	} catch {
		return undefined;
	}
}

/** Its body was read already, within the bounds of the host. */
function withBody(request: Request, body: string): Request {
	const { url, method, headers, signal } = request;
	return new Request(url, {
		method,
		headers: new Headers(headers),
		body,
		signal,
	});
}

/** Of a connection an answer of HTTP/2 may say nothing. */
function withHeaders(response: Response, session?: string): Response {
	const headers = new Headers(response.headers);
	headers.delete("connection");
	if (session !== undefined) headers.set(SESSION, session);
	const { status, statusText } = response;
	return new Response(response.body, { status, statusText, headers });
}

function refuse(status: number, message: string): Response {
	const error = { code: -32_000, message };
	return Response.json({ jsonrpc: "2.0", error, id: null }, { status });
}
