/** Vite in middleware mode: the HTTP server is the app's. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { connect } from "../support/client.ts";
import { serve } from "../support/vite-server.ts";

test("with the app's server, the gateway is on it, and restarts on it [CON1, SH]", async () => {
	const app = await listen();
	const { server, logs } = await serve({
		server: { middlewareMode: { server: app.server } },
	});
	app.server.on("request", (request, response) =>
		server.middlewares(request, response),
	);
	const own = app.server.listenerCount("upgrade");
	expect(logs()).not.toContain("middleware mode");
	let client = await connect(app.url);
	await client.register("timmy");
	for (const _restart of ["first", "second", "third"]) {
		const restarted = server.restart();
		expect(await client.next()).toMatchObject({
			type: "gateway_shutdown",
			reason: "restart",
		});
		expect(await client.expectClosed()).toMatchObject({ code: 1012 });
		await restarted;
		client = await connect(app.url);
		expect(await client.register("timmy")).toMatchObject({ agents: [] });
	}
	// Those of before the restarts are off, so that one upgrade is not answered twice.
	expect(app.server.listenerCount("upgrade")).toBe(own);
	const status = await fetch(`${app.httpUrl}/api/gateway/status`);
	expect(await status.json()).toMatchObject({ connections: 1 });
	await server.close();
	expect(await client.skipTo("gateway_shutdown")).toMatchObject({
		reason: "shutdown",
	});
	expect(await client.expectClosed()).toMatchObject({ code: 1001 });
	expect(app.server.listening).toBe(true);
});

test("a second gateway on the app's server is refused in a sentence, while the first is there", async () => {
	const app = await listen();
	const config = { server: { middlewareMode: { server: app.server } } };
	const first = await serve(config);
	const client = await connect(app.url);
	await client.register("timmy");
	await expect(serve(config)).rejects.toThrow(
		/gateway answers \/ws\/matrix on this server already/,
	);
	await client.expectNothing();
	await first.server.close();
	await serve(config);
	await (await connect(app.url)).register("timmy");
});

test("without it, there is no gateway, and a warning says what to do", async () => {
	const { server, logs } = await serve({ server: { middlewareMode: true } });
	expect(logs()).toContain("server.middlewareMode: { server }");
	await server.restart();
	await server.close();
});

async function listen(): Promise<{
	server: Server;
	url: string;
	httpUrl: string;
}> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const { port } = server.address() as AddressInfo;
	return {
		server,
		url: `ws://127.0.0.1:${port}/ws/matrix`,
		httpUrl: `http://127.0.0.1:${port}`,
	};
}
