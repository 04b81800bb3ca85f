import { describe, expect, test } from "vitest";
import { MAX_PIPELINED } from "../../src/node/request-queue.ts";
import { statusOf } from "../support/client.ts";
import { useGateway } from "../support/gateway.ts";
import { HOSTS } from "../support/hosts.ts";
import { NATIVE_IO_STATUS } from "../support/native-io.ts";
import { exchange } from "../support/peer.ts";
import { request } from "../support/request.ts";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe.each(HOSTS)("HTTP on $name", (host) => {
	const gateway = useGateway(host);

	test("who asks for many at once is cut off, and few are answered [HTTP6]", async () => {
		const answers = async (count: number) => {
			const ask = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n";
			const requests = `${`${ask}\r\n`.repeat(count - 1)}${ask}Connection: close\r\n\r\n`;
			const answer = await exchange(gateway.httpUrl, requests);
			return answer.match(/HTTP\/1\.1 200/g)?.length ?? 0;
		};
		expect(await answers(MAX_PIPELINED)).toBe(MAX_PIPELINED);
		expect(await answers(500)).toBeLessThanOrEqual(MAX_PIPELINED);
		expect((await request(`${gateway.httpUrl}/healthz`)).status).toBe(200);
	});

	test("the status of an empty gateway [HTTP1]", async () => {
		const { status, headers, body } = await request(
			`${gateway.httpUrl}/api/gateway/status`,
		);
		expect(status).toBe(200);
		expect(headers["content-type"]).toMatch(/^application\/json/);
		expect(headers["cache-control"]).toBe("no-store");
		expect(JSON.parse(body)).toMatchObject({
			status: "ok",
			version: expect.stringMatching(/^\d+\.\d+\.\d+/),
			uptime: expect.any(Number),
			agents: [],
			viewers: 0,
			connections: 0,
			nativeIo: NATIVE_IO_STATUS,
			totals: expect.any(Object),
		});
	});

	test("the status tells who is connected and what was counted [HTTP1]", async () => {
		const before = (await gateway.status()).totals;
		const timmy = await gateway.agent("timmy", "bridge");
		const viewer = await gateway.viewer();
		timmy.send({ type: "bark" });
		await viewer.next("bark");
		viewer.send({ type: "note", target_id: "timmy" });
		await timmy.next("note");
		const { agents, viewers, connections, totals } = await gateway.status();
		expect({ viewers, connections }).toEqual({ viewers: 1, connections: 2 });
		expect(agents).toEqual([
			expect.objectContaining({
				agentId: "timmy",
				role: "bridge",
				state: "online",
				connectionId: expect.any(String),
				connectedAt: expect.stringMatching(TIME),
				lastMessageAt: expect.stringMatching(TIME),
				received: 2,
				sent: 3,
				bufferedBytes: 0,
			}),
		]);
		const [agent] = agents;
		const now = Date.now();
		expect(Math.abs(Date.parse(String(agent?.connectedAt)) - now)).toBeLessThan(
			10_000,
		);
		const grown = (name: string) => (totals[name] ?? 0) - (before[name] ?? 0);
		// The register, the viewer's ping, and the two that were routed.
		expect(grown("received")).toBe(4);
		expect(grown("broadcast")).toBe(1);
		expect(grown("directed")).toBe(1);
		for (const name of ["undeliverable", "errors", "pruned", "tooSlow"])
			expect(grown(name)).toBe(0);
	});

	test("is alive and ready [HTTP2]", async () => {
		for (const path of ["/healthz", "/readyz"]) {
			const { status, body } = await request(gateway.httpUrl + path);
			expect({ status, body: JSON.parse(body) }).toEqual({
				status: 200,
				body: { status: "ok" },
			});
		}
		expect(
			(await request(`${gateway.httpUrl}/healthz`, {}, "HEAD")).status,
		).toBe(200);
	});

	test.each(["/api/gateway/status", "/healthz", "/readyz"])(
		"a POST to %s is refused, in the words of every refusal [HTTP4]",
		async (path) => {
			const url = gateway.httpUrl + path;
			expect(await request(url, {}, "POST")).toMatchObject({
				status: 405,
				headers: { allow: "GET, HEAD" },
				body: '{"error":"method not allowed"}',
			});
		},
	);

	test.each([
		"GET /api/gateway/status HTTP/1.1\r\nHost: \r\n",
		"GET /api/gateway/status HTTP/1.1\r\nHost: [\r\n",
		"GET /api/gateway/status HTTP/1.1\r\nHost: [::1\r\n",
		"GET /api/gateway/status HTTP/1.1\r\nHost: a b\r\n",
		"GET /api/gateway/status HTTP/1.1\r\nHost: :::\r\n",
		"GET /api/gateway/status HTTP/1.1\r\nHost: localhost:99999\r\n",
		"GET /api/gateway/status HTTP/1.1\r\nHost: \xff\xfe\r\n",
		"GET /api/gateway/status HTTP/1.1\r\n",
		"GET /api/gateway/status HTTP/1.0\r\n",
		"GET /api/gateway/status HTTP/1.1\r\nHost: localhost\r\nOrigin: \r\n",
		"GET /api/gateway/status HTTP/1.1\r\nHost: localhost\r\nOrigin: [\r\n",
		"GET /api/gateway/status HTTP/1.1\r\nHost: localhost\r\nOrigin: a\r\nOrigin: b\r\n",
		"GET /api/gateway/status?% HTTP/1.1\r\nHost: localhost\r\n",
		"GET /api/gateway/status?token=%ff HTTP/1.1\r\nHost: localhost\r\n",
		"GET /api/gateway/%ff HTTP/1.1\r\nHost: localhost\r\n",
		"GET /% HTTP/1.1\r\nHost: localhost\r\n",
		"GET // HTTP/1.1\r\nHost: localhost\r\n",
		"GET //[ HTTP/1.1\r\nHost: localhost\r\n",
		"GET //healthz HTTP/1.1\r\nHost: localhost\r\n",
		"GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n",
		"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost\r\n",
		"GET http://evil.test/healthz HTTP/1.1\r\nHost: localhost\r\n",
		// Vite's own server ends its process at this one.
		...(host.isVite
			? []
			: ["GET http://[/healthz HTTP/1.1\r\nHost: localhost\r\n"]),
		"GET * HTTP/1.1\r\nHost: localhost\r\n",
		"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n",
		"HEAD /api/gateway/status HTTP/1.1\r\nHost: localhost\r\n",
		"POST /api/gateway/status HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n",
		"TRACE /api/gateway/status HTTP/1.1\r\nHost: localhost\r\n",
		"GET /healthz HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n",
		"GET /healthz HTTP/1.1\r\nHost: localhost\r\nExpect: the worst\r\n",
		"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n",
	])("an odd request harms nobody: %j", async (head) => {
		const viewer = await gateway.viewer();
		const answer = await exchange(
			gateway.httpUrl,
			`${head}Connection: close\r\n\r\n`,
		);
		expect(answer).not.toContain("root:");
		if (!head.startsWith("CONNECT"))
			expect(answer).toMatch(/^HTTP\/1\.1 [1-5]\d\d /);
		await viewer.expectNothing();
	});
});

/** In `vite dev` Vite's own listener of upgrades leaves these unanswered, with us or without us. */
const NOT_DEV = HOSTS.filter(({ name }) => name !== "vite dev");

describe.each(NOT_DEV)("upgrades that are not ours on $name", (host) => {
	const gateway = useGateway(host);

	test.each([
		["GET /healthz", ""],
		["GET /api/gateway/status", ""],
		["POST /healthz", "a body"],
	])(
		"%s that offers HTTP/2 is answered as if it had not, and so is the next [HTTP2]",
		async (line, body) => {
			const answer = await exchange(
				gateway.httpUrl,
				[
					`${line} HTTP/1.1`,
					"Host: localhost",
					"X-Any: \xe9",
					"Connection: Upgrade, HTTP2-Settings",
					"Upgrade: h2c",
					"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
					`Content-Length: ${body.length}`,
					"",
					`${body}GET /readyz HTTP/1.1`,
					"Host: localhost",
					"Connection: close",
					"\r\n",
				].join("\r\n"),
			);
			const [first, second] = answer.match(/HTTP\/1\.1 \d+/g) ?? [];
			if (body === "") expect(first).toBe("HTTP/1.1 200");
			expect(second).toBe("HTTP/1.1 200");
		},
	);

	test("a WebSocket at another path is refused at once, not left hanging [CON1]", async () => {
		for (const path of ["/", "/ws", "/ws/matrix/", "/ws/matrixx"])
			expect(await statusOf(new URL(path, gateway.url).href)).toBeLessThan(500);
	});
});

describe.each(HOSTS)("HTTP on $name, nativeIo off", (host) => {
	const gateway = useGateway(host, { nativeIo: "off" });

	test("the status says so, and messages come [HTTP1]", async () => {
		const timmy = await gateway.agent("timmy");
		const viewer = await gateway.viewer();
		timmy.send({ type: "bark" });
		await viewer.next("bark");
		const { nativeIo } = await gateway.status();
		expect(nativeIo).toEqual({ state: "off", reasons: [] });
	});
});
