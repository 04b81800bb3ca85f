/** All that serves MCP clients: a file of its own, which is read where it is wanted. */
export { createMcp, serveMcpStdio } from "vite-plugin-matrix-gateway/mcp";
