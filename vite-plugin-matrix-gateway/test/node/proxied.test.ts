/** Pages behind a proxy that changes `Host`, and pages of another port, which look like them [CON3]. */
import { describe, expect, onTestFinished, test } from "vitest";
import { type AttachOptions, attach } from "../../src/node/attach.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import type { RefusedUpgrade } from "../../src/node/upgrade.ts";
import { connect, statusOf } from "../support/client.ts";
import { useHttpServer } from "../support/http-server.ts";

const local = useHttpServer();
const OURS = { allowedHosts: ["world.example"] };
const PAGE = "https://world.example:8443";

type Headers = Readonly<Record<string, string>>;

function arrange(options: AttachOptions) {
	const told: RefusedUpgrade[] = [];
	const gateway = createGateway();
	const onRefused = (refused: RefusedUpgrade) => void told.push(refused);
	onTestFinished(attach(local.server, gateway, { ...options, onRefused }));
	onTestFinished(() => gateway.close({ timeout: 0 }));
	return {
		told,
		async letIn(headers: Headers, protocols?: string[]): Promise<void> {
			const asked = { headers, ...(protocols && { protocols }) };
			const { socket } = await connect(local.url, asked);
			socket.terminate();
		},
		refuse: (headers: Headers, protocols?: string[], query = "") =>
			statusOf(local.url + query, {
				headers,
				...(protocols && { protocols }),
			}),
	};
}

describe("a Host without the page's port", () => {
	const headers = { host: "world.example", origin: PAGE };

	test("CON3 is refused, and the log says which header to set", async () => {
		const { told, refuse } = arrange(OURS);
		expect(await refuse(headers)).toBe(403);
		expect(told).toEqual([
			{
				status: 403,
				reason: expect.stringMatching(
					/^origin not allowed: .* Host, .*proxy_set_header Host \$http_host/,
				),
				requestId: expect.any(String),
				remoteAddress: "127.0.0.1",
				origin: PAGE,
				host: "world.example",
			},
		]);
	});

	test.each([
		["world.example:8765", "https://world.example"],
		["world.example:8080", "https://world.example:8443"],
		["[::1]", "http://[::1]:8080"],
		["localhost", "http://localhost:8080"],
		["LOCALHOST", "http://localhost:8080"],
	])("CON3 so it is for %s and %s", async (host, origin) => {
		const { told, refuse } = arrange(OURS);
		expect(await refuse({ host, origin })).toBe(403);
		expect(told[0]).toMatchObject({
			reason: expect.stringContaining("$http_host"),
			host,
		});
	});

	test.each([
		["127.0.0.1:8765", PAGE],
		["evil.test", "https://evil.test:8443"],
		["world.example.evil.test", PAGE],
	])("CON3 %s and %s are a matter of the host", async (host, origin) => {
		const { told, refuse } = arrange(OURS);
		expect(await refuse({ host, origin })).toBe(403);
		expect(told[0]).toMatchObject({ reason: "origin not allowed", host });
	});

	test("CON3 is nothing to a page that is listed, or has the port", async () => {
		const { letIn } = arrange({ ...OURS, allowedOrigins: [PAGE] });
		await letIn(headers);
		await letIn({ ...headers, host: "world.example:8443" });
	});

	test("CON3 is nothing to a page that shows the one token itself", async () => {
		const { letIn } = arrange({ token: "s3cret" });
		await letIn(headers, offer("s3cret"));
		await letIn({ ...headers, authorization: "Bearer sso" }, offer("s3cret"));
	});

	test("CON3 a token that the page did not show, or that is wrong, is no help", async () => {
		const { refuse } = arrange({ token: "s3cret" });
		const bearer = { ...headers, authorization: "Bearer s3cret" };
		expect(await refuse(bearer)).toBe(403);
		expect(await refuse(headers, undefined, "?token=s3cret")).toBe(403);
		expect(await refuse(headers, offer("wrong"))).toBe(403);
		expect(await refuse(headers)).toBe(403);
		const foreign = { ...headers, origin: "https://evil.test:8443" };
		expect(await refuse(foreign, offer("s3cret"))).toBe(403);
	});

	test("CON3 a function may grant what a cookie says, so it is not asked", async () => {
		let asked = 0;
		const { refuse } = arrange({
			authenticate() {
				asked++;
				return {};
			},
		});
		expect(await refuse(headers, offer("any"))).toBe(403);
		expect(asked).toBe(0);
	});
});

describe("X-Forwarded-Port", () => {
	const headers = {
		host: "world.example",
		origin: PAGE,
		"x-forwarded-port": "8443",
	};

	test("CON3 is the Host's port where the proxy is trusted and sends none", async () => {
		const { letIn } = arrange({ ...OURS, trustProxy: true });
		await letIn(headers);
		await letIn({ ...headers, "x-forwarded-port": "1, 8443" });
		const inner = { ...headers, host: "127.0.0.1:8765" };
		await letIn({ ...inner, "x-forwarded-host": "world.example" });
	});

	test("CON3 takes nothing from a Host that was right without it", async () => {
		const { letIn } = arrange({ ...OURS, trustProxy: true });
		await letIn({ ...headers, origin: "https://world.example" });
		await letIn({ ...headers, host: "world.example:8443" });
		const empty = { ...headers, "x-forwarded-port": "" };
		await letIn({ ...empty, origin: "http://world.example" });
	});

	test("CON3 of a forwarded host it is that header that is named", async () => {
		const { told, refuse } = arrange({ ...OURS, trustProxy: true });
		const forwarded = { "x-forwarded-host": "world.example", origin: PAGE };
		expect(await refuse({ ...forwarded, host: "127.0.0.1" })).toBe(403);
		expect(told[0]).toMatchObject({
			reason: expect.stringContaining("X-Forwarded-Host $http_host"),
			host: "world.example",
		});
	});

	test("CON3 is not believed of anybody else, nor beside a port", async () => {
		const untrusted = arrange(OURS);
		expect(await untrusted.refuse(headers)).toBe(403);
	});

	test.each([
		{ ...headers, "x-forwarded-port": "8444" },
		{ ...headers, "x-forwarded-port": "8443, 443" },
		{ ...headers, host: "world.example:8765" },
		{ ...headers, origin: "https://evil.test:8443" },
	])("CON3 that is another's is no help: %j", async (asked) => {
		const { refuse } = arrange({ ...OURS, trustProxy: true });
		expect(await refuse(asked)).toBe(403);
	});
});

/** A token as a subprotocol, beside the one that may be selected. */
function offer(token: string): string[] {
	const encoded = Buffer.from(token).toString("base64url");
	return ["matrix.v1", `matrix.token.${encoded}`];
}
