/** Whose agent it is, how long it stays, and how many there may be. */
import { describe, expect, test } from "vitest";
import type { Grant } from "../../src/core/protocol/grant.ts";
import { callTool, LIST_TOOLS } from "../support/mcp-request.ts";
import { createWorld, type WorldOptions } from "./support/mcp.ts";

/** Each token is the name of a grant. */
function grants(all: Readonly<Record<string, Grant>>): WorldOptions {
	return {
		authenticate: (token) => (token && all[token] ? all[token] : null),
	};
}

describe("MCP1 the name", () => {
	test.each<[string, Grant, string, RegExp]>([
		["of the token's own agent", { agents: ["ada"] }, "", /^ada$/],
		[
			"of the first of several",
			{ agents: ["scout-*", "ada", "eve"] },
			"",
			/^ada$/,
		],
		[
			"that its pattern allows",
			{ agents: ["scout-*"] },
			"",
			/^scout-mcp-[0-9a-f]{8}$/,
		],
		[
			"that was asked for",
			{ agents: ["scout-*"] },
			"?agent=scout-7",
			/^scout-7$/,
		],
		["made of the credential", {}, "", /^mcp-[0-9a-f]{8}$/],
	])("is that %s", async (_, grant, query, expected) => {
		const world = createWorld(grants({ t: grant }));
		const llm = await world.connect({ token: "t", query });
		const { own } = await llm.call("look");
		expect(own.you).toMatch(expected);
		const other = await world.connect({ token: "t", query });
		expect((await other.call("look")).own).toMatchObject({
			you: own.you,
			agents: 1,
		});
	});

	test("that the token does not allow is refused, and said to be", async () => {
		const world = createWorld(grants({ t: { agents: ["ada"] } }));
		const llm = await world.connect({ token: "t", query: "?agent=timmy" });
		const { isError, text } = await llm.call("look");
		expect(isError).toBe(true);
		expect(text).toContain("does not let this agent in");
		// And again, since it may be allowed by then.
		expect((await llm.call("look")).isError).toBe(true);
	});

	test("of each older session is another one, without a token too", async () => {
		const world = createWorld();
		const [one, two] = [
			await world.connect({ mode: "legacy" }),
			await world.connect({ mode: "legacy" }),
		];
		const names = [
			(await one.call("look")).own.you,
			(await two.call("look")).own.you,
		];
		expect(new Set(names).size).toBe(2);
	});

	test("its role is one that the token allows", async () => {
		const world = createWorld(grants({ t: { roles: ["bridge"] } }));
		const llm = await world.connect({ token: "t", query: "?agent=ada" });
		expect((await llm.call("look")).untrusted.agents).toEqual([
			"ada (bridge) (you)",
		]);
	});
});

test("MCP1 nobody has another token's agent, by a name or by a session", async () => {
	const world = createWorld(grants({ a: {}, b: {} }));
	const one = await world.connect({ token: "a", mode: "legacy" });
	const timmy = await world.peer("timmy");
	const { you } = (await one.call("look")).own;
	timmy.client.send({
		type: "agent_message",
		agentId: "timmy",
		target_id: you as string,
		text: "A secret",
	});
	await timmy.settle();
	const body = callTool(1, "listen", { wait_seconds: 0 });
	const stolen = {
		authorization: "Bearer b",
		"mcp-session-id": one.transport.sessionId ?? "",
	};
	const answer = await (await world.post(body, stolen)).text();
	expect(answer).toContain("cursor");
	expect(answer).not.toContain("A secret");
	expect((await one.call("listen")).text).toContain("A secret");
});

test("MCP1 its grant holds: what it may not say, and what it is not sent", async () => {
	const world = createWorld(
		grants({
			t: { agents: ["ada"], publish: ["agent_*"], subscribe: ["agent_*"] },
		}),
	);
	const timmy = await world.peer("timmy");
	const llm = await world.connect({ token: "t" });
	expect((await llm.call("say", { text: "Hi" })).own).toMatchObject({
		result: "refused",
		code: "forbidden",
	});
	timmy.client.send({ type: "bark", agentId: "timmy", text: "Not for Ada" });
	timmy.client.send({
		type: "agent_message",
		agentId: "timmy",
		text: "For Ada",
	});
	await timmy.settle();
	expect((await llm.call("listen")).untrusted.said).toMatchObject([
		{ message: { text: "For Ada" } },
	]);
});

test("MCP1 who shows no token, or a wrong one, is told 401, and a strange page 403", async () => {
	const world = createWorld(grants({ t: {} }));
	expect((await world.post(LIST_TOOLS)).status).toBe(401);
	const wrong = { authorization: "Bearer x" };
	expect((await world.post(LIST_TOOLS, wrong)).status).toBe(401);
	const headers = { authorization: "Bearer t", origin: "https://evil.example" };
	expect((await world.post(LIST_TOOLS, headers)).status).toBe(403);
});

test("MCP1 a token that is bound to worlds enters those alone", async () => {
	const world = createWorld({
		...grants({ t: { worlds: ["garden"] } }),
		worlds: ["garden", "plaza"],
	});
	const llm = await world.connect({ token: "t", query: "?world=garden" });
	expect((await llm.call("look")).own).toMatchObject({ agents: 1 });
	expect([
		...(world.hub.gateways.get("garden")?.status().agents ?? []),
	]).toHaveLength(1);
	await expect(
		world.connect({ token: "t", query: "?world=plaza" }),
	).rejects.toThrow();
	await expect(world.connect({ token: "t" })).rejects.toThrow();
});

test("MCP2 it leaves after the time without a call, and comes back with the next one", async () => {
	const world = createWorld({ mcpIdle: 50 });
	const timmy = await world.peer("timmy");
	const llm = await world.connect({ query: "?agent=ada" });
	const { own } = await llm.call("listen", { wait_seconds: 0 });
	expect(await timmy.next("agent_left")).toMatchObject({
		agentId: "ada",
		reason: "closed",
	});
	timmy.client.send({ type: "bark", agentId: "timmy", text: "Nobody is here" });
	await timmy.settle();
	const back = await llm.call("listen", {
		cursor: own.cursor,
		wait_seconds: 0,
	});
	expect(back.own).toMatchObject({
		you: "ada",
		missed: expect.stringContaining("left the world"),
	});
	expect(back.untrusted.said).toEqual([]);
});

test("MCP2 a call that waits keeps it there", async () => {
	const world = createWorld({ mcpIdle: 20 });
	const timmy = await world.peer("timmy");
	const llm = await world.connect({ query: "?agent=ada" });
	await llm.call("listen", { wait_seconds: 0.3 });
	timmy.client.send({ type: "bark", agentId: "timmy", text: "Marker" });
	await timmy.settle();
	await timmy.next("agent_left");
	// It came once, and left once: not in the meantime.
	expect([...timmy.client.agents.keys()]).toEqual(["timmy"]);
});

test("MCP2 one credential has 16 agents: the one without a call for the longest leaves", async () => {
	const world = createWorld();
	const timmy = await world.peer("timmy");
	for (let index = 0; index < 16; index++)
		await (await world.connect({ query: `?agent=a-${index}` })).call("look");
	const one = await world.connect({ query: "?agent=a-0" });
	await one.call("look");
	const last = await world.connect({ query: "?agent=a-16" });
	await last.call("look");
	expect(await timmy.next("agent_left")).toMatchObject({ agentId: "a-1" });
});

test("MCP2 there are so many at once, and whoever would bring one more is told", async () => {
	const world = createWorld({
		...grants({ a: {}, b: {}, c: {} }),
		maxMcpAgents: 2,
	});
	for (const token of ["a", "b"])
		await (await world.connect({ token })).call("look");
	const third = await world.connect({ token: "c" });
	expect(await third.call("look")).toMatchObject({
		isError: true,
		text: expect.stringContaining("as many agents"),
	});
});

test("MCP2 the end of an older session takes its agent off", async () => {
	const world = createWorld();
	const timmy = await world.peer("timmy");
	const llm = await world.connect({ mode: "legacy" });
	const { you } = (await llm.call("look")).own;
	const { sessionId = "" } = llm.transport;
	await llm.transport.terminateSession();
	expect(await timmy.next("agent_left")).toMatchObject({ agentId: you });
	const ended = await world.post(LIST_TOOLS, { "mcp-session-id": sessionId });
	expect(ended.status).toBe(404);
	expect((await world.request({ method: "DELETE" })).status).toBe(400);
});

test("MCP1 another connection that takes its name is told, and the next call takes it back", async () => {
	const world = createWorld();
	const llm = await world.connect({ query: "?agent=ada" });
	await llm.call("look");
	const hearing = llm.call("listen");
	const thief = await world.peer("ada");
	expect(await hearing).toMatchObject({
		...{ isError: true, text: expect.stringContaining("replaced") },
	});
	expect((await llm.call("look")).own.you).toBe("ada");
	await thief.next("gateway_replaced");
});
