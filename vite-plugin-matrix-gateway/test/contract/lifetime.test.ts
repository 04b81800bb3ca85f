/** Tokens that end, are renewed and are taken back, on hosts that take the function `authenticate`. */
import { afterEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createMatrixClient } from "../../src/client/index.ts";
import type { Grant } from "../../src/core/protocol/grant.ts";
import type { Authenticate } from "../../src/node/authenticate.ts";
import { digestOf as keyOf } from "../../src/node/token.ts";
import {
	type Closed,
	connect,
	registerSession,
	type TestClient,
} from "../support/client.ts";
import { VITE_HOSTS } from "../support/hosts.ts";
import { OWN_SERVERS, type OwnServer } from "../support/own-server.ts";
import { until } from "../support/until.ts";

const EXPIRED: Closed = { code: 4101, reason: "token expired" };
const FORBIDDEN: Closed = { code: 4003, reason: "forbidden" };
const UNAUTHORIZED: Closed = { code: 4001, reason: "unauthorized" };

/** Milliseconds. Long enough to register on a busy machine, short enough to wait for. */
const SOON = 1_500;
const BRIEF = 3_000;
const LONG = 600_000;

const LASTS: Readonly<Record<string, number>> = { soon: SOON, brief: BRIEF };

/** `soon`, `brief`, `long` and `endless` each begin a token that lasts so long from the first time that it is seen. */
function createAuthenticate(): Authenticate {
	const grants = new Map<string, Grant>();
	return (token = "") => {
		if (token === "wrong") return null;
		const [kind = ""] = token.split("-");
		const lasts = LASTS[kind] ?? LONG;
		const key = keyOf(token);
		const expires = Date.now() + lasts;
		const grant = token.startsWith("endless") ? { key } : { key, expires };
		if (!grants.has(token)) grants.set(token, grant);
		return grants.get(token) ?? null;
	};
}

const endings: (() => unknown)[] = [];
afterEach(async () => {
	for (const end of endings.splice(0).reverse()) await end();
});

async function open(url: string, token: string): Promise<TestClient> {
	const client = await connect(`${url}?token=${token}`);
	endings.push(() => client.socket.terminate());
	return client;
}

async function startSession(url: string, token: string, agentId: string) {
	const client = await open(url, token);
	const ack = await registerSession(client, agentId);
	await client.next("agent_joined");
	return { client, ack };
}

describe.each([...VITE_HOSTS, ...OWN_SERVERS])(
	"tokens on $name",
	({ start }) => {
		async function startHost(): Promise<string> {
			const running = await start({ authenticate: createAuthenticate() });
			endings.push(() => running.stop());
			return running.url;
		}

		test("AUTH4 RES3 a connection is closed with 4101 when its grant ends, and goes on by another token", async () => {
			const url = await startHost();
			const watcher = await open(url, "endless");
			watcher.send({ type: "ping" });
			await watcher.skipTo("pong");
			const { client, ack } = await startSession(url, "soon", "timmy");
			expect(ack.expires).toBeGreaterThan(0);
			expect(ack.expires).toBeLessThanOrEqual(SOON / 1_000);
			await watcher.next("agent_joined");
			expect(await client.closed).toEqual(EXPIRED);
			watcher.send({ type: "bark" });
			const late = await open(url, "soon");
			expect(await late.expectClosed()).toEqual(EXPIRED);
			const back = await open(url, "long");
			const resume = { session: ack.session, received: 1 };
			back.send({ type: "agent_register", agentId: "timmy", resume });
			expect(await back.next()).toMatchObject({ resumed: true });
			await back.next("bark");
			await watcher.expectNothing();
		});

		test("AUTH6 a token that is shown in time keeps the connection; a wrong one does not", async () => {
			const url = await startHost();
			const client = await open(url, "soon");
			await client.register("timmy");
			client.send({ type: "auth_refresh", token: "wrong" });
			expect(await client.next()).toMatchObject({ code: "unauthorized" });
			client.send({ type: "auth_refresh", token: "long" });
			const { expires } = await client.next("gateway_auth");
			expect(expires).toBeGreaterThan(SOON / 1_000);
			const other = await open(url, "soon-2");
			expect(await other.closed).toEqual(EXPIRED);
			await client.expectNothing();
		});
	},
);

describe.each(OWN_SERVERS)("an operator of $name", ({ start }) => {
	async function startHost(): Promise<OwnServer> {
		const running = await start({ authenticate: createAuthenticate() });
		endings.push(() => running.stop());
		return running;
	}

	const left = (agentId: string) => ({
		...{ type: "agent_left", agentId, reason: "revoked" },
	});

	test("AUTH5 revokes a token: all that lives by it ends, and it lets nobody in", async () => {
		const { url, operator } = await startHost();
		const watcher = await open(url, "endless");
		watcher.send({ type: "ping" });
		await watcher.skipTo("pong");
		const { client: away } = await startSession(url, "long", "away");
		const { client } = await startSession(url, "long", "timmy");
		const viewer = await open(url, "long");
		viewer.send({ type: "ping" });
		await viewer.skipTo("pong");
		away.socket.terminate();
		await watcher.skipTo("agent_joined");
		await watcher.skipTo("agent_joined");
		operator.revoke("long");
		for (const { closed } of [client, viewer])
			expect(await closed).toEqual(FORBIDDEN);
		const gone = [await watcher.next(), await watcher.next()];
		expect(gone).toEqual(
			expect.arrayContaining([
				expect.objectContaining(left("away")),
				expect.objectContaining(left("timmy")),
			]),
		);
		const again = await open(url, "long");
		expect(await again.expectClosed()).toEqual(UNAUTHORIZED);
		watcher.send({ type: "auth_refresh", token: "long" });
		expect(await watcher.next()).toMatchObject({ code: "unauthorized" });
		expect(operator.isRevoked({ key: keyOf("long") })).toBe(true);
	});

	test("AUTH5 disconnects an agent, and takes rights from a token", async () => {
		const { url, operator } = await startHost();
		const { client } = await startSession(url, "long", "timmy");
		const { client: other } = await startSession(url, "endless", "other");
		expect(operator.disconnect({ agentId: "timmy" })).toBe(true);
		expect(await client.closed).toEqual(FORBIDDEN);
		expect(await other.next("agent_left")).toMatchObject(left("timmy"));
		const back = await open(url, "long");
		await back.register("timmy");
		await other.next("agent_joined");
		operator.regrant(keyOf("endless"), { agents: ["other"] });
		other.send({ type: "bark", agentId: "timmy" });
		expect(await other.next()).toMatchObject({ code: "forbidden" });
		operator.regrant(keyOf("endless"), null);
		expect(await other.closed).toEqual(FORBIDDEN);
		expect(await back.next("agent_left")).toMatchObject(left("other"));
		await back.expectNothing();
	});
});

test("AUTH6 the client renews its token by itself, and stays connected", async () => {
	const [{ start }] = OWN_SERVERS;
	const { url, stop } = await start({ authenticate: createAuthenticate() });
	endings.push(stop);
	let asked = 0;
	const client = createMatrixClient({
		...{ url, agentId: "timmy" },
		WebSocket: WebSocket as never,
		token: async () => `${++asked === 1 ? "brief" : "long"}-${asked}`,
	});
	endings.push(() => client.dispose());
	const renewed = new Promise((resolve) => client.on("gateway_auth", resolve));
	await until(() => client.connectionId, Boolean);
	const { connectionId } = client;
	const witness = await open(url, "brief-9");
	await renewed;
	expect(await witness.closed).toEqual(EXPIRED);
	expect(client.connectionId).toBe(connectionId);
	expect(asked).toBe(2);
});
