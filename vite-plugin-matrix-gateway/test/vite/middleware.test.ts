/** Vite in middleware mode: the HTTP server is the app's. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type InlineConfig, mergeConfig, type Plugin } from "vite";
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

test.each(["hmr", "ws"] as const)(
	"the server that `server.%s` names for Vite's own WebSocket will do, and HMR lives beside it [CON1, SH]",
	async (option) => {
		const app = await listen();
		const { server, logs } = await serve({
			server: { middlewareMode: true, [option]: { server: app.server } },
		});
		app.server.on("request", (request, response) =>
			server.middlewares(request, response),
		);
		expect(logs()).not.toContain("middleware mode");
		for (const _restart of ["first", "second"]) {
			const client = await connect(app.url);
			await client.register("timmy");
			const hmr = await connect(
				`${new URL("/", app.url)}?token=${server.config.webSocketToken}`,
				{ protocols: ["vite-hmr"] },
			);
			expect(await hmr.next()).toEqual({ type: "connected" });
			const status = await fetch(`${app.httpUrl}/api/gateway/status`);
			expect(await status.json()).toMatchObject({ connections: 1 });
			await server.restart();
			expect(await client.next()).toMatchObject({
				type: "gateway_shutdown",
				reason: "restart",
			});
			expect(await client.expectClosed()).toMatchObject({ code: 1012 });
		}
	},
);

test("a restart that fails leaves the gateway on the app's server [SH]", async () => {
	const app = await listen();
	let isBroken = false;
	const later: Plugin = {
		name: "later",
		buildStart() {
			// In middleware mode this comes after all that configures the server.
			if (isBroken) throw new Error("its author is not done yet");
		},
	};
	const { server, logs } = await serve({
		server: { middlewareMode: { server: app.server } },
		plugins: [later],
	});
	app.server.on("request", (request, response) =>
		server.middlewares(request, response),
	);
	const client = await connect(app.url);
	await client.register("timmy");
	isBroken = true;
	await server.restart();
	expect(logs()).toContain("server restart failed");
	await client.expectNothing();
	expect((await fetch(`${app.httpUrl}/readyz`)).status).toBe(200);
	isBroken = false;
	await server.restart();
	await client.next("gateway_shutdown");
	expect(await client.expectClosed()).toMatchObject({ code: 1012 });
	await (await connect(app.url)).register("timmy");
});

test("without it, there is no gateway, a warning says what to do, and the endpoints say so [HTTP2]", async () => {
	const app = await listen();
	const { server, logs } = await serve({ server: { middlewareMode: true } });
	app.server.on("request", (request, response) =>
		server.middlewares(request, response),
	);
	expect(logs()).toContain("server.middlewareMode: { server }");
	for (const path of ["/readyz", "/api/gateway/status"]) {
		const answer = await fetch(app.httpUrl + path);
		expect(answer.status).toBe(503);
		expect(await answer.json()).toEqual({ error: "no gateway" });
	}
	expect((await fetch(`${app.httpUrl}/healthz`)).status).toBe(200);
	await server.restart();
	await server.close();
});

test.each<[string, InlineConfig]>([
	["wants no WebSockets", { server: { ws: false } }],
	["is Vitest's", { plugins: [{ name: "vitest" }] }],
])("a server that %s is warned of nothing", async (_name, config) => {
	const { logs } = await serve(
		mergeConfig({ server: { middlewareMode: true } }, config),
	);
	expect(logs()).not.toContain("middleware mode");
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
