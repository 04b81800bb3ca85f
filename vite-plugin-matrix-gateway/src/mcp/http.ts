/** MCP over Streamable HTTP, on the gateway of this process. */
import { randomUUID } from "node:crypto";
import {
	type AuthInfo,
	createMcpHandler,
	INVALID_REQUEST,
	isLegacyRequest,
} from "@modelcontextprotocol/server";
import type { Mcp, McpAsked } from "../node/http/mcp.ts";
import { memoryWebSocket } from "../node/memory-socket.ts";
import { createAgents, type Whose } from "./agent/agents.ts";
import type { Caller } from "./caller.ts";
import { createCalls, ID_IN_USE, type Requestor } from "./calls.ts";
import { agentIdOf, roleOf } from "./names.ts";
import { type McpOptions, resolveMcp } from "./options.ts";
import { createServer } from "./server.ts";
import { createSessions } from "./sessions.ts";

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
	const sessions = createSessions();
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
			const { credential } = whose;
			if (session !== undefined && sessions.hasEnded(credential, session))
				return refuse(404, "Session not found");
			if (body === undefined) return end(session, whose);
			if (session !== undefined) sessions.touch(credential, session);
			const parsedBody = parse(body);
			const by = requestorOf(whose, session);
			const refusal = refusalOf(messagesIn(parsedBody), by);
			if (refusal) return refusal;
			const begin: Caller["begin"] = (id) => calls.begin(by, id);
			const authInfo = carry({ agents, whose, options, begin });
			// What is parsed is not read again.
			const posted = parsedBody ? request : withBody(request, body);
			const begins = await beginsSession(posted, parsedBody);
			const response = await handler.fetch(posted, {
				...{ authInfo, ...(parsedBody && { parsedBody }) },
			});
			// Of a connection an answer of HTTP/2 may say nothing.
			response.headers.delete("connection");
			if (!begins) return response;
			const begun = randomUUID();
			sessions.touch(credential, begun);
			response.headers.set(SESSION, begun);
			return response;
		},
	};

	/** Cancels what is to be cancelled, and refuses a request whose id is another one's. */
	function refusalOf(
		messages: readonly Message[],
		by: Requestor,
	): Response | undefined {
		for (const { method, id, params } of messages) {
			if (method === "notifications/cancelled")
				calls.cancel(by, Object(params).requestId);
			if (method !== undefined && calls.isOpen(by, id))
				return refuse(400, ID_IN_USE, { code: INVALID_REQUEST, id });
		}
		return undefined;
	}

	/** Whoever ends its session does not wait for the end of its agent's time. */
	function end(session: string | undefined, whose: Whose): Response {
		if (session === undefined)
			return refuse(400, "Bad Request: a session ends by its id");
		sessions.end(whose.credential, session);
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

/** An agent may be many clients' that have no session, each of which counts its requests from the beginning. */
function requestorOf(
	{ credential, world, agentId }: Whose,
	session: string | undefined,
): Requestor {
	const isSession = session !== undefined;
	const scope = JSON.stringify(isSession ? [session] : [world, agentId]);
	return { credential, scope, isSession };
}

/** Newer clients have no sessions. */
async function beginsSession(
	posted: Request,
	parsed: Message | undefined,
): Promise<boolean> {
	if (parsed?.method !== "initialize") return false;
	return isLegacyRequest(posted, parsed);
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
	readonly id?: unknown;
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

/** Older clients may post several at once. */
function messagesIn(parsed: Message | undefined): Message[] {
	return [parsed].flat().map(Object);
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

function refuse(
	status: number,
	message: string,
	{ code = -32_000, id = null }: { code?: number; id?: unknown } = {},
): Response {
	const error = { code, message };
	return Response.json({ jsonrpc: "2.0", error, id }, { status });
}
