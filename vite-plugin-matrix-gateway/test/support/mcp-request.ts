/** What an MCP client posts, written by hand. */

export const LIST_TOOLS = { jsonrpc: "2.0", id: 1, method: "tools/list" };

export function callTool(id: number, name: string, args: object = {}): object {
	return {
		...{ jsonrpc: "2.0", id, method: "tools/call" },
		params: { name, arguments: args },
	};
}

export function cancel(requestId: number | string): object {
	return {
		...{ jsonrpc: "2.0", method: "notifications/cancelled" },
		params: { requestId },
	};
}

/**
 * A request with the headers that an MCP client sets, and further ones.
 * @param body Sent as it is where it is text.
 */
export function posting(
	body: unknown,
	headers: Readonly<Record<string, string>> = {},
): RequestInit {
	return {
		method: "POST",
		headers: {
			"content-type": "application/json",
			accept: "application/json, text/event-stream",
			...headers,
		},
		body: typeof body === "string" ? body : JSON.stringify(body),
	};
}
