/** Errors of the gateway's own under Vite, planted where it writes an answer [ERR3]. */
import { preview, type ViteDevServer } from "vite";
import { describe, expect, onTestFinished, test } from "vitest";
import { connect, statusOf, type TestClient } from "../support/client.ts";
import { plantError } from "../support/planted.ts";
import { until } from "../support/until.ts";
import { baseConfig, recordLogs } from "../support/vite.ts";
import { serve } from "../support/vite-server.ts";

const INTERNAL_ERROR = { code: 1011, reason: "internal error" };

/** Its agent's connection, another one, and an error as that one registers. */
async function breakGateway(url: string): Promise<void> {
	const timmy = await connect(url);
	await timmy.register("timmy");
	const ada = await connect(url);
	plantError("agent_registered");
	ada.send({ type: "agent_register", agentId: "ada" });
	for (const client of [timmy, ada])
		expect(await client.expectClosed()).toEqual(INTERNAL_ERROR);
}

/** A page's socket to Vite. */
async function openPage(
	server: ViteDevServer,
	url: string,
): Promise<TestClient> {
	const page = await connect(`${url}?token=${server.config.webSocketToken}`, {
		protocols: ["vite-hmr"],
	});
	expect(await page.next()).toEqual({ type: "connected" });
	return page;
}

const OVERLAY = {
	type: "error",
	err: {
		message: expect.stringMatching(/^planted\n\n.*Restart Vite/s),
		stack: expect.stringMatching(/^ {4}at /),
		plugin: "vite-plugin-matrix-gateway",
	},
};

describe("an error that costs one connection", () => {
	test.each([true, false])(
		"ERR3 is printed with its stack, where `log` is %s",
		async (log) => {
			const { url, logs } = await serve({}, { log });
			const timmy = await connect(url());
			await timmy.register("timmy");
			const ada = await connect(url());
			await ada.register("ada");
			await timmy.next("agent_joined");
			plantError("gateway_error");
			ada.send({ type: "gateway_hello", secret: "a payload" });
			expect(await ada.expectClosed()).toEqual(INTERNAL_ERROR);
			await timmy.next("agent_left");
			await timmy.expectNothing();
			expect(logs()).toMatch(/own ended a connection\nError: planted\n {4}at /);
			expect(logs()).not.toContain("a payload");
			const status = await fetch(url("/api/gateway/status", "http"));
			expect(await status.json()).toMatchObject({ totals: { failed: 1 } });
		},
	);
});

describe("an error that breaks the gateway", () => {
	test("ERR3 is printed and shown over the page; Vite lives, and a restart makes a fresh gateway", async () => {
		const { server, url, logs } = await serve();
		const page = await openPage(server, url("/"));
		await breakGateway(url());
		expect(await page.next()).toMatchObject(OVERLAY);
		expect(logs()).toMatch(/Restart Vite.*\nError: planted\n {4}at /);

		expect(await statusOf(url())).toBe(503);
		expect((await fetch(url("/readyz", "http"))).status).toBe(503);
		expect((await fetch(url("/healthz", "http"))).status).toBe(200);
		const html = await fetch(url("/", "http"), {
			headers: { accept: "text/html" },
		});
		expect(await html.text()).toContain("/@vite/client");

		await server.restart();
		await (await connect(url())).register("again");
		expect((await fetch(url("/readyz", "http"))).status).toBe(200);
		// Whoever closes it next does not wait for it.
		await breakGateway(url());
		await server.close();
	});

	test("ERR3 waits for the page where none is open", async () => {
		const { server, url } = await serve();
		await breakGateway(url());
		const page = await openPage(server, url("/"));
		expect(await page.next()).toMatchObject(OVERLAY);
	});

	test("ERR3 does the same under vite preview, which has no overlay", async () => {
		const { logger, text } = recordLogs();
		const server = await preview(baseConfig(logger));
		onTestFinished(() => server.close());
		const { resolvedUrls } = server;
		const http = resolvedUrls?.local[0] ?? "";
		const url = `${http.replace("http", "ws")}ws/matrix`;
		await breakGateway(url);
		expect(text()).toMatch(/Error: planted\n {4}at /);
		expect(await statusOf(url)).toBe(503);
		expect((await fetch(http)).status).toBe(200);
	});
});

describe("an error in a function of the host's", () => {
	test("ERR3 AUTH2 is none of the gateway's own", async () => {
		let calls = 0;
		const { url, logs } = await serve(
			{},
			{
				authenticate(token) {
					calls++;
					if (token === "bad") throw new Error("the host's own");
					return {};
				},
			},
		);
		const timmy = await connect(url());
		await timmy.register("timmy");
		expect(await statusOf(`${url()}?token=bad`)).toBe(503);
		await until(logs, (text) => text.includes("the host's own"));
		expect(calls).toBe(2);
		await timmy.expectNothing();
		const status = await fetch(url("/api/gateway/status", "http"));
		expect(await status.json()).toMatchObject({
			status: "ok",
			totals: { failed: 0 },
		});
	});
});
