/** Ada and a visitor, on a gateway of their own. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createMatrixClient } from "vite-plugin-matrix-gateway/client";
import { attach, createGateway } from "vite-plugin-matrix-gateway/server";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import live from "../agents/ada.ts";

const ADA = "ada";

test("Ada answers whoever speaks", async () => {
	const url = await startGateway();
	const matrix = createMatrixClient({ url, agentId: ADA, WebSocket });
	onTestFinished(live(matrix));
	const visitor = createMatrixClient({ url, WebSocket });
	const answer = new Promise((resolve) => visitor.on("bark", resolve));

	visitor.onAgents((agents) => {
		if (agents.has(ADA)) visitor.send({ type: "visitor_message", text: "Hi" });
	});

	expect(await answer).toMatchObject({
		agentId: ADA,
		text: "You say “Hi”. Welcome!",
	});
});

/** Starts a gateway on a free port, for the length of a test. */
async function startGateway(): Promise<string> {
	const gateway = createGateway();
	const server = createServer();
	attach(server, gateway);
	await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
	onTestFinished(async () => {
		await gateway.close();
		server.close();
	});
	const { port } = server.address() as AddressInfo;
	return `ws://localhost:${port}/ws/matrix`;
}
