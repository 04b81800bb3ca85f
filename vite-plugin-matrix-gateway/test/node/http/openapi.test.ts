import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import type { Socket } from "../../../src/core/edge/host.ts";
import type { Gateway } from "../../../src/core/gateway.ts";
import { createGateway } from "../../../src/node/create-gateway.ts";
import { endpointsWith } from "../../../src/node/http/endpoints.ts";
import { createHttpApp, type HttpAppOptions } from "../../../src/node/http.ts";
import { createKeptLog } from "../../core/support/kept-log.ts";
import { startProcess } from "../../core/support/process.ts";

interface Described {
	readonly responses: Readonly<
		Record<string, { content?: Record<string, { schema: object }> }>
	>;
	readonly requestBody?: object;
}

interface Document {
	readonly openapi: string;
	readonly paths: Readonly<Record<string, Record<string, Described>>>;
	readonly components: { readonly schemas: Record<string, object> };
}

const GRANTS = {
	all: {},
	garden: { worlds: ["garden"] },
	operator: { operate: true },
	metrics: { metrics: true },
};

const ACCESS: HttpAppOptions = {
	metrics: {
		contentType: "text/plain; version=0.0.4",
		metrics: async () => "",
	},
	authenticate(token = "") {
		if (token === "broken") throw new Error("the database is gone");
		return GRANTS[token as keyof typeof GRANTS] ?? null;
	},
};

const gateways: Gateway[] = [];
const seen = new Set<string>();

afterEach(async () => {
	vi.useRealTimers();
	await Promise.all(gateways.splice(0).map((one) => one.close()));
});

/** A gateway of which some functions may be others. */
function appOf(changes: Partial<Gateway> = {}, access = ACCESS) {
	const gateway = createGateway();
	gateways.push(gateway);
	return createHttpApp(Object.assign(gateway, changes), access);
}

type App = ReturnType<typeof createHttpApp>;

async function readDocument(): Promise<Document> {
	const url = "http://localhost/api/gateway/openapi.json";
	const answer = await appOf().fetch(new Request(url));
	return (await answer.json()) as Document;
}

const document = await readDocument();

const ajv = new Ajv2020({
	strict: true,
	allowUnionTypes: true,
	formats: { "date-time": true },
});
ajv.addVocabulary(["components"]);
ajv.addSchema({ $id: "document", components: document.components });

function validator(schema: object): ValidateFunction {
	const text = JSON.stringify(schema).replaceAll('"#/', '"document#/');
	return ajv.compile(JSON.parse(text));
}

/** Asks, and holds the answer to what the document says of it. */
async function ask(app: App, request: Request, status: number): Promise<void> {
	const { pathname } = new URL(request.url);
	const method = request.method.toLowerCase();
	const answer = await app.fetch(request);
	expect([method, pathname, answer.status]).toEqual([method, pathname, status]);
	const described = document.paths[pathname]?.[method]?.responses[status];
	expect(described, `${method} ${pathname} ${status}`).toBeDefined();
	seen.add(`${method} ${pathname} ${status}`);
	const [type = ""] = (answer.headers.get("content-type") ?? "").split(";");
	if (method === "head") {
		await answer.body?.cancel();
		return;
	}
	const schema = described?.content?.[type]?.schema;
	expect(schema, `${method} ${pathname} ${status} ${type}`).toBeDefined();
	if (type !== "application/json") {
		await answer.body?.cancel();
		return;
	}
	const isValid = validator(schema ?? {});
	const body = await answer.json();
	expect(isValid(body), JSON.stringify([body, isValid.errors])).toBe(true);
}

interface Asking {
	readonly query?: string;
	readonly body?: string | ReadableStream;
	readonly type?: string;
}

function requestFor(
	method: string,
	path: string,
	{ query = "?token=all", body, type = "application/json" }: Asking = {},
): Request {
	return new Request(`http://localhost${path}${query}`, {
		method,
		...(body !== undefined && {
			...{ body, headers: { "content-type": type }, duplex: "half" },
		}),
	} as RequestInit);
}

test("HTTP11 it is OpenAPI 3.1, of all paths and methods", () => {
	expect(document.openapi).toMatch(/^3\.1\./);
	const described = Object.entries(document.paths).flatMap(([path, methods]) =>
		Object.keys(methods).map((method) => `${method} ${path}`),
	);
	const known = endpointsWith(ACCESS.metrics).flatMap(({ method, path }) =>
		(method === "GET" ? ["get", "head"] : ["post"]).map(
			(name) => `${name} ${path}`,
		),
	);
	expect(described.sort()).toEqual(known.sort());
	const ids = Object.values(document.paths).flatMap((methods) =>
		Object.values(methods).map((one) => JSON.stringify(one).slice(0, 60)),
	);
	expect(new Set(ids).size).toBe(known.length);
	const without = new Set(endpointsWith(undefined).map(({ path }) => path));
	expect(without.has("/metrics")).toBe(false);
});

const READ = ["GET", "HEAD"];

test("HTTP11 what is read is as it says", async () => {
	const kept = createKeptLog();
	const { gateway } = startProcess(kept.createOrder);
	const broken = createHttpApp(gateway);
	void gateway.close();
	for (const method of READ) {
		const of = (path: string, query?: string) =>
			requestFor(method, path, query === undefined ? {} : { query });
		for (const path of ["/healthz", "/readyz", "/api/gateway/openapi.json"])
			await ask(appOf(), of(path), 200);
		await ask(broken, of("/readyz"), 503);
		for (const path of ["/api/gateway/status", "/api/gateway/events"]) {
			const app = appOf();
			await ask(app, of(path), 200);
			await ask(app, of(path, ""), 401);
			await ask(app, of(path, "?token=garden"), 403);
			await ask(app, of(path, "?token=all&world=nowhere"), 404);
			await ask(app, of(path, "?token=broken"), 503);
		}
		await ask(appOf(), of("/api/gateway/events", "?token=all&types="), 400);
		const full = appOf({}, { ...ACCESS, maxConnectionsPerToken: 1 });
		const first = await full.fetch(requestFor("GET", "/api/gateway/events"));
		await ask(full, of("/api/gateway/events"), 429);
		await first.body?.cancel();
		await ask(appOf(), of("/metrics", "?token=metrics"), 200);
		await ask(appOf(), of("/metrics", ""), 401);
		await ask(appOf(), of("/metrics"), 403);
		await ask(appOf(), of("/metrics", "?token=broken"), 503);
	}
});

test("HTTP11 what is said is as it says", async () => {
	const path = "/api/gateway/messages";
	const app = appOf();
	const post = (body: unknown, more: Asking = {}) =>
		requestFor("POST", path, {
			body: typeof body === "string" ? body : JSON.stringify(body),
			...more,
		});
	const bark = { type: "bark" };
	const note = { type: "note", target_id: "nobody" };
	await ask(app, post([bark, note, { ...note, receipt: "m" }, 1]), 200);
	await ask(app, post("{"), 400);
	await ask(app, post(bark, { query: "" }), 401);
	await ask(app, post(bark, { query: "?token=garden" }), 403);
	await ask(app, post(bark, { query: "?token=all&world=nowhere" }), 404);
	await ask(app, post(Array(101).fill(bark)), 413);
	await ask(app, post(bark, { type: "text/plain" }), 415);
	await ask(app, post(bark, { query: "?token=broken" }), 503);
	for (const [code, status] of [
		[4101, 401],
		[4003, 403],
		[4202, 429],
		[4204, 503],
	] as const)
		await ask(appOf(closingWith(code)), post([bark, bark]), status);
});

/** Opens connections that are closed at their second message. */
function closingWith(code: number): Partial<Gateway> {
	const pong = JSON.stringify({ type: "pong" });
	const open = (socket: Socket) => {
		let received = 0;
		return {
			id: "x",
			receive: () => {
				if (++received === 2) socket.close(code, "of that reason");
			},
			probe: () =>
				socket.writeFrames?.(Buffer.from(`\x81\x0f${pong}`, "latin1")),
			alive: () => {},
			failed: () => {},
			ending: () => {},
			closed: () => {},
		};
	};
	return { open };
}

test("HTTP11 HTTP8 a body that does not come is answered as it says", async () => {
	vi.useFakeTimers({ toFake: ["setTimeout"] });
	const body = new ReadableStream({
		start: (controller) => controller.enqueue(Buffer.from("[")),
	});
	const names = ["messages", "disconnect", "revoke"];
	const bodies = body.tee();
	const rest = (bodies[1] as ReadableStream).tee();
	const asked = [bodies[0], ...rest].map((body, index) =>
		ask(
			appOf(),
			requestFor("POST", `/api/gateway/${names[index]}`, {
				query: "?token=operator",
				body: body as ReadableStream,
			}),
			408,
		),
	);
	await vi.advanceTimersByTimeAsync(20_000);
	await Promise.all(asked);
});

test("HTTP11 what operators may do is as it says", async () => {
	const disconnect: Gateway["disconnect"] = (who) =>
		"agentId" in who && who.agentId === "timmy";
	const app = appOf({ disconnect, revoke: () => {} });
	const body = JSON.stringify({ agentId: "timmy", token: "s3cret" });
	const query = "?token=operator";
	for (const name of ["disconnect", "revoke"]) {
		const post = (more: Asking = {}) =>
			requestFor("POST", `/api/gateway/${name}`, { body, query, ...more });
		await ask(app, post(), 200);
		await ask(app, post({ body: "{}" }), 400);
		await ask(app, post({ query: "" }), 401);
		await ask(app, post({ query: "?token=all" }), 403);
		await ask(app, post({ body: " ".repeat(2 ** 17) }), 413);
		await ask(app, post({ type: "text/plain" }), 415);
		await ask(app, post({ query: "?token=broken" }), 503);
	}
	const nobody = { query, body: '{"agentId":"nobody"}' };
	await ask(app, requestFor("POST", "/api/gateway/disconnect", nobody), 404);
});

afterAll(() => {
	const described = Object.entries(document.paths).flatMap(([path, methods]) =>
		Object.entries(methods).flatMap(([method, { responses }]) =>
			Object.keys(responses).map((status) => `${method} ${path} ${status}`),
		),
	);
	// Each that it tells of was asked for above.
	expect([...seen].sort()).toEqual(described.sort());
});
