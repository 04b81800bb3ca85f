import { once } from "node:events";
import { readdirSync, readlinkSync, symlinkSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MAX_PIPELINED } from "../../../vite-plugin-matrix-gateway/src/node/request-queue.ts";
import type { Child } from "../../../vite-plugin-matrix-gateway/test/support/child.ts";
import {
	connect,
	statusOf,
} from "../../../vite-plugin-matrix-gateway/test/support/client.ts";
import {
	exchange,
	openSocket,
} from "../../../vite-plugin-matrix-gateway/test/support/peer.ts";
import { until } from "../../../vite-plugin-matrix-gateway/test/support/until.ts";
import { makeFolder } from "../support/folder.ts";
import {
	type LogLine,
	type Sidecar,
	startSidecar,
} from "../support/sidecar.ts";

const SECRET = "not to be served";

const KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

describe("without --static", () => {
	it("tells at / what it is", async () => {
		const { httpUrl } = await startSidecar(["--path=/hub"]);
		expect(await (await fetch(httpUrl)).json()).toEqual({
			name: "matrix-gateway",
			webSocket: "/hub",
			status: "/api/gateway/status",
			health: ["/healthz", "/readyz"],
		});
	});

	it("answers 404 elsewhere [HTTP4]", async () => {
		const { httpUrl } = await startSidecar();
		for (const method of ["GET", "POST"]) {
			const url = `${httpUrl}/index.html?token=s3cret`;
			const response = await fetch(url, { method });
			expect(response.status).toBe(404);
			expect(await response.text()).toBe('{"error":"not found"}');
		}
	});

	it("answers 400 to what is no path [HTTP4]", async () => {
		const { httpUrl } = await startSidecar();
		const response = await fetch(`${httpUrl}/%ff?token=s3cret`);
		expect(response.status).toBe(400);
		expect(await response.text()).toBe('{"error":"bad request"}');
	});
});

it("keeps idle connections for longer than a proxy's minute, and says so", async () => {
	const { httpUrl } = await startSidecar();
	const { headers } = await fetch(`${httpUrl}/healthz`);
	const [, seconds] =
		/timeout=(\d+)/.exec(headers.get("keep-alive") ?? "") ?? [];
	expect(Number(seconds)).toBeGreaterThanOrEqual(65);
});

describe("with --base", () => {
	const files = {
		"index.html": "the page",
		"assets/index-B1a2c3D4.js": "a script",
	};

	it.each(["/matrix/", "/matrix"])(
		"%s answers below it, for a proxy that keeps the prefix, and without, for one that strips it [CON1, HTTP4]",
		async (base) => {
			const args = [`--base=${base}`, `--static=${makeFolder(files)}`];
			const { httpUrl, wsUrl } = await startSidecar(args);
			for (const prefix of ["", "/matrix"]) {
				const get = (path: string) => fetch(`${httpUrl}${prefix}${path}`);
				expect(await (await get("/?a")).text()).toBe("the page");
				const script = await get("/assets/index-B1a2c3D4.js");
				expect(await script.text()).toBe("a script");
				expect(script.headers.get("cache-control")).toContain("immutable");
				for (const path of ["/api/gateway/status", "/healthz", "/readyz"])
					expect((await get(path)).status).toBe(200);
				expect((await get("/ws/matrix")).status).toBe(426);
				const client = await connect(`${wsUrl}${prefix}/ws/matrix`);
				await client.register(`by ${prefix}`);
			}
		},
	);

	it("asks for the slash, and knows no other prefix", async () => {
		const { httpUrl, wsUrl } = await startSidecar(["--base=/matrix/"]);
		const answer = await fetch(`${httpUrl}/matrix?a=b`, { redirect: "manual" });
		expect(answer.status).toBe(308);
		expect(answer.headers.get("location")).toBe("/matrix/?a=b");
		for (const path of ["/matrixx/healthz", "/x/matrix/healthz", "/x/healthz"])
			expect((await fetch(httpUrl + path)).status).toBe(404);
		expect(await statusOf(`${wsUrl}/x/ws/matrix`)).toBe(404);
	});
});

describe("the WebSocket's path", () => {
	it("asks a browser to upgrade [HTTP4]", async () => {
		const { httpUrl } = await startSidecar(["--path=/hub"]);
		const response = await fetch(`${httpUrl}/hub?token=t`);
		expect(response.status).toBe(426);
		expect(response.headers.get("upgrade")).toBe("websocket");
		expect(await response.json()).toEqual({ error: expect.any(String) });
	});

	it("is the only one that upgrades [CON1]", async () => {
		const { wsUrl, logged } = await startSidecar();
		expect(await statusOf(`${wsUrl}/ws/matrix/`)).toBe(404);
		expect(await statusOf(`${wsUrl}/`)).toBe(404);
		expect(await logged("refused")).toMatchObject({ status: 404 });
		await connect(`${wsUrl}/ws/matrix`);
	});
});

describe("--static", () => {
	it.skipIf(process.platform !== "linux")(
		"opens the files that one connection asks for one at a time, and closes them when it goes [HTTP6]",
		async () => {
			const { httpUrl, child } = await startSite();
			const ask = "GET /models/large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n";
			const socket = openSocket(httpUrl);
			socket.pause();
			socket.write(ask.repeat(MAX_PIPELINED));
			const count = () => openFiles(child, "large.bin");
			await until(count, (files) => files > 0);
			// By now the others would have been opened too.
			await fetch(`${httpUrl}/models/large.bin`, { method: "HEAD" });
			expect(count()).toBe(1);
			socket.destroy();
			await until(count, (files) => files === 0);
		},
	);

	it("serves the client at /, open to those without a token", async () => {
		const { httpUrl } = await startSite(["--token=s3cret"]);
		const response = await fetch(httpUrl);
		expect(await response.text()).toBe("<h1>Matrix</h1>");
		expect(response.headers.get("content-type")).toBe(
			"text/html; charset=utf-8",
		);
		expect(response.headers.get("cache-control")).toBe("no-cache");
		expect((await fetch(`${httpUrl}/api/gateway/status`)).status).toBe(401);
	});

	it.each([
		["/assets/index-BxK3d_9a.js", "text/javascript; charset=utf-8", true],
		["/assets/index-BxK3d_9a.css", "text/css; charset=utf-8", true],
		["/assets/tree-textured.png", "image/png", false],
		["/models/oak-BxK3d_9a.glb", "model/gltf-binary", false],
		["/index.html", "text/html; charset=utf-8", false],
	])("serves %s as %s", async (path, type, immutable) => {
		const { httpUrl } = await startSite();
		const { status, headers } = await fetch(`${httpUrl}${path}`);
		expect(status).toBe(200);
		expect(headers.get("content-type")).toBe(type);
		expect(headers.get("x-content-type-options")).toBe("nosniff");
		expect(headers.get("cache-control")).toBe(
			immutable ? "public, max-age=31536000, immutable" : "no-cache",
		);
	});

	it("lets a browser revalidate what it has", async () => {
		const { httpUrl } = await startSite();
		const etag = (await fetch(httpUrl)).headers.get("etag") ?? "";
		const headers = { "if-none-match": etag };
		expect((await fetch(httpUrl, { headers })).status).toBe(304);
	});

	it("answers 404 to what is not there, and keeps nobody from asking again", async () => {
		const { httpUrl } = await startSite();
		const response = await fetch(`${httpUrl}/assets/gone-BxK3d_9a.js`);
		expect(response.status).toBe(404);
		expect(response.headers.get("cache-control")).toBeNull();
	});

	it("does not hide the endpoints", async () => {
		const { httpUrl } = await startSite();
		const response = await fetch(`${httpUrl}/healthz`);
		expect(await response.json()).toEqual({ status: "ok" });
	});

	it.each([
		"/../secret.txt",
		"/%2e%2e/secret.txt",
		"/..%2fsecret.txt",
		"/%2e%2e%2fsecret.txt",
		"/%252e%252e/secret.txt",
		"/..%5csecret.txt",
		"/..\\secret.txt",
		"/assets/../../secret.txt",
		"/....//secret.txt",
		"//../secret.txt",
		"/link.txt",
		"/.env",
		"/secret.txt%00.html",
		"http://localhost/../secret.txt",
	])("does not lead out of the folder by %s", async (target) => {
		const { httpUrl } = await startSite();
		// Not fetch: it would tidy the path up.
		const answer = await exchange(
			httpUrl,
			`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
		);
		expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
		expect(answer).not.toContain(SECRET);
	});

	it("survives those who leave in the middle of a file", async () => {
		const { httpUrl, child, lines } = await startSite();
		const request = get(`${httpUrl}/models/large.bin`);
		const [response] = (await once(request, "response")) as [IncomingMessage];
		await once(response, "data");
		response.destroy();
		expect((await fetch(httpUrl)).status).toBe(200);
		expect(await child.exit("SIGTERM")).toBe(0);
		expect(lines().map(({ event }) => event)).toEqual([
			"listening",
			"signal",
			"stopped",
		]);
	});
});

/** What Node, or who knows WebSockets, answers without asking anybody. */
const NOT_OURS: ReadonlySet<string> = new Set([
	...["no Host", "no key", "a wrong version"],
]);

const isOf = (id: unknown) => (line: LogLine) => line.requestId === id;

describe("garbage", () => {
	it.each([
		["no HTTP", "\x16\x03\x01\x02 hello\r\n\r\n", 400],
		[
			"a header without an end",
			`GET / HTTP/1.1\r\nX: ${"x".repeat(40_000)}`,
			431,
		],
		["no Host", "GET / HTTP/1.1\r\n\r\n", 400],
		["no key", upgradeWith(""), 400],
		["a wrong version", upgradeWith(`${KEY}Sec-WebSocket-Version: 7\r\n`), 400],
	])("before the handshake is refused: %s", async (what, bytes, status) => {
		const { httpUrl, lines } = await startSidecar();
		const answer = await exchange(httpUrl, bytes);
		expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
		if (NOT_OURS.has(what)) return;
		const [, id] = /^x-request-id: (\S+)\r$/im.exec(answer) ?? [];
		expect(answer).toMatch(/\r\n\r\n\{"error":"[a-z ]+"\}$/);
		expect(await until(lines, (all) => all.some(isOf(id)))).toBeDefined();
		expect((await fetch(`${httpUrl}/healthz`)).status).toBe(200);
	});
});

function startSite(args: string[] = []): Promise<Sidecar> {
	const folder = makeFolder({
		"secret.txt": SECRET,
		"site/index.html": "<h1>Matrix</h1>",
		"site/healthz": SECRET,
		"site/.env": SECRET,
		"site/assets/index-BxK3d_9a.js": "0",
		"site/assets/index-BxK3d_9a.css": "",
		"site/assets/tree-textured.png": "",
		"site/models/oak-BxK3d_9a.glb": "",
		"site/models/large.bin": "x".repeat(8_000_000),
	});
	symlinkSync("../secret.txt", join(folder, "site/link.txt"));
	return startSidecar([`--static=${join(folder, "site")}`, ...args]);
}

/** How many files of this name a process has open. */
function openFiles({ process: { pid } }: Child, name: string): number {
	const folder = `/proc/${pid}/fd`;
	const isOfName = (descriptor: string) => {
		try {
			return readlinkSync(join(folder, descriptor)).endsWith(name);
		} catch {
			// Closed meanwhile.
			return false;
		}
	};
	return readdirSync(folder).filter(isOfName).length;
}

function upgradeWith(headers: string): string {
	return `GET /ws/matrix HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${headers}\r\n`;
}
