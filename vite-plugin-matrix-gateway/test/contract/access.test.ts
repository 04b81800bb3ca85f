import { describe, expect, test } from "vitest";
import { type ConnectOptions, statusOf } from "../support/client.ts";
import { textFrame } from "../support/frames.ts";
import { useGateway } from "../support/gateway.ts";
import { HOSTS } from "../support/hosts.ts";
import { exchange, handshake } from "../support/peer.ts";
import { request } from "../support/request.ts";
import { until } from "../support/until.ts";

describe.each(HOSTS)("origins on $name, where there is no token", (host) => {
	const gateway = useGateway(host);

	test("an agent sends none, and gets in by any name [CON3]", async () => {
		await gateway.viewer();
		await gateway.viewer({ headers: { host: "matrix.example" } });
	});

	test.each([
		["127.0.0.1:PORT", "http://127.0.0.1:PORT"],
		["127.0.0.1:PORT", "https://127.0.0.1:PORT"],
		["localhost:PORT", "http://localhost:PORT"],
		["world.localhost:PORT", "http://world.localhost:PORT"],
		["[::1]:PORT", "http://[::1]:PORT"],
		["192.0.2.7", "https://192.0.2.7"],
		["192.0.2.7:443", "https://192.0.2.7"],
		["192.0.2.7", "http://192.0.2.7:80"],
	])("the page of %s, being %s, gets in [CON3]", async (hostHeader, origin) => {
		const headers = { host: atPort(hostHeader) };
		await gateway.viewer({ headers, origin: atPort(origin) });
		expect(
			(await get("/api/gateway/status", { ...headers, origin: atPort(origin) }))
				.status,
		).toBe(200);
	});

	test.each([
		["127.0.0.1:PORT", "http://evil.test"],
		["127.0.0.1:PORT", "http://evil.test:PORT"],
		["127.0.0.1:PORT", "http://192.0.2.7:PORT"],
		["127.0.0.1:PORT", "http://127.0.0.1:PORT.evil.test"],
		["127.0.0.1:PORT", "http://127.0.0.1:PORT@evil.test"],
		["127.0.0.1:PORT", "http://127.0.0.1.evil.test:PORT"],
		["127.0.0.1:PORT", "null"],
		["127.0.0.1:PORT", "file://"],
		["127.0.0.1:PORT", "*"],
		["127.0.0.1:PORT", "a page"],
		["127.0.0.1:PORT", `http://${"a".repeat(5_000)}.test`],
		["192.0.2.7:PORT", "http://192.0.2.7"],
	])("at %s, a page of %s gets 403 [CON3]", async (hostHeader, origin) => {
		const headers = { host: atPort(hostHeader) };
		expect(
			await statusOf(gateway.url, { headers, origin: atPort(origin) }),
		).toBe(403);
		expect(
			(await get("/api/gateway/status", { ...headers, origin: atPort(origin) }))
				.status,
		).toBe(403);
	});

	test.each([
		"evil.test:PORT",
		"evil.test",
		"localhost.evil.test:PORT",
		"127.0.0.1.evil.test",
		"evil.test#localhost",
		"evil.test/localhost",
	])("a name that was rebound to us, %s, gets 403 [CON3]", async (name) => {
		const headers = { host: atPort(name) };
		const origin = `http://${atPort(name)}`;
		expect(await statusOf(gateway.url, { headers, origin })).toBe(403);
		// Without an Origin too: a GET from the page's own host sends none.
		expect((await get("/api/gateway/status", headers)).status).toBe(403);
	});

	test("what a proxy forwards is not believed [CON3]", async () => {
		const origin = "http://localhost.test";
		const headers = { "x-forwarded-host": "localhost.test" };
		expect(await statusOf(gateway.url, { headers, origin })).toBe(403);
	});

	test("no token is wrong [CON2]", async () => {
		const client = await gateway.connect({
			query: "?token=a&token=b",
			headers: { authorization: "Bearer of-a-proxy" },
			protocols: offer("c"),
		});
		expect(client.socket.protocol).toBe("matrix.v1");
		await client.register("page");
	});

	test("who is refused is in the log [CON3]", async () => {
		await statusOf(gateway.url, { origin: "http://refused.test" });
		const named = (logs: string) => logs.includes("http://refused.test");
		await until(gateway.logs, named);
	});

	function atPort(text: string): string {
		return text.replace("PORT", new URL(gateway.url).port);
	}

	function get(path: string, headers: Record<string, string>) {
		return request(`${gateway.httpUrl}${path}`, headers);
	}
});

describe.each(HOSTS)("allowed origins on $name", (host) => {
	const gateway = useGateway(host, {
		allowedOrigins: ["HTTPS://Matrix.Example:443/"],
	});
	const page = "https://matrix.example";

	test("a page on the list gets in, over WebSocket and HTTP [CON3]", async () => {
		await gateway.viewer({ origin: page });
		const { status, headers } = await request(
			`${gateway.httpUrl}/api/gateway/status`,
			{ origin: page },
		);
		expect(status).toBe(200);
		expect(headers["access-control-allow-origin"]).toBe(page);
	});

	test("the list's host is one of ours [CON3]", async () => {
		const headers = { host: "matrix.example" };
		await gateway.viewer({ headers, origin: page });
		await gateway.viewer({ headers, origin: "http://matrix.example" });
	});

	test.each([
		"http://matrix.example",
		"https://matrix.example:444",
		"https://matrix.example.evil.test",
		"https://www.matrix.example",
		"https://matrix.example/",
	])("%s is another origin and gets 403 [CON3]", async (origin) => {
		expect(await statusOf(gateway.url, { origin })).toBe(403);
	});

	test("a preflight is answered for the list alone [CON3]", async () => {
		const url = `${gateway.httpUrl}/api/gateway/status`;
		const ask = (origin: string) => {
			const headers = { origin, "access-control-request-method": "GET" };
			return request(url, headers, "OPTIONS");
		};
		const allowed = await ask(page);
		expect(allowed.status).toBeLessThan(300);
		// Vite answers preflights before any plugin can, by its own `server.cors`.
		if (!host.isVite)
			expect(allowed.headers["access-control-allow-origin"]).toBe(page);
		const foreign = await ask("http://evil.test");
		expect(foreign.headers["access-control-allow-origin"]).not.toBe(
			"http://evil.test",
		);
		expect(foreign.headers["access-control-allow-origin"]).not.toBe("*");
	});
});

describe.each(HOSTS)("a trusted proxy before $name", (host) => {
	const gateway = useGateway(host, {
		trustProxy: true,
		allowedHosts: [".matrix.example"],
	});

	test("the last forwarded host is the page's own [CON3]", async () => {
		const origin = "https://a.matrix.example";
		const headers = { "x-forwarded-host": "evil.test, a.matrix.example" };
		await gateway.viewer({ headers, origin });
		const forged = { "x-forwarded-host": "evil.test" };
		expect(
			await statusOf(gateway.url, {
				headers: forged,
				origin: "http://evil.test",
			}),
		).toBe(403);
	});

	test("the forwarded port is the page's own [CON3]", async () => {
		const origin = "https://a.matrix.example:8443";
		const headers = { host: "a.matrix.example", "x-forwarded-port": "8443" };
		await gateway.viewer({ headers, origin });
		const other = { ...headers, "x-forwarded-port": "8444" };
		expect(await statusOf(gateway.url, { headers: other, origin })).toBe(403);
	});
});

/** With characters that a query, base64 and base64url each treat in their own way. */
const TOKEN = "s3cret/Token+?=";

describe.each(HOSTS)("a token on $name", (host) => {
	const gateway = useGateway(host, { token: TOKEN });
	const bearer = { authorization: `Bearer ${TOKEN}` };

	test("gets in by the query [CON2]", async () => {
		const client = await connectTo(`?token=${encodeURIComponent(TOKEN)}`);
		await client.register("by-query");
	});

	test("gets in by the header [CON2]", async () => {
		const client = await gateway.connect({ headers: bearer });
		await client.register("by-header");
		const lower = { authorization: `bearer  ${TOKEN}` };
		await gateway.viewer({ headers: lower });
	});

	test("gets in by the subprotocol, of which only matrix.v1 is selected [CON2]", async () => {
		const client = await gateway.connect({ protocols: offer(TOKEN) });
		expect(client.socket.protocol).toBe("matrix.v1");
		await client.register("by-protocol");
	});

	test("gets in by two places that agree [CON2]", async () => {
		await gateway.viewer({ headers: bearer, protocols: offer(TOKEN) });
	});

	test("gets in by the query as it is, or encoded in part [CON2]", async () => {
		for (const text of [TOKEN, TOKEN.replace("+", "%2b")]) {
			const client = await connectTo(`?token=${text}`);
			client.send({ type: "ping" });
			await client.next("gateway_hello");
		}
		const wrong = TOKEN.replace("+", "%20");
		expect(await (await connectTo(`?token=${wrong}`)).expectClosed()).toEqual({
			code: 4001,
			reason: "unauthorized",
		});
	});

	test("gets in beside others that are wrong, as that of a proxy is [CON2]", async () => {
		const foreign = { authorization: "Bearer of-a-proxy" };
		const protocols = offer(TOKEN);
		const page = await gateway.connect({ headers: foreign, protocols });
		expect(page.socket.protocol).toBe("matrix.v1");
		await page.register("page");
		await gateway.viewer({ headers: bearer, protocols: offer("other") });
		const query = `?token=a&token=${TOKEN}&token=b`;
		await (await connectTo(query, { headers: foreign })).register("by-query");
		const status = `${gateway.httpUrl}/api/gateway/status`;
		expect((await request(`${status}?token=other`, bearer)).status).toBe(200);
		expect((await request(`${status}${query}`, foreign)).status).toBe(200);
		expect((await request(`${status}?token=a`, foreign)).status).toBe(401);
	});

	test("lets a page in whose port a proxy has dropped, and the log tells others what to set [CON3]", async () => {
		const headers = { host: "matrix.example" };
		const origin = "https://matrix.example:8443";
		const page = { headers, origin, protocols: offer(TOKEN) };
		await (await gateway.connect(page)).register("page");
		const other = { headers: { ...headers, ...bearer }, origin };
		expect(await statusOf(gateway.url, other)).toBe(403);
		await until(gateway.logs, (logs) =>
			logs.includes("proxy_set_header Host $http_host"),
		);
	});

	test("makes every page of our own host welcome, whatever its name [CON3]", async () => {
		const named = { ...bearer, host: "matrix.example" };
		await gateway.viewer({ headers: named, origin: "http://matrix.example" });
		expect(
			await statusOf(gateway.url, {
				headers: bearer,
				origin: "http://evil.test",
			}),
		).toBe(403);
	});

	test.each([
		["null", ""],
		["null", "["],
		["a page", "a b"],
	])(
		"an origin of %j is not that of the host %j, though neither is one [CON3]",
		async (origin, name) => {
			const headers = { ...bearer, Origin: origin, Host: name };
			const answer = await exchange(
				gateway.url,
				handshake(gateway.url, headers),
			);
			expect(answer).toMatch(/^HTTP\/1\.1 40[03] /);
		},
	);

	test.each<[string, string, object]>([
		["no token", "", {}],
		["an empty one", "?token=", {}],
		["a wrong one", "?token=wrong", {}],
		["the right one and more", `?token=${encodeURIComponent(`${TOKEN}x`)}`, {}],
		[
			"the start of the right one",
			`?token=${encodeURIComponent(TOKEN.slice(0, -1))}`,
			{},
		],
		["a wrong header", "", { headers: { authorization: "Bearer wrong" } }],
		["another scheme", "", { headers: { authorization: `Basic ${TOKEN}` } }],
		["a token of 8 kB", `?token=${"x".repeat(8_000)}`, {}],
		["broken escapes", "?token=%E0%A4%A", {}],
		["a wrong subprotocol", "", { protocols: offer("wrong") }],
	])(
		"%s is accepted, told 4001, and sent nothing [CON4]",
		async (_name, query, options) => {
			const client = await connectTo(query, options);
			expect(await client.expectClosed()).toEqual({
				code: 4001,
				reason: "unauthorized",
			});
		},
	);

	test("what a refused client says is not heard, and it is cut off [CON4]", async () => {
		const viewer = await gateway.viewer();
		const peer = await gateway.raw();
		peer.socket.write(textFrame({ type: "agent_register", agentId: "ghost" }));
		peer.socket.write(textFrame({ type: "bark" }));
		expect(await peer.closeCode()).toBe(4001);
		peer.socket.write(textFrame({ type: "bark" }));
		expect(await gateway.status()).toMatchObject({
			agents: [],
			connections: 1,
		});
		// It answers no close and holds its end open: two seconds are all it gets.
		const before = performance.now();
		await peer.hungUp;
		expect(performance.now() - before).toBeLessThan(8_000);
		await viewer.expectNothing();
	});

	test("is asked for by the status, and not by the health checks [HTTP1, HTTP2]", async () => {
		const ask = (path: string, headers = {}) =>
			request(`${gateway.httpUrl}${path}`, headers);
		const refused = await ask("/api/gateway/status");
		expect(refused.status).toBe(401);
		expect(refused.headers["www-authenticate"]).toBe("Bearer");
		expect(refused.body).not.toContain("agents");
		expect(
			(await ask("/api/gateway/status", { authorization: "Bearer wrong" }))
				.status,
		).toBe(401);
		expect((await ask("/api/gateway/status", bearer)).status).toBe(200);
		expect(
			(await ask(`/api/gateway/status?token=${encodeURIComponent(TOKEN)}`))
				.status,
		).toBe(200);
		expect((await ask("/healthz")).status).toBe(200);
		expect((await ask("/readyz")).status).toBe(200);
	});

	test("is never in the log, right or wrong [CON6]", async () => {
		await (await connectTo("?token=almost-s3cret")).expectClosed();
		await (await connectTo(`?token=${encodeURIComponent(TOKEN)}`)).register(
			"logged",
		);
		await statusOf(`${gateway.url}?token=almost-s3cret`, {
			origin: "http://evil.test",
		});
		await until(gateway.logs, (logs) => logs.includes("logged"));
		expect(gateway.logs()).not.toContain("s3cret");
	});

	function connectTo(query: string, options: ConnectOptions = {}) {
		return gateway.connect({ ...options, query });
	}
});

/** A token as a subprotocol, beside the one that may be selected. */
function offer(token: string): string[] {
	return [
		"matrix.v1",
		`matrix.token.${Buffer.from(token).toString("base64url")}`,
	];
}
