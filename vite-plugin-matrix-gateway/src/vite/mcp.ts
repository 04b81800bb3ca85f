/** MCP on Vite's server, where it is wanted. */
import type { Logger } from "vite";
import { lazyMcp, type McpOption, McpUnavailable } from "../node/http.ts";
import type { MatrixGatewayOptions } from "./options.ts";

/** What answers MCP clients, if anything does. */
export function mcpOf(
	logger: Logger,
	options: MatrixGatewayOptions,
): McpOption {
	return options.mcp ? { mcp: lazyMcp(() => load(logger, options)) } : {};
}

async function load(logger: Logger, options: MatrixGatewayOptions) {
	try {
		const { createMcp } = await import("../mcp/index.ts");
		return createMcp(options);
	} catch (error) {
		logger.error(`[matrix] ${MISSING}: ${(error as Error).message}`, {
			timestamp: true,
		});
		throw new McpUnavailable(MISSING);
	}
}

const MISSING =
	"MCP needs a package: npm install --save-dev @modelcontextprotocol/server";
