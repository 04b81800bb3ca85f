/** `attach` on a server of one's own: what it refuses, and what the host is told of that. */
import { describe, expect, onTestFinished, test } from "vitest";
import type { Gateway } from "../../src/core/gateway.ts";
import { type AttachOptions, attach } from "../../src/node/attach.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import { createHttpHandler } from "../../src/node/http.ts";
import type { RefusedUpgrade } from "../../src/node/upgrade.ts";
import { type ConnectOptions, statusOf } from "../support/client.ts";
import { useHttpServer } from "../support/http-server.ts";
import { request } from "../support/request.ts";

const local = useHttpServer();
const { server } = local;

interface Attached {
	readonly gateway: Gateway;
	/** What the host was told. */
	readonly told: readonly RefusedUpgrade[];
	/** The status with which an upgrade is refused. */
	refuse(options?: ConnectOptions): Promise<number>;
}

function arrange(
	options: AttachOptions,
	gateway: Gateway = createGateway(),
): Attached {
	const told: RefusedUpgrade[] = [];
	const onRefused = (refused: RefusedUpgrade) => void told.push(refused);
	onTestFinished(attach(server, gateway, { ...options, onRefused }));
	onTestFinished(() => gateway.close({ timeout: 0 }));
	return { gateway, told, refuse: (asked) => statusOf(local.url, asked) };
}

describe("paths", () => {
	test.each([
		"",
		"ws",
		"/ws/münze",
		"/a b",
		"/a\tb",
		"/a?b",
		"/a#b",
		"/a\\b",
		"//a/b",
		"/a/../b",
		"http://localhost/a",
	])("CON1 %j, which no request has, is refused in a sentence", (path) => {
		const paths = ["/fine", path];
		expect(() => arrange({ paths })).toThrow(
			new TypeError(
				`A path starts with one slash and is written as requests send it, percent-encoded and without a query, but ${JSON.stringify(path)} was given.`,
			),
		);
		// Nothing was taken.
		arrange({ paths: ["/fine"] });
	});

	test.each(["/", "/ws/m%C3%BCnze", "/a%20b", "/a/", "/~a,b;c=@$!'()*+:&"])(
		"CON1 %j may be one",
		(path) => {
			arrange({ paths: [path] });
		},
	);
});

describe("what the host's own functions throw", () => {
	const ERROR = new Error("the database is gone");
	const fail = () => {
		throw ERROR;
	};
	const reject = () => Promise.reject(ERROR);

	test.each<[string, AttachOptions]>([
		["authenticate throws", { authenticate: fail }],
		["authenticate rejects", { authenticate: reject }],
		["an origin's rule throws", { allowedOrigins: [fail] }],
		["an origin's rule rejects", { allowedOrigins: [reject] }],
	])(
		"CON7 AUTH2 HTTP3 where %s the answer is 503, and the host is told why",
		async (_what, options) => {
			const { told, refuse } = arrange(options);
			const { origin } = new URL(local.url.replace("ws:", "http:"));
			expect(await refuse({ origin })).toBe(503);
			expect(told).toEqual([
				expect.objectContaining({
					status: 503,
					reason: expect.stringMatching(/try again/),
					error: ERROR,
				}),
			]);
			const gateway = createGateway();
			onTestFinished(() => gateway.close());
			server.on("request", createHttpHandler(gateway, options));
			expect(
				await request(`${origin}/api/gateway/status`, { origin }),
			).toMatchObject({
				status: 503,
				body: JSON.stringify({ error: told[0]?.reason, code: "try_again" }),
			});
		},
	);

	test("AUTH2 who takes too long is told how long that was", async () => {
		const { told, refuse } = arrange({
			authenticate: () => new Promise(() => {}),
			authenticateTimeout: 20,
		});
		expect(await refuse()).toBe(503);
		expect(told[0]?.error).toEqual(
			new Error("`authenticate` took longer than 20 ms."),
		);
	});

	test("CON7 a failure of ours is told as well, and ends nothing", async () => {
		const error = new TypeError("a bug");
		const gateway: Gateway = {
			...createGateway(),
			get draining(): boolean {
				throw error;
			},
		};
		const { told, refuse } = arrange({}, gateway);
		expect(await refuse()).toBe(503);
		expect(told).toMatchObject([{ status: 503, error }]);
	});
});

describe("who is refused", () => {
	test.each([
		["http://page.test", "http://page.test"],
		["https://page.test:8/path?token=s3cret#s3cret", "https://page.test:8"],
		["https://s3cret:s3cret@page.test", "https://page.test"],
		["capacitor://page", "capacitor://page"],
		["data:text/plain,s3cret", "data://"],
		["null", "null"],
		["\u009b31ms3cret", "malformed"],
		["/?token=s3cret", "malformed"],
		[`http://${"a".repeat(300)}.test`, `http://${"a".repeat(193)}`],
	])("CON3 of the origin %j the host is told %j", async (origin, logged) => {
		const { told, refuse } = arrange({});
		expect(await refuse({ headers: { origin } })).toBe(403);
		expect(told).toEqual([
			{
				status: 403,
				reason: "origin not allowed",
				requestId: expect.any(String),
				remoteAddress: "127.0.0.1",
				origin: logged,
				host: new URL(local.url).host,
			},
		]);
	});

	test.each([
		["matrix.example:80", "matrix.example:80"],
		["[::1]:80", "[::1]:80"],
		["/?token=s3cret", "malformed"],
		["a\u009b[31m", "malformed"],
		["a".repeat(300), "malformed"],
	])("CON3 of the host %j the host is told %j", async (host, logged) => {
		const { told, refuse } = arrange({});
		const headers = { host, origin: "http://page.test" };
		expect(await refuse({ headers })).toBe(403);
		expect(told).toMatchObject([{ host: logged }]);
	});

	test("CON3 an address that a header may have made up has nothing that a terminal obeys", async () => {
		const { told, refuse } = arrange({ trustProxy: true });
		const address = `1.2.3.4\u009b[31m${"x".repeat(1_000)}`;
		await refuse({
			headers: { origin: "http://page.test", "x-forwarded-for": address },
		});
		expect(told[0]?.remoteAddress).toMatch(/^1\.2\.3\.4\?\[31mx{1,60}$/);
	});

	test("SH1 who comes while the gateway shuts down is no news", async () => {
		const { gateway, told, refuse } = arrange({});
		await gateway.close();
		expect(await refuse()).toBe(503);
		expect(told).toEqual([]);
	});
});
