import { request } from "node:http";
import { expect, test } from "vitest";
import { createAccounts } from "../../../src/node/http/messages/accounts.ts";
import { readBody } from "../../../src/node/http/read-body.ts";
import { createRoom, MAX_SPEAKERS } from "../../../src/node/http/room.ts";
import { openStage, withToken } from "./stage.ts";

const GRANTS = {
	all: {},
	timmy: { agents: ["timmy"] },
	garden: { worlds: ["garden"] },
};

test("HTTP7 messages are routed byte for byte, in the order in which they stand there", async () => {
	const stage = await openStage();
	const timmy = await stage.agent("timmy");
	const first = '{ "type" : "bark", "n":1e999,\n"list": [1, [2], "],{\\""] }';
	const second = '{"type":"note","target_id":"timmy"}';
	const answer = await stage.post(` [ ${first} ,\t${second}\n]\n`);
	expect(answer.status).toBe(200);
	expect(answer.headers.get("cache-control")).toBe("no-store");
	expect(await answer.json()).toEqual({
		results: [{ ok: true }, { ok: true }],
	});
	expect(await timmy.nextText()).toBe(first);
	expect(await timmy.nextText()).toBe(second);
	expect(await (await stage.post(`\n${first} `)).json()).toEqual({
		results: [{ ok: true }],
	});
	expect(await timmy.nextText()).toBe(first);
	expect(await (await stage.post([])).json()).toEqual({ results: [] });
});

test("HTTP7 each message has its own result: done, a receipt, or the error of its code", async () => {
	const stage = await openStage();
	const timmy = await stage.agent("timmy");
	const answer = await stage.post([
		{ type: "bark" },
		{ type: "note", target_id: "timmy", receipt: "m-1" },
		{ type: "note", target_id: "nobody", receipt: "m-2" },
		{ type: "note", target_id: "nobody" },
		{ type: "ping" },
		{ type: "gateway_hello" },
		{ type: "agent_subscribe", subscribe: null },
		7,
		{ type: "note", target_id: "", receipt: "m-3" },
		{ type: "scene_add", retain: { key: "tree" } },
		{ type: "bark", last: true },
	]);
	expect(await answer.json()).toEqual({
		results: [
			{ ok: true },
			{ receipt: { id: "m-1", status: "delivered", target_id: "timmy" } },
			{ receipt: { id: "m-2", status: "offline", target_id: "nobody" } },
			{
				error: {
					code: "target_offline",
					message: expect.any(String),
					target_id: "nobody",
				},
			},
			{ ok: true },
			{ error: { code: "reserved_type", message: expect.any(String) } },
			{ error: expect.objectContaining({ code: "reserved_type" }) },
			{ error: { code: "bad_message", message: expect.any(String) } },
			{ error: expect.objectContaining({ code: "bad_message" }) },
			{ error: { code: "forbidden", message: expect.any(String) } },
			{ ok: true },
		],
	});
	for (const type of ["bark", "note"]) await timmy.next(type);
	expect(await timmy.next()).toEqual({ type: "bark", last: true });
});

test("HTTP7 every error is told, however many there are", async () => {
	const stage = await openStage();
	const answer = await stage.post(Array(100).fill({ type: "" }));
	const { results } = (await answer.json()) as { results: object[] };
	expect(results).toHaveLength(100);
	for (const result of results) expect(result).toHaveProperty("error");
});

test("HTTP7 what others write is never taken for an answer", async () => {
	const stage = await openStage({ mirrorVisual: true });
	const timmy = await stage.agent("timmy");
	await stage.agent("page");
	const forged =
		'{"type":"gateway_error","code":"x","target_id":"page","type":"bark"}';
	let isDone = false;
	const forging = (async () => {
		while (!isDone) {
			for (let sent = 0; sent < 20; sent++) timmy.send(forged);
			await new Promise(setImmediate);
		}
	})();
	const bodies = Array(5).fill(Array(20).fill({ type: "bark" }));
	const answers = await Promise.all(bodies.map((body) => stage.post(body)));
	isDone = true;
	await forging;
	for (const answer of answers)
		expect(await answer.json()).toEqual({
			results: Array(20).fill({ ok: true }),
		});
});

test("HTTP7 who posts is no viewer, and is gone with the answer", async () => {
	const stage = await openStage();
	const timmy = await stage.agent("timmy");
	const posted = stage.post([{ type: "bark" }, { type: "bark" }]);
	await timmy.next("bark");
	const { viewers } = (await (await stage.ask("status")).json()) as {
		viewers: number;
	};
	expect(viewers).toBe(0);
	await posted;
	expect(await (await stage.ask("status")).json()).toMatchObject({
		connections: 1,
		viewers: 0,
		totals: { broadcast: 2 },
	});
});

test("HTTP7 a request may register: its agents leave with its answer", async () => {
	const stage = await openStage({ requireRegistration: true });
	const timmy = await stage.agent("timmy");
	expect(await (await stage.post({ type: "bark" })).json()).toEqual({
		results: [{ error: expect.objectContaining({ code: "forbidden" }) }],
	});
	const answer = await stage.post([
		{ type: "agent_register", agentId: "cron" },
		{ type: "bark", retain: { key: "time" } },
	]);
	expect(await answer.json()).toEqual({
		results: [{ ok: true }, { ok: true }],
	});
	await timmy.next("agent_joined");
	await timmy.next("bark");
	expect(await timmy.next("agent_left")).toMatchObject({ reason: "closed" });
});

test("HTTP7 AUTH1 RT8 the grant of the token holds", async () => {
	const stage = await openStage({ grants: GRANTS, worlds: ["garden"] });
	const viewer = await stage.agent("viewer", withToken("all"));
	const say = async (token: string, message: object, query = "") => {
		const answer = await stage.post(message, { token, query });
		return [answer.status, await answer.json()];
	};
	const bark = { type: "bark" };
	expect(await say("none", bark)).toEqual([401, { error: "unauthorized" }]);
	expect(await say("garden", bark)).toEqual([403, { error: "forbidden" }]);
	expect(await say("all", bark, "?world=Nowhere")).toEqual([
		404,
		{ error: "no such world" },
	]);
	expect(await say("timmy", { ...bark, agentId: "viewer" })).toEqual([
		200,
		{ results: [{ error: expect.objectContaining({ code: "forbidden" }) }] },
	]);
	expect(
		await say("timmy", { type: "agent_register", agentId: "viewer" }),
	).toEqual([
		200,
		{ results: [{ error: expect.objectContaining({ code: "forbidden" }) }] },
	]);
	const ok = [200, { results: [{ ok: true }] }];
	expect(await say("garden", bark, "?world=garden")).toEqual(ok);
	expect(await say("timmy", { ...bark, agentId: "timmy" })).toEqual(ok);
	expect(await viewer.next()).toEqual({ ...bark, agentId: "timmy" });
});

test.each<[string, string, number]>([
	["no JSON", "{", 400],
	["nothing", "", 400],
	["a text", '"bark"', 400],
	["a half array", '[{"type":"bark"},', 400],
	["a byte order mark", '\ufeff{"type":"bark"}', 400],
	["too many", JSON.stringify(Array(101).fill({ type: "bark" })), 413],
	[
		"one that is too large",
		JSON.stringify([{ type: "bark" }, { type: "bark", text: "x".repeat(100) }]),
		413,
	],
	["too much", `[${" ".repeat(100 * 16)}]`, 413],
])("HTTP7 of a body with %s nothing is done", async (_what, body, status) => {
	const stage = await openStage({ maxPayload: 100 });
	const timmy = await stage.agent("timmy");
	const answer = await stage.post(body);
	expect(answer.status).toBe(status);
	expect(await answer.json()).toEqual({
		error: expect.any(String),
		...(status === 400 && { code: "bad_message" }),
	});
	await timmy.expectNothing();
});

test("HTTP7 only JSON is read, and only by POST", async () => {
	const stage = await openStage();
	const url = `${stage.url}/api/gateway/messages`;
	const post = (type: string, more = {}) =>
		fetch(url, {
			method: "POST",
			headers: { "content-type": type, ...more },
			body: '{"type":"bark"}',
		});
	for (const type of ["text/plain", "application/x-www-form-urlencoded"])
		expect((await post(type)).status).toBe(415);
	const gzip = { "content-encoding": "gzip" };
	expect((await post("application/json", gzip)).status).toBe(415);
	expect((await post("Application/JSON ; charset=utf-8")).status).toBe(200);
	const got = await fetch(url);
	expect([got.status, got.headers.get("allow")]).toEqual([405, "POST"]);
});

test("HTTP3 a page of an allowed origin may post, and others may not", async () => {
	const origin = "https://page.test";
	const stage = await openStage({
		access: { allowedOrigins: [origin], token: "s3cret" },
	});
	const preflight = (from: string) =>
		stage.ask("messages", {
			method: "OPTIONS",
			headers: {
				origin: from,
				"access-control-request-method": "POST",
				"access-control-request-headers": "content-type",
			},
		});
	const { status, headers } = await preflight(origin);
	expect(status).toBe(204);
	expect(headers.get("access-control-allow-origin")).toBe(origin);
	expect(headers.get("access-control-allow-methods")).toContain("POST");
	expect(headers.get("access-control-allow-headers")).toContain("content-type");
	expect((await preflight("https://evil.test")).status).toBe(403);
});

test("HTTP8 a body that does not come is given up, and takes nobody's place", async () => {
	const stage = await openStage();
	const sent = request(`${stage.url}/api/gateway/messages`, {
		method: "POST",
		headers: { "content-type": "application/json", "content-length": "100" },
	});
	const gone = new Promise((resolve) => sent.once("error", resolve));
	sent.write("[");
	const answer = await stage.post({ type: "bark" });
	expect(answer.status).toBe(200);
	sent.destroy();
	await gone;
});

test("HTTP8 a body that takes too long is told so", async () => {
	const body = new ReadableStream({
		start: (c) => c.enqueue(Buffer.from("[")),
	});
	const req = new Request("http://localhost/", {
		...{ method: "POST", body, duplex: "half" },
		headers: { "content-type": "application/json" },
	} as RequestInit);
	const res = { status: 200, headers: new Headers() };
	const event = { req, res } as unknown as Parameters<typeof readBody>[0];
	expect(await readBody(event, createRoom(), 100, 20)).toEqual({
		answer: { error: "too slow" },
	});
	expect(res.status).toBe(408);
});

test("HTTP8 a body that says how large it is, and is too large, is not read", async () => {
	const stage = await openStage();
	const sent = request(`${stage.url}/api/gateway/messages`, {
		method: "POST",
		headers: {
			"content-type": "application/json",
			"content-length": String(2 ** 40),
		},
	});
	sent.on("error", () => {});
	sent.write("[");
	const status = await new Promise((resolve) =>
		sent.once("response", ({ statusCode }) => resolve(statusCode)),
	);
	expect(status).toBe(413);
	sent.destroy();
});

test("HTTP8 while too many are answered at once, others are told to come back", async () => {
	const { speakers } = createRoom();
	const leave = Array.from({ length: MAX_SPEAKERS }, () => speakers.take());
	expect(speakers.take()).toBeUndefined();
	leave[0]?.();
	leave[0]?.();
	expect(speakers.take()).toBeTypeOf("function");
	expect(speakers.take()).toBeUndefined();
});

test("HTTP3 AUTH2 where a token cannot be judged for now, it is told when to try again", async () => {
	const broken = () => Promise.reject(new Error("the database is gone"));
	const stage = await openStage({ access: { authenticate: broken } });
	for (const answer of [
		await stage.ask("status"),
		await stage.ask("events"),
		await stage.post({ type: "bark" }),
	]) {
		expect(answer.status).toBe(503);
		expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
		expect(await answer.json()).toMatchObject({ code: "try_again" });
	}
});

test("HTTP7 SH1 while the gateway shuts down nothing is done", async () => {
	const stage = await openStage();
	const closing = stage.close();
	const answer = await stage.post({ type: "bark" });
	expect([answer.status, answer.headers.get("retry-after")]).toEqual([
		503,
		"1",
	]);
	expect(await answer.json()).toMatchObject({ code: "try_again" });
	await closing;
});

const ok = { ok: true };
const limited = {
	error: expect.objectContaining({
		code: "rate_limited",
		retryAfter: expect.any(Number),
	}),
};
/** Nothing is paid off while a test runs. */
const SLOW = { maxMessagesPerSecond: 0.001, messageBurst: 3 };

async function resultsOf(answer: Response) {
	const { results } = (await answer.json()) as { results: object[] };
	return [answer.status, results];
}

test("HTTP7 ERR5 what is too much is told at once, and nothing after it is done", async () => {
	const stage = await openStage(SLOW);
	const timmy = await stage.agent("timmy");
	const answer = await stage.post(
		[1, 2, 3, 4, 5].map((n) => ({ type: "bark", n })),
	);
	expect(answer.status).toBe(429);
	expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(900);
	expect(await answer.json()).toEqual({
		error: expect.any(String),
		code: "rate_limited",
		results: [ok, ok, ok, limited],
	});
	for (const n of [1, 2, 3])
		expect(await timmy.next("bark")).toMatchObject({ n });
	await timmy.expectNothing();
	const status = await (await stage.ask("status")).json();
	expect(status).toMatchObject({ totals: { received: 6, limited: 1 } });
});

test("HTTP7 ERR5 the requests of one token are charged together, and with nobody's sockets", async () => {
	const grants = { one: {}, other: {} };
	const stage = await openStage({ ...SLOW, grants, worlds: ["garden"] });
	const say = async (token: string, count: number, query = "") =>
		resultsOf(
			await stage.post(Array(count).fill({ type: "bark" }), { token, query }),
		);
	expect(await say("one", 2)).toEqual([200, [ok, ok]]);
	expect(await say("one", 2, "?world=garden")).toEqual([429, [ok, limited]]);
	expect(await say("one", 1)).toEqual([429, [limited]]);
	expect(await say("other", 1)).toEqual([200, [ok]]);
	const socket = await stage.agent("timmy", withToken("one"));
	socket.send({ type: "bark", socket: true });
	socket.send({ type: "ping" });
	await socket.next("pong");
	expect(await say("other", 3)).toEqual([429, [ok, ok, limited]]);
});

test("HTTP7 ERR5 who comes without a token is charged by the address", async () => {
	const stage = await openStage({ ...SLOW, access: { trustProxy: true } });
	const say = async (address: string, messages: unknown) =>
		resultsOf(
			await fetch(`${stage.url}/api/gateway/messages`, {
				method: "POST",
				headers: {
					"content-type": "application/json",
					"x-forwarded-for": address,
				},
				body: JSON.stringify(messages),
			}),
		);
	const bark = { type: "bark" };
	expect(await say("2001:db8::1", [bark, bark])).toEqual([200, [ok, ok]]);
	expect(await say("2001:db8::2", [bark, bark])).toEqual([429, [ok, limited]]);
	expect(await say("1.2.3.4", [bark, bark])).toEqual([200, [ok, ok]]);
});

test("HTTP7 ERR5 bytes, pings, registrations and what is refused for another reason count", async () => {
	const text = "x".repeat(400);
	const bytes = { maxBytesPerSecond: 1, byteBurst: 1_000, maxPayload: 1_000 };
	const loud = await openStage(bytes);
	const say = async (message: object) => resultsOf(await loud.post(message));
	expect(await say({ type: "bark", text })).toEqual([200, [ok]]);
	expect(await say({ type: "bark", text })).toEqual([200, [ok]]);
	expect(await say({ type: "bark", text })).toEqual([429, [limited]]);
	const stage = await openStage({ ...SLOW, messageBurst: 4 });
	const bad = { error: expect.objectContaining({ code: "bad_message" }) };
	const ping = '{"type":"ping"}';
	const escaped = '{"type":"p\\u0069ng"}';
	expect(
		await resultsOf(await stage.post(`[${ping},${escaped},7,${ping}]`)),
	).toEqual([200, [ok, ok, bad, ok]]);
	expect(await resultsOf(await stage.post(ping))).toEqual([429, [limited]]);
	const names = await openStage();
	const join = async () => {
		const joins = Array(100).fill({ type: "agent_register", agentId: "a" });
		return resultsOf(await names.post(joins));
	};
	expect(await join()).toEqual([200, Array(100).fill(ok)]);
	const [status, results] = await join();
	expect([status, (results as object[]).at(-1)]).toEqual([429, limited]);
	expect((results as object[]).length).toBeLessThan(60);
});

test("HTTP7 ERR5 of so many accounts the one that was used the longest ago is forgotten", () => {
	const accounts = createAccounts(2);
	const first = accounts.of({ key: "first" }, "1.2.3.4");
	const second = accounts.of({}, "1.2.3.4");
	expect(accounts.of({ key: "first" }, undefined)).toBe(first);
	accounts.of({ key: "third" }, undefined);
	expect(accounts.of({ key: "first" }, undefined)).toBe(first);
	expect(accounts.of({}, "1.2.3.4")).not.toBe(second);
});
