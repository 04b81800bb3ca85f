/** MCP is in a file beside this one, so that who does not use it loads nothing of it. */
import type { McpOptions } from "vite-plugin-matrix-gateway/mcp";
import type { Mcp } from "vite-plugin-matrix-gateway/server";
import { ExitError } from "./errors.ts";

/** @throws ExitError where the file is missing. */
export async function importMcp() {
	try {
		return await import("./mcp.ts");
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		if (code !== "ERR_MODULE_NOT_FOUND") throw error;
		throw new ExitError(
			`MCP needs the file mcp.js, which is built together with server.js, beside it: ${message}`,
		);
	}
}

export async function loadMcp(options: McpOptions): Promise<Mcp> {
	const { createMcp } = await importMcp();
	return createMcp(options);
}
