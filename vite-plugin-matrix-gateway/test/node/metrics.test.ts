/** The metrics of a hub, in a registry and over HTTP. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Registry } from "prom-client";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Grant } from "../../src/core/protocol/grant.ts";
import { attach } from "../../src/node/attach.ts";
import { createHttpHandler, type HttpAppOptions } from "../../src/node/http.ts";
import { createHub, type Hub } from "../../src/node/hub.ts";
import type { HubOptions } from "../../src/node/hub-options.ts";
import { createMetrics } from "../../src/node/metrics/create-metrics.ts";
import { connect, statusOf } from "../support/client.ts";

function arrange(options: HubOptions = {}): Hub {
	const hub = createHub({ nativeIo: "off", ...options });
	onTestFinished(() => hub.close({ timeout: 0 }));
	return hub;
}

/** Its address, without a slash at its end. */
async function serve(hub: Hub, options: HttpAppOptions): Promise<string> {
	const server = createServer(createHttpHandler(hub, options));
	attach(server, hub, options);
	await new Promise<void>((resolve) =>
		server.listen(0, "127.0.0.1", () => resolve()),
	);
	onTestFinished(() => void server.close());
	return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("MET1 in a registry", () => {
	test("are all that there are, of each world", async () => {
		const hub = arrange({ worlds: ["garden"] });
		const text = await createMetrics(hub).registry.metrics();
		for (const name of NAMES) expect(text).toContain(`\n# TYPE ${name} `);
		for (const world of ["default", "garden"])
			expect(text).toContain(`matrix_gateway_ready{world="${world}"} 1`);
	});

	test("are beside those of the host, and are read anew each time", async () => {
		const hub = arrange();
		const registry = new Registry();
		expect(createMetrics(hub, { registry }).registry).toBe(registry);
		const address = await serve(hub, {});
		const counted = (kind: string) =>
			new RegExp(`_connections\\{world="default",state="${kind}"\\} 1\n`);
		expect(await registry.metrics()).not.toMatch(counted("agent"));
		const client = await connect(`ws://${address}/ws/matrix`);
		await client.register("timmy-of-the-meadow");
		const [text, again] = await Promise.all([
			registry.metrics(),
			registry.metrics(),
		]);
		expect(text).toMatch(counted("agent"));
		expect(again).toMatch(counted("agent"));
		expect(text).not.toContain("timmy");
	});

	test("the durations of flushes add up", async () => {
		const hub = arrange({ flushWindow: 0 });
		const { registry } = createMetrics(hub);
		const client = await connect(`ws://${await serve(hub, {})}/ws/matrix`);
		await client.register("timmy");
		client.send({ type: "bark" });
		await client.expectNothing();
		const text = await registry.metrics();
		const name = "matrix_gateway_flush_duration_seconds";
		const values = [
			...text.matchAll(new RegExp(`^${name}_\\w+\\{.*\\} (.*)$`, "gm")),
		]
			.map(([, value]) => Number(value))
			.slice(0, -2);
		expect(values).toEqual(values.toSorted((a, b) => a - b));
		expect(values.at(-1)).toBeGreaterThan(0);
		const [, count] = new RegExp(`${name}_count\\S* (\\d+)`).exec(text) ?? [];
		expect(Number(count)).toBe(values.at(-1));
	});

	test("CON4 refusals count by their status, and those that are closed as ends of their world", async () => {
		const hub = arrange({ worlds: ["garden"] });
		const { registry } = createMetrics(hub);
		const address = await serve(hub, { token: "right" });
		for (const path of ["", "/garden", "/garden"]) {
			const client = await connect(`ws://${address}/ws/matrix${path}`);
			expect((await client.expectClosed()).code).toBe(4001);
		}
		const foreign = { headers: { origin: "https://evil.test" } };
		const url = `ws://${address}/ws/matrix`;
		expect(await statusOf(url, foreign)).toBe(403);
		const text = await registry.metrics();
		expect(text).toContain('matrix_gateway_refused_total{status="403"} 1');
		expect(text).toContain('matrix_gateway_refused_total{status="4001"} 3');
		const closes = (world: string) =>
			`matrix_gateway_closes_total{world="${world}",code="4001"}`;
		expect(text).toContain(`${closes("default")} 1`);
		expect(text).toContain(`${closes("garden")} 2`);
	});
});

describe("MET1 over HTTP", () => {
	async function ask(options: HttpAppOptions, token?: string, method = "GET") {
		const hub = arrange();
		const { registry: metrics } = createMetrics(hub);
		const address = await serve(hub, { metrics, ...options });
		const authorization = token && `Bearer ${token}`;
		return fetch(`http://${address}/metrics`, {
			method,
			...(authorization && { headers: { authorization } }),
		});
	}

	const grant = (grant: Grant): HttpAppOptions => ({
		authenticate: (token) => (token === "right" ? grant : null),
	});

	test.each<[string, HttpAppOptions, string | undefined, number]>([
		["no token is asked for", {}, undefined, 200],
		["the one token", { token: "right" }, "right", 200],
		["another token", { token: "right" }, "wrong", 401],
		["no token", { token: "right" }, undefined, 401],
		["a grant with metrics", grant({ metrics: true }), "right", 200],
		["a grant without", grant({}), "right", 403],
		["a grant with metrics: false", grant({ metrics: false }), "right", 403],
		["no grant", grant({ metrics: true }), "wrong", 401],
		["no metrics", { token: "right", metrics: undefined }, "right", 404],
	])("%s: %j", async (_what, options, token, status) => {
		const answer = await ask(options, token);
		expect(answer.status).toBe(status);
		const text = await answer.text();
		expect(text.includes("matrix_gateway_")).toBe(status === 200);
	});

	test("as Prometheus wants them, and not to be kept", async () => {
		const { headers } = await ask({});
		expect(headers.get("content-type")).toMatch(/^text\/plain; version=/);
		expect(headers.get("cache-control")).toBe("no-store");
	});

	test("HTTP4 answers GET and HEAD alone", async () => {
		expect((await ask({}, undefined, "HEAD")).status).toBe(200);
		expect((await ask({}, undefined, "POST")).status).toBe(405);
	});
});

const NAMES = [
	...["build_info", "connections", "agents", "messages_received_total"],
	...["messages_routed_total", "deliveries_total", "errors_total"],
	...["closes_total", "resumes_total", "refused_total", "buffered_bytes"],
	...["retained_bytes", "log_bytes", "session_bytes", "ready", "order_state"],
	...["flush_duration_seconds", "event_loop_lag_seconds"],
]
	.filter((name) => name !== "build_info")
	.map((name) => `matrix_gateway_${name}`);
