/** MCP over this process's standard streams, for a desktop client; the gateway is anywhere. */
import { randomBytes } from "node:crypto";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { WebSocket } from "ws";
import type { MatrixClientOptions } from "../client/options.ts";
import { createAgents, type Whose } from "./agent/agents.ts";
import { createCalls } from "./calls.ts";
import { type McpOptions, resolveMcp } from "./options.ts";
import { createServer } from "./server.ts";

/** Which gateway, and as whom. */
export interface McpStdioOptions
	extends McpOptions,
		Pick<MatrixClientOptions, "url" | "token" | "world" | "role"> {
	/**
	 * The agent's name.
	 * @default `mcp-` and eight digits, others each time
	 */
	readonly agentId?: string | undefined;
	/** Told of errors of the transport; its standard output belongs to the client. */
	readonly onError?: ((error: Error) => void) | undefined;
}

export interface McpStdio {
	/** The agent leaves, and nothing is answered any more. */
	close(): Promise<void>;
}

/**
 * Serves one MCP client on standard input and output.
 *
 * @throws TypeError where `url` is no address of a WebSocket, or `world` no name of a world.
 * @throws RangeError when an option is out of range.
 */
export function serveMcpStdio(given: McpStdioOptions): McpStdio {
	const options = resolveMcp(given);
	const agents = createAgents(options);
	const calls = createCalls();
	const whose = whoseOf(given);
	const begin = (id: string | number) => calls.begin(THE_CLIENT, id);
	const handle = serveStdio(
		() => createServer({ agents, whose, options, begin }),
		{ ...(given.onError && { onerror: given.onError }) },
	);
	return {
		async close() {
			agents.close();
			await handle.close();
		},
	};
}

/** There is one, whose requests each have their own id. */
const THE_CLIENT = { credential: "", scope: "", isSession: true };

function whoseOf(given: McpStdioOptions): Whose {
	const { url, token, world, role } = given;
	const { agentId = `mcp-${randomBytes(4).toString("hex")}` } = given;
	return {
		...{ agentId, credential: "", world: world ?? "" },
		connection: { url, token, world, WebSocket, ...(role && { role }) },
	};
}
