/** The gateway beside all else that Vite's server does. */
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mergeConfig, type Plugin, preview } from "vite";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocketServer } from "ws";
import { matrixGateway } from "../../src/vite/index.ts";
import { connect, statusOf } from "../support/client.ts";
import { frame } from "../support/frames.ts";
import { upgradeRaw } from "../support/peer.ts";
import { baseConfig, recordLogs } from "../support/vite.ts";
import { serve } from "../support/vite-server.ts";

describe("beside Vite's own work", () => {
	test("HMR's socket connects, and lives on when ours breaks [CON1]", async () => {
		const { server, url } = await serve();
		const hmr = await connectToHmr(server.config.webSocketToken, url("/"));
		expect(await hmr.next()).toEqual({ type: "connected" });
		const peer = await upgradeRaw(url());
		peer.socket.write(frame({ opcode: 3 }));
		await peer.closeCode();
		server.ws.send({ type: "custom", event: "still:here" });
		expect(await hmr.next("custom")).toMatchObject({ event: "still:here" });
	});

	test("pages and modules are served as ever", async () => {
		const { url } = await serve();
		const page = await fetch(url("/", "http"));
		expect(await page.text()).toContain("/@vite/client");
		expect((await fetch(url("/main.js", "http"))).status).toBe(200);
	});

	test("the gateway answers under `base` and without it, and so do its endpoints [CON1]", async () => {
		const { url } = await serve({ base: "/garden/" });
		for (const path of ["/garden/ws/matrix", "/ws/matrix"]) {
			const client = await connect(url(path));
			await client.register(`by${path}`);
			client.socket.close();
			await client.closed;
		}
		for (const path of [
			"/garden/api/gateway/status",
			"/api/gateway/status",
			"/garden/healthz",
		])
			expect((await fetch(url(path, "http"))).status).toBe(200);
		const page = await fetch(url("/garden/", "http"));
		expect(page.status).toBe(200);
	});

	test.each(["./", "", "https://cdn.example/assets/"])(
		"a base of %j changes nothing [CON1]",
		async (base) => {
			const { url } = await serve({ base });
			await (await connect(url())).register("timmy");
		},
	);

	test("another path, under base too", async () => {
		const { url } = await serve({ base: "/a/" }, { path: "/hub" });
		for (const path of ["/hub", "/a/hub"])
			await (await connect(url(path))).register(`by${path}`);
	});

	test("WLD1 another gateway's own path below this one's is the other's, and no world", async () => {
		const other = matrixGateway({ path: "/ws/matrix/other" });
		const { url } = await serve({ plugins: [other] }, { worlds: ["garden"] });
		const [here, there, world] = await Promise.all(
			["", "/other", "/garden"].map((path) =>
				connect(url(`/ws/matrix${path}`)),
			),
		);
		for (const client of [here, there, world]) await client?.register("timmy");
		expect(await statusOf(url("/ws/matrix/moon"))).toBe(404);
	});

	test.each([
		"/ws/matrix/",
		"/ws/matrix/a/b",
		"/ws/matrixx",
		"/WS/matrix",
		"/ws//matrix",
		"//ws/matrix",
		"/ws/%6datrix",
		"/other/ws/matrix",
		"/",
	])("an upgrade of %s is left to others [CON1]", async (path) => {
		const { url } = await serve({ plugins: [claimEverythingElse()] });
		// Vite's own listener takes those of HMR alone; the test's takes all but the gateway's.
		const client = await connect(url(path));
		expect(await client.next("claimed_by_another")).toMatchObject({ path });
	});

	test("a proxy for WebSockets works on its own path, and there is nothing to warn of", async () => {
		const target = await startEcho();
		const { url, logs } = await serve({
			server: { proxy: { "/socket": { target, ws: true } } },
		});
		const client = await connect(url("/socket"));
		client.send({ type: "through the proxy" });
		await client.next("through the proxy");
		await (await connect(url())).register("timmy");
		expect(logs()).not.toContain("proxy");
	});

	test.each<[string, object | string]>([
		["/ws", { target: "http://127.0.0.1:9", ws: true }],
		["^/ws/.*", { target: "ws://127.0.0.1:9" }],
		["/", "ws://127.0.0.1:9"],
	])(
		"a proxy that covers our path, %s, is warned of",
		async (context, proxy) => {
			const { logs } = await serve({ server: { proxy: { [context]: proxy } } });
			expect(logs()).toContain(`The proxy "${context}"`);
			expect(logs()).toContain("/ws/matrix");
		},
	);

	test("a proxy that covers our path under `base` is warned of, once", async () => {
		const proxy = { "/garden/ws": "ws://127.0.0.1:9" };
		const { logs } = await serve({ base: "/garden/", server: { proxy } });
		expect(logs().split('The proxy "/garden/ws"')).toHaveLength(2);
		expect(logs()).toContain("/garden/ws/matrix");
	});

	test("of the proxies of `server` and `preview`, those of the one that serves are warned of", async () => {
		const { logger, text } = recordLogs();
		const config = mergeConfig(baseConfig(logger), {
			server: { proxy: { "/": "ws://127.0.0.1:9" } },
			preview: { proxy: { "/ws": "ws://127.0.0.1:9" } },
		});
		const server = await preview(config);
		onTestFinished(() => server.close());
		expect(text()).toContain('The proxy "/ws"');
		expect(text()).not.toContain('The proxy "/"');
	});

	test("the plugin twice on one path is refused in a sentence, on two paths it is fine", async () => {
		await expect(serve({ plugins: [matrixGateway()] })).rejects.toThrow(
			/in this config 2 times with the path \/ws\/matrix/,
		);
		const { url } = await serve({ plugins: [matrixGateway({ path: "/hub" })] });
		const one = await connect(url());
		await one.register("timmy");
		const other = await connect(url("/hub"));
		// Two worlds: the name is free in the other one.
		expect(await other.register("timmy")).toMatchObject({ agents: [] });
		await one.expectNothing();
	});

	test.each([
		[{ token: "" }, /`token` is empty/],
		[{ token: "a", authenticate: () => ({}) }, /exclude each other/],
		[{ path: "ws" }, /A path starts with one slash/],
		[{ path: "/ws?x" }, /A path starts with one slash/],
		[{ path: "/ws/münze" }, /percent-encoded/],
	])(
		"options that cannot be meant are refused in a sentence: %o",
		(options, message) => {
			expect(() => matrixGateway(options)).toThrow(message);
		},
	);

	test.each([
		{ heartbeatInterval: -1 },
		{ maxPayload: Number.NaN },
		{ registerTimeout: Number.POSITIVE_INFINITY },
		{ authenticateTimeout: -1 },
		{ compressionThreshold: -1 },
	])(
		"numbers that cannot be meant are refused by name, and where nothing is served too: %o",
		(options) => {
			const [name] = Object.keys(options);
			expect(() => matrixGateway(options)).toThrow(RangeError);
			expect(() => matrixGateway(options)).toThrow(name);
		},
	);

	test("the gateway's URL is printed under Vite's own", async () => {
		const { server, logs, url } = await serve({ base: "/garden/" });
		server.printUrls();
		const lines = logs().split("\n");
		const local = lines.findIndex((line) => line.includes("Local:"));
		const matrix = lines.findIndex((line) => line.includes("Matrix:"));
		expect(local).toBeGreaterThanOrEqual(0);
		expect(matrix).toBeGreaterThan(local);
		expect(lines[matrix]).toContain(url());
	});

	test("who comes and goes is printed, unless `log` is false", async () => {
		for (const log of [true, false]) {
			const { url, logs } = await serve({}, { log });
			const watcher = await connect(url());
			await watcher.register("watcher");
			const timmy = await connect(url());
			await timmy.register("timmy", "bridge");
			timmy.socket.close();
			await watcher.skipTo("agent_left");
			expect(logs().includes("timmy joined as bridge")).toBe(log);
			expect(logs().includes("timmy left (closed)")).toBe(log);
		}
	});
});

describe("Vite's own rules are the gateway's [CON3]", () => {
	test("a name of `server.allowedHosts` is one of ours", async () => {
		const { url } = await serve({ server: { allowedHosts: ["dev.example"] } });
		const headers = { host: "dev.example" };
		const origin = "http://dev.example";
		await (await connect(url(), { headers, origin })).register("timmy");
	});

	test("a page of `server.cors.origin` gets in, and no other", async () => {
		const { url } = await serve({
			server: { cors: { origin: "https://page.example" } },
		});
		await connect(url(), { origin: "https://page.example" });
		// Vite's default list no longer holds then, and localhost of another port is foreign.
		await expect(
			connect(url(), { origin: "http://localhost:1" }),
		).rejects.toThrow("HTTP 403");
	});

	test("the host of a page that `server.cors.origin` names is one of ours", async () => {
		const cors = { origin: ["https://page.example", /never/] };
		const { url } = await serve({ server: { cors } });
		const from = (host: string) =>
			connect(url(), { headers: { host }, origin: `http://${host}` });
		await (await from("page.example")).register("timmy");
		await expect(from("other.example")).rejects.toThrow("HTTP 403");
	});

	test("what Vite takes and no page can match is no error, and lets nobody in", async () => {
		const origin = ["page.example", "https://Page.Example/", "https://a.b/c"];
		const allowedHosts = ["https://dev.example", "other.example:80"];
		const { url } = await serve({ server: { cors: { origin }, allowedHosts } });
		await connect(url(), { origin: "https://page.example" });
		for (const origin of ["https://a.b", "https://dev.example"])
			await expect(connect(url(), { origin })).rejects.toThrow("HTTP 403");
	});

	test("an allowed origin whose host no server has is one all the same", async () => {
		const allowedOrigins = ["file://", "app://.", "HTTPS://Page.Example/"];
		const { url } = await serve({}, { allowedOrigins });
		for (const origin of ["file://", "app://.", "https://page.example"])
			await connect(url(), { origin });
		const headers = { host: "page.example" };
		await connect(url(), { headers, origin: "http://page.example" });
	});

	test("a page on another port of localhost gets in by Vite's default", async () => {
		const { url } = await serve();
		await connect(url(), { origin: "http://localhost:1" });
	});

	test.each([true, false])(
		"`server.cors: %s` means what it means to Vite",
		async (cors) => {
			const { url } = await serve({ server: { cors } });
			const attempt = connect(url(), { origin: "http://anyone.test" });
			if (cors) await (await attempt).register("timmy");
			else await expect(attempt).rejects.toThrow("HTTP 403");
		},
	);

	test.each([
		["https://page.example", true],
		["https://other.example", false],
		["https://broken.example", false],
	])(
		"a function of `server.cors.origin` is asked about %s",
		async (origin, allowed) => {
			const { url } = await serve({
				server: {
					cors: {
						origin(asked, answer) {
							const isBroken = asked === "https://broken.example";
							const error = isBroken ? new Error("broken") : null;
							// Vite's type has no null, though `cors` itself passes it.
							answer(error as Error, asked === "https://page.example");
						},
					},
				},
			});
			const attempt = connect(url(), { origin });
			if (allowed) await (await attempt).register("timmy");
			else await expect(attempt).rejects.toThrow("HTTP 403");
		},
	);
});

async function connectToHmr(token: string, url: string) {
	const client = await connect(`${url}?token=${token}`, {
		protocols: ["vite-hmr"],
	});
	return client;
}

/** Some other plugin with an upgrade listener of its own. */
function claimEverythingElse(): Plugin {
	const webSockets = new WebSocketServer({ noServer: true });
	return {
		name: "claim-everything-else",
		configureServer({ httpServer }) {
			httpServer?.on("upgrade", (request, socket, head) => {
				if (request.url === "/ws/matrix") return;
				if (request.headers["sec-websocket-protocol"] === "vite-hmr") return;
				webSockets.handleUpgrade(request, socket, head, (webSocket) => {
					const type = "claimed_by_another";
					webSocket.send(JSON.stringify({ type, path: request.url }));
				});
			});
		},
	};
}

async function startEcho(): Promise<string> {
	const server = createHttpServer();
	const webSockets = new WebSocketServer({ server });
	webSockets.on("connection", (webSocket) => {
		webSocket.on("message", (data) => webSocket.send(data.toString()));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	onTestFinished(() => {
		for (const webSocket of webSockets.clients) webSocket.terminate();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
