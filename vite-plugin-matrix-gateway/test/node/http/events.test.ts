import { request } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import type { AccessOptions } from "../../../src/node/access.ts";
import {
	countsOf,
	type LimitOptions,
} from "../../../src/node/connection-limits.ts";
import { createRoom, MAX_LISTENERS } from "../../../src/node/http/room.ts";
import { statusOf as handshakeStatusOf } from "../../support/client.ts";
import { readEvents } from "../../support/event-source.ts";
import { until } from "../../support/until.ts";
import {
	openStage,
	type Stage,
	type StageOptions,
	withToken,
} from "./stage.ts";

interface Listening {
	readonly token?: string;
	readonly lastId?: string;
}

async function listen(
	{ url }: Stage,
	query = "",
	{ token, lastId }: Listening = {},
) {
	const reader = await readEvents(`${url}/api/gateway/events${query}`, {
		accept: "text/event-stream",
		...(token !== undefined && { authorization: `Bearer ${token}` }),
		...(lastId !== undefined && { "last-event-id": lastId }),
	});
	onTestFinished(reader.close);
	return reader;
}

async function statusOf(stage: Stage) {
	const answer = await stage.ask("status");
	return (await answer.json()) as Record<string, number>;
}

/** Is back to what it was before there were listeners. */
async function untilAlone(stage: Stage, connections: number) {
	await until(
		() => statusOf(stage),
		(status) => status.connections === connections,
	);
}

test("HTTP9 who listens gets what a viewer gets", async () => {
	const stage = await openStage();
	const timmy = await stage.agent("timmy");
	timmy.send({ type: "scene_add", retain: { key: "a" } });
	await timmy.expectNothing();
	const reader = await listen(stage);
	expect(reader.status).toBe(200);
	expect(Object.fromEntries(reader.headers)).toMatchObject({
		"content-type": "text/event-stream",
		"cache-control": "no-store, no-transform",
		"x-accel-buffering": "no",
	});
	expect(await reader.message("gateway_hello")).toMatchObject({
		protocol: 1,
		connectionId: expect.any(String),
		agents: [{ agentId: "timmy", role: "agent" }],
	});
	await reader.message("scene_add");
	timmy.send({ type: "bark" });
	timmy.send({ type: "note", target_id: "timmy" });
	const perplexity = await stage.agent("perplexity");
	await reader.message("bark");
	await reader.message("agent_joined");
	perplexity.close();
	expect(await reader.message("agent_left")).toMatchObject({
		reason: "closed",
	});
	expect(await statusOf(stage)).toMatchObject({ viewers: 1, connections: 2 });
	expect(reader.retry).toBeGreaterThanOrEqual(500);
	reader.close();
	await untilAlone(stage, 1);
});

test("HTTP9 each line of a message is a field, which the reader joins again", async () => {
	const stage = await openStage();
	const timmy = await stage.agent("timmy");
	const reader = await listen(stage);
	await reader.message("gateway_hello");
	timmy.send('{"type":"bark",\r\n\n "text":\r"\\n: é"}\n');
	const { data } = await reader.next();
	expect(data).toBe('{"type":"bark",\n\n "text":\n"\\n: é"}\n');
	expect(JSON.parse(data)).toEqual({ type: "bark", text: "\n: é" });
});

test("HTTP9 of a filter's types alone, and what the gateway says of the stream", async () => {
	const stage = await openStage();
	const timmy = await stage.agent("timmy");
	for (const key of ["tree", "other"])
		timmy.send({
			type: key === "tree" ? "scene_add" : "note",
			retain: { key },
		});
	await timmy.expectNothing();
	const reader = await listen(stage, "?types=bark,%20scene_*");
	await reader.message("gateway_hello");
	await reader.message("scene_add");
	for (const type of ["barking", "note", "scene_clear", "bark"])
		timmy.send({ type });
	await stage.agent("perplexity");
	await reader.message("scene_clear");
	await reader.message("bark");
	for (const query of ["?types=", "?types=a,,b", `?types=${"a,".repeat(100)}a`])
		expect((await stage.ask(`events${query}`)).status).toBe(400);
	void stage.close();
	await reader.message("gateway_shutdown");
});

test("HTTP9 the grant of the token holds: worlds, and the types that it may have", async () => {
	const stage = await openStage({
		worlds: ["garden"],
		grants: {
			all: {},
			garden: { worlds: ["garden"] },
			few: { subscribe: ["scene_*"] },
		},
	});
	const timmy = await stage.agent("timmy", withToken("all"));
	expect((await stage.ask("events")).status).toBe(401);
	const forbidden = await stage.ask("events?token=garden");
	expect([forbidden.status, await forbidden.json()]).toEqual([
		403,
		{ error: "forbidden" },
	]);
	expect((await stage.ask("events?world=nowhere&token=all")).status).toBe(404);
	const there = await listen(stage, "?world=garden&token=garden");
	expect(await there.message("gateway_hello")).toMatchObject({ agents: [] });
	const few = await listen(stage, "", { token: "few" });
	await few.message("gateway_hello");
	timmy.send({ type: "bark" });
	timmy.send({ type: "scene_add" });
	await few.message("scene_add");
	timmy.close();
	await few.message("agent_left");
});

test("HTTP10 who comes back goes on where it was, with nothing lost or doubled", async () => {
	const stage = await openStage();
	const timmy = await stage.agent("timmy");
	const first = await listen(stage);
	await first.message("gateway_hello");
	timmy.send({ type: "bark", n: 0 });
	await first.message("bark");
	const { lastId } = first;
	first.close();
	await untilAlone(stage, 1);
	for (let n = 1; n <= 3; n++) timmy.send({ type: "bark", n });
	await timmy.expectNothing();
	const second = await listen(stage, "", { lastId });
	timmy.send({ type: "bark", n: 4 });
	expect(await second.named("resumed")).toEqual({ missed: 3 });
	for (let n = 1; n <= 4; n++)
		expect(await second.message("bark")).toEqual({ type: "bark", n });
	// From the middle, and where nothing was missed; in the query, for a page that begins anew.
	const all = await listen(stage, `?lastEventId=${second.lastId}`);
	expect(await all.named("resumed")).toEqual({ missed: 0 });
	expect(all.lastId).toBe(second.lastId);
	timmy.send({ type: "bark", n: 5 });
	expect(await all.message("bark")).toEqual({ type: "bark", n: 5 });
});

test("HTTP10 every event from which one can go on has its own id", async () => {
	const stage = await openStage();
	const timmy = await stage.agent("timmy");
	const reader = await listen(stage);
	await reader.message("gateway_hello");
	for (let n = 0; n < 5; n++) timmy.send({ type: "bark", n });
	const ids: string[] = [];
	for (let n = 0; n < 5; n++) ids.push((await reader.next()).lastId);
	expect(new Set(ids).size).toBe(5);
	for (const [index, lastId] of ids.entries()) {
		const again = await listen(stage, "", { lastId });
		expect(await again.named("resumed")).toEqual({ missed: 4 - index });
		for (let n = index + 1; n < 5; n++)
			expect(await again.message("bark")).toEqual({ type: "bark", n });
	}
});

test("HTTP10 what a greeting begins with is told again where it was not told to its end", async () => {
	const stage = await openStage();
	const timmy = await stage.agent("timmy");
	for (const key of ["a", "b"]) timmy.send({ type: "add", retain: { key } });
	await timmy.expectNothing();
	const reader = await listen(stage);
	expect((await reader.next()).lastId).toBe("");
	expect((await reader.next()).lastId).toBe("");
	expect((await reader.next()).lastId).not.toBe("");
});

test("HTTP10 what a filter leaves out is no loss: the heartbeat tells how far it has come", async () => {
	const stage = await openStage({ heartbeatInterval: 50, maxLogBytes: 2_000 });
	const timmy = await stage.agent("timmy");
	const reader = await listen(stage, "?types=bark");
	await reader.message("gateway_hello");
	timmy.send({ type: "note" });
	const before = reader.lastId;
	await until(
		() => reader.lastId,
		(id) => id !== before,
	);
	await until(
		() => reader.comments,
		(comments) => comments > 0,
	);
	const again = await listen(stage, "?types=bark", { lastId: reader.lastId });
	expect(await again.named("resumed")).toEqual({ missed: 0 });
});

test("HTTP10 where what it has missed is not kept any more, it is told so and begins anew", async () => {
	const stage = await openStage({ maxLogBytes: 2_000 });
	const timmy = await stage.agent("timmy");
	timmy.send({ type: "add", retain: { key: "a" } });
	await timmy.expectNothing();
	const first = await listen(stage);
	await first.message("gateway_hello");
	await first.message("add");
	const { lastId } = first;
	for (let n = 0; n < 20; n++) timmy.send({ type: "bark", n });
	const second = await listen(stage, "", { lastId });
	expect(await second.named("lost")).toEqual({ reason: "gone" });
	expect(await second.message("gateway_hello")).toMatchObject({
		agents: [{ agentId: "timmy" }],
	});
	await second.message("add");
	expect(second.lastId).not.toBe(lastId);
});

test("HTTP10 the log is kept for as long as a session would be, and no longer", async () => {
	const stage = await openStage({ resumeWindow: 30 });
	const timmy = await stage.agent("timmy");
	const first = await listen(stage);
	await first.message("gateway_hello");
	const { lastId } = first;
	first.close();
	await untilAlone(stage, 1);
	await until(
		async () => {
			timmy.send({ type: "bark" });
			await timmy.expectNothing();
			// Who asks has it kept for once more so long.
			const due = performance.now() + 60;
			await until(
				() => performance.now(),
				(now) => now > due,
			);
			const again = await listen(stage, "", { lastId });
			const { name } = await again.next();
			again.close();
			await untilAlone(stage, 1);
			return name;
		},
		(name) => name === "lost",
	);
});

test.each([
	["an id of nobody", "x:0"],
	["no id at all", "what?"],
	["a place that is to come", "future"],
])("HTTP10 %s is told to be of another history", async (_what, id) => {
	const stage = await openStage();
	const first = await listen(stage);
	await first.message("gateway_hello");
	const lastId = id === "future" ? first.lastId.replace(/:.*/, ":99") : id;
	const reader = await listen(stage, "", { lastId });
	expect(await reader.named("lost")).toEqual({ reason: "unknown" });
	await reader.message("gateway_hello");
});

test("HTTP10 after a restart with a blank world an old id is of another history", async () => {
	const before = await openStage();
	const timmy = await before.agent("timmy");
	const first = await listen(before);
	await first.message("gateway_hello");
	timmy.send({ type: "bark" });
	await first.message("bark");
	const { lastId } = first;
	const after = await openStage();
	const other = await after.agent("timmy");
	other.send({ type: "bark" });
	other.send({ type: "bark" });
	await other.expectNothing();
	const second = await listen(after, "", { lastId });
	expect(await second.named("lost")).toEqual({ reason: "unknown" });
	await second.message("gateway_hello");
});

test("HTTP10 SH3 where another gateway goes on with the world, so does who listens", async () => {
	const before = await openStage();
	const timmy = await before.connect();
	timmy.send({ type: "agent_register", agentId: "timmy", resume: true });
	await timmy.next("agent_registered");
	const first = await listen(before);
	await first.message("gateway_hello");
	const { lastId } = first;
	timmy.send({ type: "bark" });
	await first.message("bark");
	if (!("handOver" in before.target)) throw new Error("no gateway");
	const world = await before.target.handOver({ timeout: 0 });
	if (world instanceof Map || !world) throw new Error("no world");
	const after = await openStage({ world } as StageOptions);
	const second = await listen(after, "", { lastId: first.lastId });
	expect(await second.named("resumed")).toEqual({ missed: 0 });
	const third = await listen(after, "", { lastId });
	expect(await third.named("resumed")).toEqual({ missed: 1 });
	await third.message("bark");
});

test("HTTP9 SH1 it ends with the gateway, and says why", async () => {
	const stage = await openStage();
	const reader = await listen(stage);
	await reader.message("gateway_hello");
	const closing = stage.close();
	await reader.message("gateway_shutdown");
	expect(await reader.named("close")).toEqual({
		code: 1001,
		reason: "gateway shutting down",
	});
	await reader.ended;
	await closing;
});

test("HTTP9 while it cannot be, a browser is told to come back, and others by the status", async () => {
	const stage = await openStage();
	void stage.close();
	const others = await stage.ask("events");
	expect([others.status, others.headers.get("retry-after")]).toEqual([
		503,
		"1",
	]);
	const browser = await listen(stage);
	expect(browser.status).toBe(200);
	expect(await browser.named("close")).toMatchObject({ code: 1013 });
	expect(browser.retry).toBeGreaterThanOrEqual(1000);
	await browser.ended;
});

test("HTTP9 REG4 where all have to register there is nothing to listen to", async () => {
	const stage = await openStage({ requireRegistration: true });
	const { status } = await stage.ask("events");
	expect(status).toBe(403);
	await untilAlone(stage, 0);
});

test("HTTP9 HEAD opens nothing, and other methods are refused", async () => {
	const stage = await openStage();
	const { status, headers } = await stage.ask("events", { method: "HEAD" });
	expect([status, headers.get("content-type")]).toEqual([
		200,
		"text/event-stream",
	]);
	expect((await stage.ask("events", { method: "POST" })).status).toBe(405);
	expect(await statusOf(stage)).toMatchObject({ connections: 0 });
});

test("HTTP9 SLOW1 who does not read is ended, and nobody waits for it", async () => {
	const stage = await openStage({
		maxBufferedBytes: 100_000,
		closeTimeout: 50,
	});
	const timmy = await stage.agent("timmy");
	const other = await listen(stage);
	await other.message("gateway_hello");
	const sent = request(`${stage.url}/api/gateway/events`);
	const slow = new Promise<void>((resolve) =>
		sent.once("response", (response) => {
			response.pause();
			resolve();
		}),
	);
	sent.on("error", () => {});
	sent.end();
	await slow;
	const text = "x".repeat(200_000);
	await until(
		async () => {
			timmy.send({ type: "bark", text });
			await other.message("bark");
			const status = await statusOf(stage);
			return status.totals as unknown as { tooSlow: number };
		},
		({ tooSlow }) => tooSlow === 1,
	);
	await untilAlone(stage, 2);
	sent.destroy();
});

test("HTTP8 so many may listen, and no more", () => {
	const { listeners } = createRoom();
	const leave = Array.from({ length: MAX_LISTENERS }, () => listeners.take());
	expect(listeners.take()).toBeUndefined();
	leave[0]?.();
	expect(listeners.take()).toBeTypeOf("function");
});

test.each<[string, LimitOptions & AccessOptions, number]>([
	["in all", { maxConnections: 1 }, 503],
	["of an address", { maxConnectionsPerIp: 1, trustProxy: true }, 429],
	[
		"with a token",
		{
			maxConnectionsPerToken: 1,
			authenticate: (token = "") => ({ name: token }),
		},
		429,
	],
])(
	"CON13 HTTP9 who listens counts as a connection: %s",
	async (_what, access, status) => {
		const stage = await openStage({ access });
		const [token, other] = access.authenticate ? ["a", "b"] : [];
		const url = `${stage.url}/api/gateway/events`;
		const headers = (of: string | undefined, address: string) => ({
			...(of && { authorization: `Bearer ${of}` }),
			"x-forwarded-for": address,
		});
		const first = await readEvents(url, headers(token, "2001:db8::1"));
		await first.message("gateway_hello");
		const second = await fetch(url, {
			headers: headers(token, "2001:db8::2"),
		});
		expect(second.status).toBe(status);
		expect(Number(second.headers.get("retry-after"))).toBeGreaterThan(0);
		expect(await second.json()).toEqual({
			error: expect.any(String),
			code: "try_again",
		});
		const webSocket = `${stage.url.replace("http", "ws")}/ws/matrix`;
		const offer = { headers: headers(token, "2001:db8::3") };
		expect(await handshakeStatusOf(webSocket, offer)).toBe(status);
		if (status === 429) {
			const another = headers(other, "1.2.3.4");
			const reader = await readEvents(url, another);
			await reader.message("gateway_hello");
			reader.close();
		}
		first.close();
		await until(
			() => countsOf(stage.target),
			({ all, perClient, perToken }) =>
				all + perClient.size + perToken.size === 0,
		);
		expect(countsOf(stage.target).refused.get(status)).toBe(2);
		const client = await stage.connect(offer);
		await until(
			() => countsOf(stage.target).all,
			(all) => all === 1,
		);
		expect((await fetch(url, offer)).status).toBe(status);
		client.close();
		await client.closed;
	},
);

test("HTTP3 a page of an allowed origin may listen, with its token in the query", async () => {
	const origin = "https://page.test";
	const stage = await openStage({
		access: { allowedOrigins: [origin], token: "s3cret" },
	});
	const url = `${stage.url}/api/gateway/events?token=s3cret`;
	const reader = await readEvents(url, { origin });
	expect(reader.headers.get("access-control-allow-origin")).toBe(origin);
	await reader.message("gateway_hello");
	reader.close();
	const foreign = await readEvents(url, { origin: "https://evil.test" });
	expect(foreign.status).toBe(403);
});

test("HTTP9 RT2 copies of visual messages come to it as well", async () => {
	const stage = await openStage({ mirrorVisual: true });
	const timmy = await stage.agent("timmy");
	const reader = await listen(stage);
	await reader.message("gateway_hello");
	timmy.send({ type: "bark", n: 1 });
	timmy.send({ type: "bark", target_id: "timmy", n: 2 });
	timmy.send({ type: "bark", n: 3 });
	for (const n of [1, 2, 3])
		expect(await reader.message("bark")).toMatchObject({ n });
});
