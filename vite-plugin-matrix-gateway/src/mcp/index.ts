/** `vite-plugin-matrix-gateway/mcp`: the world for LLMs, as an MCP server. Needs `@modelcontextprotocol/server`. */

export { createMcp } from "./http.ts";
export type { McpOptions } from "./options.ts";
export { type McpStdioOptions, serveMcpStdio } from "./stdio.ts";
