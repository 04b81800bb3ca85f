/** The gateway on HTTPS, where Vite speaks HTTP/2 beside HTTP/1. */
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { request } from "node:https";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { MatrixGatewayOptions } from "../../src/vite/index.ts";
import { type Certificate, makeCertificate } from "../support/certificate.ts";
import { connect, statusOf } from "../support/client.ts";
import { serve } from "../support/vite-server.ts";

describe("on HTTPS", () => {
	let certificate: Certificate;
	beforeAll(() => {
		certificate = makeCertificate();
	});

	test("the gateway answers on wss, by the rules of origins [CON1, CON3]", async () => {
		const { url, wss } = await serveHttps();
		const options = { rejectUnauthorized: false };
		const client = await connect(wss, options);
		await client.register("timmy");
		const text = '{"type":"bark", "blob":"x"}';
		const viewer = await connect(wss, { ...options, origin: url("", "https") });
		await viewer.register("page");
		await client.next("agent_joined");
		client.send(text);
		expect(await viewer.nextText()).toBe(text);
		const foreign = { ...options, origin: "http://evil.test" };
		expect(await statusOf(wss, foreign)).toBe(403);
		client.socket.close();
		await viewer.next("agent_left");
	});

	test("that it goes by Node's streams is printed once, unless `log` is false [HTTP1]", async () => {
		const count = async (log: boolean) => {
			const { wss, logs } = await serveHttps({ log, nativeIo: "auto" });
			for (const name of ["timmy", "perplexity"]) {
				const client = await connect(wss, { rejectUnauthorized: false });
				await client.register(name);
				client.socket.terminate();
			}
			return logs().match(/connections over TLS/g)?.length ?? 0;
		};
		expect(await count(true)).toBe(1);
		expect(await count(false)).toBe(0);
	});

	test("the endpoints answer over HTTP/2, whose requests have no `host` [HTTP1]", async () => {
		const { url } = await serveHttps();
		const session = openSession(url("/", "https"));
		const { status, body } = await get(session, "/api/gateway/status");
		expect(status).toBe(200);
		expect(JSON.parse(body)).toMatchObject({ status: "ok", agents: [] });
		expect((await get(session, "/healthz")).status).toBe(200);
		const own = { origin: url("", "https") };
		expect((await get(session, "/api/gateway/status", own)).status).toBe(200);
		const foreign = { origin: "http://evil.test" };
		expect((await get(session, "/api/gateway/status", foreign)).status).toBe(
			403,
		);
	});

	test("a token is asked for over HTTP/2 too [HTTP1]", async () => {
		const { url, wss } = await serveHttps({ token: "s3cret" });
		const session = openSession(url("/", "https"));
		expect((await get(session, "/api/gateway/status")).status).toBe(401);
		const bearer = { authorization: "Bearer s3cret" };
		expect((await get(session, "/api/gateway/status", bearer)).status).toBe(
			200,
		);
		const refused = await connect(wss, { rejectUnauthorized: false });
		expect((await refused.expectClosed()).code).toBe(4001);
	});

	test("they answer over HTTP/1 as well", async () => {
		const { url } = await serveHttps();
		const status = await new Promise((resolve, reject) => {
			const options = { rejectUnauthorized: false, agent: false };
			request(url("/api/gateway/status", "https"), options, (response) => {
				response.resume();
				resolve(response.statusCode);
			})
				.on("error", reject)
				.end();
		});
		expect(status).toBe(200);
	});

	test("a restart says 1012 and a stop 1001 there too [SH]", async () => {
		const { server, url } = await serveHttps();
		const options = { rejectUnauthorized: false };
		for (const [stop, code] of [
			[() => server.restart(), 1012],
			[() => server.close(), 1001],
		] as const) {
			const client = await connect(url("/ws/matrix", "wss"), options);
			await client.register("timmy");
			const stopped = stop();
			expect((await client.closed).code).toBe(code);
			await stopped;
		}
	});

	async function serveHttps(options: MatrixGatewayOptions = {}) {
		const served = await serve({ server: { https: certificate } }, options);
		return { ...served, wss: served.url("/ws/matrix", "wss") };
	}
});

function openSession(url: string): ClientHttp2Session {
	const session = connectHttp2(url, { rejectUnauthorized: false });
	onTestFinished(() => session.destroy());
	return session;
}

function get(
	session: ClientHttp2Session,
	path: string,
	headers: Record<string, string> = {},
): Promise<{ status: number; body: string }> {
	return new Promise((resolve, reject) => {
		const stream = session.request({ ":path": path, ...headers });
		let status = 0;
		let body = "";
		stream.on("response", (answer) => {
			status = Number(answer[":status"]);
		});
		stream.setEncoding("utf8").on("data", (text) => {
			body += text;
		});
		stream.on("end", () => resolve({ status, body })).on("error", reject);
	});
}
