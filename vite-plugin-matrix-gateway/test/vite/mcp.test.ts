/** MCP on Vite's server. */
import {
	Client,
	StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import { expect, test } from "vitest";
import { LIST_TOOLS, posting } from "../support/mcp-request.ts";
import { serve } from "../support/vite-server.ts";

const post = (url: string) => fetch(url, posting(LIST_TOOLS));

test("MCP1 it is there where it is wanted, under Vite's base too", async () => {
	const { url, server } = await serve(
		{ base: "/matrix/" },
		{ mcp: true, retain: "matrix" },
	);
	for (const path of ["/mcp", "/matrix/mcp"])
		expect((await post(url(path, "http"))).status).toBe(200);

	const client = new Client(
		{ name: "test", version: "1" },
		{ versionNegotiation: { mode: "auto" } },
	);
	await client.connect(
		new StreamableHTTPClientTransport(new URL(url("/mcp?agent=ada", "http"))),
	);
	const look = await client.callTool({ name: "look", arguments: {} });
	expect(look.structuredContent).toMatchObject({ you: "ada", agents: 1 });

	// The world is handed on, and who called goes on with its next call.
	await server.restart();
	const again = await client.callTool({ name: "look", arguments: {} });
	expect(again.structuredContent).toMatchObject({ you: "ada", agents: 1 });
	await client.close();
});

test("MCP1 a page of another origin is refused", async () => {
	const { url } = await serve({}, { mcp: true });
	const request = posting("{}", { origin: "https://evil.example" });
	const answer = await fetch(url("/mcp", "http"), request);
	expect(answer.status).toBe(403);
});

test("MCP1 without the option nothing of ours is there", async () => {
	const { url } = await serve();
	expect((await post(url("/mcp", "http"))).status).toBe(404);
});
