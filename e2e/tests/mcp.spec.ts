/** An LLM's agent, by a real MCP client, in a world that a page shows. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
	Client,
	StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { connectAgent } from "../agent.ts";
import {
	drawNothing,
	expect,
	expectConnection,
	openWorld,
	snapshot,
	test,
} from "../fixtures.ts";
import type { Host } from "../hosts.ts";

const SIDECAR = fileURLToPath(
	new URL("../../sidecar/dist/server.js", import.meta.url),
);

const transports = {
	"Streamable HTTP": ({ url }: Host) =>
		new StreamableHTTPClientTransport(new URL(`${url}mcp?agent=ada`)),
	stdio: ({ gatewayUrl }: Host) =>
		new StdioClientTransport({
			command: process.execPath,
			args: [SIDECAR, "mcp", "--url", gatewayUrl, "--agent", "ada"],
		}),
};

for (const [name, transportTo] of Object.entries(transports))
	test(`an LLM looks, hears Timmy, answers and plants a tree that a page shows, over a restart: ${name}`, {
		tag: "@sidecar",
	}, async ({ page, context, start, hostKind }) => {
		test.skip(hostKind !== "sidecar");
		await drawNothing(context);
		const data = mkdtempSync(join(tmpdir(), "matrix-mcp-"));
		const flags = ["--mcp", "--data", data];
		const host = await start({ flags });
		const client = new Client(
			{ name: "e2e", version: "1" },
			{ versionNegotiation: { mode: "auto" } },
		);
		const call = async (tool: string, args = {}) => {
			const result = await client.callTool({ name: tool, arguments: args });
			expect(result.isError).toBeFalsy();
			return result.structuredContent as Record<string, unknown>;
		};
		try {
			await openWorld(page, host.url);
			const timmy = await connectAgent(host.gatewayUrl, "timmy");
			await client.connect(transportTo(host));
			expect(await call("look")).toMatchObject({ you: "ada", agents: 2 });

			const hearing = call("listen");
			timmy.send({
				type: "bark",
				agentId: "timmy",
				text: "Who plants a tree?",
			});
			expect(await hearing).toMatchObject({
				untrusted: { said: [{ message: { text: "Who plants a tree?" } }] },
			});
			await call("say", { to: "timmy", text: "I do" });
			expect(await timmy.next("agent_message")).toMatchObject({
				agentId: "ada",
				text: "I do",
			});

			const waiting = call("listen");
			await call("look");
			await host.stop();
			expect((await waiting).gateway).toContain("restarting");
			await start({ flags, port: host.port });
			await expectConnection(page, "online");

			await call("say", { text: "There" });
			await call("act", {
				actions: [
					{ type: "agent_move", position: { x: 2, z: 2 } },
					{
						type: "scene_add",
						id: "ada/tree",
						kind: "cone",
						position: { x: 2, z: 3 },
					},
				],
			});
			await expect
				.poll(async () => (await snapshot(page)).objects.map(({ id }) => id))
				.toEqual(["ada/tree"]);
			const { agents } = await snapshot(page);
			expect(agents.find(({ agentId }) => agentId === "ada")?.target).toEqual({
				x: 2,
				y: 0,
				z: 2,
			});
		} finally {
			await client.close();
			rmSync(data, { recursive: true, force: true });
		}
	});
