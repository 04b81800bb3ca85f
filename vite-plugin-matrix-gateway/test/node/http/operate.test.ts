import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Disconnected } from "../../../src/core/edge/operating.ts";
import type { AccessOptions } from "../../../src/node/access.ts";
import { createGateway } from "../../../src/node/create-gateway.ts";
import type { Operated } from "../../../src/node/http/operate/operated.ts";
import { createHttpApp, type HttpAppOptions } from "../../../src/node/http.ts";
import { createHub } from "../../../src/node/hub.ts";
import { createFolder } from "../order/support/data-folder.ts";

const GRANTS = {
	operator: { operate: true },
	gardener: { operate: true, worlds: ["garden"] },
	stranger: {},
};

const ACCESS: AccessOptions = {
	authenticate: (token = "") => GRANTS[token as keyof typeof GRANTS] ?? null,
};

interface Asking {
	readonly token?: string;
	readonly query?: string;
}

function arrange(access: HttpAppOptions = ACCESS) {
	const hub = createHub({ worlds: ["garden"] });
	onTestFinished(() => hub.close());
	const done: unknown[] = [];
	Object.assign(hub, {
		disconnect(who: Disconnected, world: string) {
			done.push([world, who]);
			return !("agentId" in who && who.agentId === "nobody");
		},
		revoke: (token: string) => done.push(token),
	});
	const app = createHttpApp(hub, access);
	async function post(
		path: string,
		body: unknown,
		{ token, query = "" }: Asking = { token: "operator" },
	) {
		const answer = await app.fetch(
			new Request(`http://localhost/api/gateway/${path}${query}`, {
				method: "POST",
				headers: {
					"content-type": "application/json",
					host: "localhost",
					...(token !== undefined && { authorization: `Bearer ${token}` }),
				},
				body: JSON.stringify(body),
			}),
		);
		return [answer.status, await answer.json()];
	}
	return { post, done };
}

const AGENT = { agentId: "timmy" };
const FORBIDDEN = [403, { error: "forbidden" }];

test("HTTP12 an operator ends a connection, by its id or an agent's name", async () => {
	const { post, done } = arrange();
	const connection = { connectionId: "x" };
	const ok = [200, { disconnected: true }];
	expect(await post("disconnect", AGENT)).toEqual(ok);
	expect(await post("disconnect", { ...connection, world: "garden" })).toEqual(
		ok,
	);
	const there = { token: "operator", query: "?world=garden" };
	expect(await post("disconnect", connection, there)).toEqual(ok);
	expect(done).toEqual([
		["default", AGENT],
		["garden", connection],
		["garden", connection],
	]);
	expect((await post("disconnect", { agentId: "nobody" }))[0]).toBe(404);
	const nowhere = { ...AGENT, world: "nowhere" };
	expect((await post("disconnect", nowhere))[0]).toBe(404);
});

test("HTTP12 an operator revokes a token, which is not repeated", async () => {
	const { post, done } = arrange();
	expect(await post("revoke", { token: "s3cret" })).toEqual([
		200,
		{ revoked: true },
	]);
	expect(done).toEqual(["s3cret"]);
});

test.each([
	["disconnect", {}],
	["disconnect", []],
	["disconnect", null],
	["disconnect", { agentId: 7 }],
	["disconnect", { agentId: "a", connectionId: "b" }],
	["disconnect", { agentId: "a", world: 7 }],
	["revoke", {}],
	["revoke", { token: "" }],
	["revoke", { token: ["s3cret"] }],
])("HTTP12 %s of %j is nothing that can be done", async (path, body) => {
	const { post, done } = arrange();
	expect(await post(path, body)).toEqual([
		400,
		{ error: expect.any(String), code: "bad_message" },
	]);
	expect(done).toEqual([]);
});

test("HTTP12 nobody else is let do it: no other grant, nor anybody where no token is asked for", async () => {
	const asked = arrange();
	const open = arrange({});
	const shared = arrange({ token: "s3cret" });
	for (const [path, body] of [
		["disconnect", AGENT],
		["revoke", { token: "s3cret" }],
	] as const) {
		const stranger = { token: "stranger" };
		expect(await asked.post(path, body, stranger)).toEqual(FORBIDDEN);
		expect((await asked.post(path, body, {}))[0]).toBe(401);
		expect(await open.post(path, body, {})).toEqual(FORBIDDEN);
		expect(await shared.post(path, body, { token: "s3cret" })).toEqual(
			FORBIDDEN,
		);
		// Of other worlds than its own it decides nothing.
		const gardener = { token: "gardener" };
		expect(await asked.post(path, body, gardener)).toEqual(FORBIDDEN);
	}
	for (const { done } of [asked, open, shared]) expect(done).toEqual([]);
	const own = { ...AGENT, world: "garden" };
	expect((await asked.post("disconnect", own, { token: "gardener" }))[0]).toBe(
		200,
	);
});

test("HTTP12 who is revoked neither asks, speaks nor listens, though the host still knows the token", async () => {
	const gateway = createGateway();
	onTestFinished(() => gateway.close());
	Object.assign(gateway, { isRevoked: () => true });
	const app = createHttpApp(gateway, ACCESS);
	const url = "http://localhost/api/gateway";
	for (const request of [
		new Request(`${url}/status?token=stranger`),
		new Request(`${url}/events?token=stranger`),
		new Request(`${url}/messages?token=stranger`, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: '{"type":"bark"}',
		}),
	])
		expect((await app.fetch(request)).status).toBe(401);
});

test("HTTP12 HTTP5 the host is told who has done what, and of no token", async () => {
	const told: Operated[] = [];
	const tokens = join(createFolder(), "tokens.json");
	const entries = [
		{ name: "anna", token: "operator", operate: true },
		{ name: "timmy", token: "timmys" },
	];
	writeFileSync(tokens, JSON.stringify(entries));
	const onOperated = (operated: Operated) => {
		told.push(operated);
		throw new Error("the log is full");
	};
	const { post } = arrange({ tokens, onOperated });
	await post("disconnect", AGENT);
	await post("disconnect", { agentId: "nobody", world: "garden" });
	await post("disconnect", { connectionId: "x".repeat(1_000) });
	await post("revoke", { token: "timmys" });
	await post("revoke", { token: "s3cret" });
	await post("disconnect", AGENT, { token: "timmys" });
	await post("disconnect", {});
	const by = { by: "anna", requestId: expect.any(String) };
	const disconnect = { ...by, action: "disconnect", world: "default" };
	expect(told).toEqual([
		{ ...disconnect, agentId: "timmy", found: true },
		{ ...disconnect, agentId: "nobody", world: "garden", found: false },
		{ ...disconnect, found: true },
		{ ...by, action: "revoke", name: "timmy" },
		{ ...by, action: "revoke" },
	]);
});
