/** A gateway in memory, MCP clients of it, and agents that they meet. */
import {
	Client,
	StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import { onTestFinished } from "vitest";
import { createMatrixClient } from "../../../src/client/create-client.ts";
import type { MatrixClient } from "../../../src/client/matrix-client.ts";
import { createMcp } from "../../../src/mcp/index.ts";
import type { McpOptions } from "../../../src/mcp/options.ts";
import type { AccessOptions } from "../../../src/node/access-options.ts";
import { createHttpApp } from "../../../src/node/http.ts";
import { createHub, type Hub } from "../../../src/node/hub.ts";
import type { HubOptions } from "../../../src/node/hub-options.ts";
import { memoryWebSocket } from "../../../src/node/memory-socket.ts";
import { posting } from "../../support/mcp-request.ts";
import { createPeer, type Peer } from "./peer.ts";

export interface World {
	readonly hub: Hub;
	/** An MCP client that has connected. */
	connect(options?: ConnectOptions): Promise<Llm>;
	/** Posts as an MCP client does, which sets the headers that it likes. */
	post(body: unknown, headers?: Record<string, string>): Promise<Response>;
	request(init: RequestInit): Promise<Response>;
	/** An agent of the world `default`, which is there. */
	peer(agentId: string): Promise<Peer>;
}

export interface ConnectOptions {
	/** Which generation of the protocol it speaks. */
	readonly mode?: "auto" | "legacy";
	readonly token?: string;
	readonly query?: string;
}

/** What a tool has answered, taken apart. */
export interface Told {
	/** What the gateway says itself. */
	readonly own: Readonly<Record<string, unknown>>;
	readonly untrusted: Readonly<Record<string, unknown>>;
	readonly text: string;
	readonly isError: boolean;
	/** Characters of the answer's structured content. */
	readonly size: number;
}

export interface Llm {
	readonly client: Client;
	readonly transport: StreamableHTTPClientTransport;
	call(name: string, args?: object, signal?: AbortSignal): Promise<Told>;
}

export type WorldOptions = HubOptions & McpOptions & AccessOptions;

export function createWorld(options: WorldOptions = {}): World {
	const { token: _, authenticate: __, ...rest } = options;
	const hub = createHub({ retain: "matrix", ...rest });
	onTestFinished(() => hub.close());
	const mcp = createMcp(options);
	const app = createHttpApp(hub, { ...options, mcp });

	async function request(init: RequestInit, query = ""): Promise<Response> {
		const headers = new Headers(init.headers);
		headers.set("host", "localhost");
		const url = `http://localhost/mcp${query}`;
		return app.fetch(new Request(url, { ...init, headers }));
	}

	return {
		hub,
		request,
		post: (body, headers = {}) => request(posting(body, headers)),
		connect: (given) => connect(request, given),
		peer: (agentId) => createPeer(clientOf(hub, agentId)),
	};
}

export function clientOf(hub: Hub, agentId: string): MatrixClient {
	const WebSocket = memoryWebSocket(async (socket) => {
		const gateway = await hub.enter("default");
		if ("open" in gateway) return gateway.open(socket);
		throw new Error(gateway.reason);
	});
	const client = createMatrixClient({ url: "ws://here", agentId, WebSocket });
	onTestFinished(() => client.dispose());
	return client;
}

async function connect(
	request: (init: RequestInit, query?: string) => Promise<Response>,
	{ mode = "auto", token, query = "" }: ConnectOptions = {},
): Promise<Llm> {
	const client = new Client(
		{ name: "test", version: "1" },
		{ versionNegotiation: { mode } },
	);
	const transport = new StreamableHTTPClientTransport(
		new URL("http://localhost/mcp"),
		{
			fetch: (_, init) => request(init as RequestInit, query),
			...(token !== undefined && {
				requestInit: { headers: { authorization: `Bearer ${token}` } },
			}),
		},
	);
	await client.connect(transport);
	onTestFinished(() => client.close());
	return {
		client,
		transport,
		call: async (name, args = {}, signal) =>
			toTold(
				await client.callTool(
					{ name, arguments: { ...args } },
					{ ...(signal && { signal }) },
				),
			),
	};
}

export function toTold(result: Awaited<ReturnType<Client["callTool"]>>): Told {
	const { structuredContent = {}, content, isError = false } = result;
	const { untrusted = {}, ...own } = structuredContent as Record<
		string,
		object
	>;
	const [first] = content as { text?: string }[];
	return {
		own,
		untrusted: untrusted as Told["untrusted"],
		text: first?.text ?? "",
		isError: isError === true,
		size: JSON.stringify(structuredContent).length,
	};
}
