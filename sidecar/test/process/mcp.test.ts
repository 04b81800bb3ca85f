/** MCP of the built sidecar: served at /mcp, and as a subcommand over standard input and output. */
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { expect, it, onTestFinished } from "vitest";
import { makeFolder } from "../../../vite-plugin-matrix-gateway/test/support/app.ts";
import { connect } from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import {
	LIST_TOOLS,
	posting,
} from "../../../vite-plugin-matrix-gateway/test/support/mcp-request.ts";
import { LOCAL, run, SIDECAR_FILE, startSidecar } from "../support/sidecar.ts";

const TOKEN = "s3cret-of-mcp";
const env = { MATRIX_GATEWAY_TOKEN: TOKEN };
const post = (url: string, headers = {}) =>
	fetch(`${url}/mcp`, posting(LIST_TOOLS, headers));

it("MCP1 serves /mcp for its token, and only where it is wanted", async () => {
	const { httpUrl, child } = await startSidecar(["--mcp"], { env });
	expect((await post(httpUrl)).status).toBe(401);
	const answer = await post(httpUrl, { authorization: `Bearer ${TOKEN}` });
	expect(answer.status).toBe(200);
	expect(await answer.text()).toContain('"name":"listen"');
	expect(child.logs()).not.toContain(TOKEN);
	const other = await startSidecar();
	expect((await post(other.httpUrl)).status).toBe(404);
});

it("without --mcp it loads nothing of it, and with it says what is missing", async () => {
	const file = join(makeFolder(), "server.js");
	copyFileSync(SIDECAR_FILE, file);
	expect(readFileSync(file, "utf8")).not.toContain("McpServer");
	await startSidecar([], { file });
	const child = run([...LOCAL, "--mcp"], { file });
	expect(await child.exit()).toBe(1);
	expect(child.logs()).toContain("MCP needs the file mcp.js");
});

it("the subcommand brings an agent, over a restart of the gateway too, and takes it off with its input", async () => {
	const data = makeFolder();
	const first = await startSidecar([`--data=${data}`], { env });
	const { port } = new URL(first.httpUrl);
	const headers = { authorization: `Bearer ${TOKEN}` };
	const timmy = await connect(`${first.wsUrl}/ws/matrix`, { headers });
	await timmy.register("timmy");

	const client = new Client(
		{ name: "test", version: "1" },
		{ versionNegotiation: { mode: "auto" } },
	);
	const transport = new StdioClientTransport({
		command: process.execPath,
		args: [
			SIDECAR_FILE,
			"mcp",
			"--url",
			`${first.wsUrl}/ws/matrix`,
			"--agent",
			"ada",
		],
		env,
	});
	await client.connect(transport);
	onTestFinished(() => client.close());
	const call = async (name: string, args = {}) =>
		(await client.callTool({ name, arguments: args }))
			.structuredContent as Record<string, unknown>;
	expect(await call("look")).toMatchObject({ you: "ada", agents: 2 });
	expect(await timmy.skipTo("agent_joined")).toMatchObject({ agentId: "ada" });

	const waiting = call("listen");
	await call("look");
	expect(await first.child.exit("SIGTERM")).toBe(0);
	expect(await waiting).toMatchObject({
		gateway: expect.stringContaining("restarting"),
	});
	const second = await startSidecar([`--data=${data}`, `--port=${port}`], {
		env,
	});
	const back = await connect(`${second.wsUrl}/ws/matrix`, { headers });
	await back.register("timmy");
	back.send({ type: "bark", agentId: "timmy", text: "Back again" });
	const heard = await call("listen");
	expect(heard).toMatchObject({
		untrusted: { said: [{ message: { text: "Back again" } }] },
	});
	// It went on with its session: nothing was missed, and it came once.
	expect(heard.missed).toBeUndefined();
	await client.close();
	expect(await back.skipTo("agent_left")).toMatchObject({
		agentId: "ada",
		reason: "closed",
	});
});

it("the subcommand says what is wrong with its flags, without the token", async () => {
	for (const [flag, why] of [
		["--url=ftp://x", "--url"],
		["--url=ws://user:secret@x/", "--url"],
		["--agent=", "--agent"],
		[`--role=${"r".repeat(65)}`, "--role"],
		["--world=A b", "--world"],
		["--mcp-max-characters=10", "--mcp-max-characters"],
	] as const) {
		const child = run(["mcp", flag], { env });
		expect(await child.exit()).toBe(2);
		expect(child.logs()).toContain(why);
		expect(child.logs()).not.toContain(TOKEN);
	}
});
