/** The option `authenticate`, which only code can give: Vite's hosts take it. */
import { afterEach, describe, expect, test } from "vitest";
import type { Authenticate } from "../../src/vite/index.ts";
import { connect, statusOf } from "../support/client.ts";
import { textFrame } from "../support/frames.ts";
import type { RunningHost } from "../support/host.ts";
import { VITE_HOSTS } from "../support/hosts.ts";
import { handshake, openSocket, upgradeRaw } from "../support/peer.ts";
import { until } from "../support/until.ts";

describe.each(VITE_HOSTS)("authenticate on $name", ({ start }) => {
	const endings: (() => unknown)[] = [];
	afterEach(async () => {
		for (const end of endings.splice(0)) await end();
	});

	async function startWith(
		authenticate: Authenticate,
		more: object = {},
	): Promise<RunningHost> {
		const running = await start({ authenticate, ...more });
		endings.push(() => running.stop());
		return running;
	}

	test.each<[string, Authenticate]>([
		["at once", (token) => (token === "good" ? {} : null)],
		["later", async (token) => (token === "good" ? {} : null)],
	])(
		"it decides %s, for WebSocket and HTTP [AUTH1]",
		async (_name, authenticate) => {
			const { url, httpUrl } = await startWith(authenticate);
			const client = await connect(`${url}?token=good`);
			await client.register("timmy");
			const refused = await connect(`${url}?token=bad`);
			expect(await refused.expectClosed()).toEqual({
				code: 4001,
				reason: "unauthorized",
			});
			const nobody = await connect(url);
			expect((await nobody.expectClosed()).code).toBe(4001);
			const status = `${httpUrl}/api/gateway/status`;
			expect((await fetch(`${status}?token=good`)).status).toBe(200);
			expect((await fetch(`${status}?token=bad`)).status).toBe(401);
			await client.expectNothing();
		},
	);

	test("it is given the token and the request [AUTH1]", async () => {
		const seen: unknown[] = [];
		const { url } = await startWith((token, { url, headers }) => {
			seen.push([token, url, headers["x-door"]]);
			return {};
		});
		await connect(`${url}?token=abc&b=1`, { headers: { "x-door": "back" } });
		await connect(url);
		expect(seen).toEqual([
			["abc", "/ws/matrix?token=abc&b=1", "back"],
			[undefined, "/ws/matrix", undefined],
		]);
	});

	/** As libraries throw it: with a property that holds what nobody means to print. */
	const broken = () =>
		Object.assign(new Error("no database"), { url: "/?token=s3cret" });

	test.each<[string, Authenticate, RegExp]>([
		[
			"throws",
			() => {
				throw broken();
			},
			/Error: no database\n\s+at .*authenticate\.test\.ts/,
		],
		[
			"rejects",
			() => Promise.reject(broken()),
			/Error: no database\n\s+at .*authenticate\.test\.ts/,
		],
		[
			"says that in no form",
			() => ({ agents: "timmy" }) as never,
			/TypeError: `authenticate` returns null, or an object/,
		],
		[
			"rejects with a text",
			() => Promise.reject("no database"),
			/\nno database/,
		],
		["rejects with nothing", () => Promise.reject(), /try again \(503\)$/m],
		["never answers", () => new Promise(() => {}), /longer than 100 ms/],
	])(
		"where it %s, the client gets 503 and may try again, and the host sees why [AUTH2]",
		async (_name, authenticate, why) => {
			const { url, httpUrl, logs } = await startWith(authenticate, {
				authenticateTimeout: 100,
			});
			expect(await statusOf(`${url}?token=s3cret`)).toBe(503);
			const answer = await fetch(`${httpUrl}/api/gateway/status`);
			expect(answer.status).toBe(503);
			expect(await answer.json()).toEqual({
				error: "authentication failed, try again",
				code: "try_again",
			});
			expect(logs()).toMatch(why);
			expect(logs()).not.toContain("s3cret");
		},
	);

	test("what arrives meanwhile waits, and a foreign page is not even asked for [AUTH2, CON3]", async () => {
		const waiting: ((grant: object) => void)[] = [];
		const { url } = await startWith(
			() => new Promise((resolve) => waiting.push(resolve)),
		);
		const peer = upgradeRaw(url);
		await until(
			() => waiting.length,
			(count) => count === 1,
		);
		expect(await statusOf(url, { origin: "http://evil.test" })).toBe(403);
		expect(waiting).toHaveLength(1);
		waiting[0]?.({});
		const { socket, nextMessage } = await peer;
		socket.write(textFrame({ type: "agent_register", agentId: "patient" }));
		await nextMessage("agent_registered");
		socket.destroy();
	});

	test("one who is gone before the answer, or said much before it, harms nobody [AUTH2]", async () => {
		const waiting: ((grant: object) => void)[] = [];
		const { url } = await startWith(
			() => new Promise((resolve) => waiting.push(resolve)),
		);
		const gone = openSocket(url);
		gone.write(handshake(url));
		await until(
			() => waiting.length,
			(count) => count === 1,
		);
		gone.resetAndDestroy();
		const hasty = openSocket(url);
		const register = textFrame({ type: "agent_register", agentId: "hasty" });
		const bark = textFrame({ type: "bark", blob: "x".repeat(100_000) });
		hasty.write(
			Buffer.concat([Buffer.from(handshake(url)), register, bark, bark]),
		);
		const watcher = connect(url);
		await until(
			() => waiting.length,
			(count) => count === 3,
		);
		for (const resolve of waiting) resolve({});
		const client = await watcher;
		// Who says something is a viewer at once.
		client.send({ type: "marker" });
		await client.skipTo("bark");
		await client.skipTo("bark");
		hasty.destroy();
		await client.next("agent_left");
	});

	test("a token bound to agents speaks for these alone [REG5, RT8, ERR1]", async () => {
		const { url } = await startWith((token) =>
			token === "any" ? {} : { agents: ["timmy"], roles: ["agent", "bridge"] },
		);
		const other = await connect(`${url}?token=any`);
		await other.register("perplexity");
		const timmy = await connect(`${url}?token=timmy`);
		await timmy.register("timmy", "bridge");
		await other.next("agent_joined");
		const refused: object[] = [
			{ type: "agent_register", agentId: "perplexity" },
			{ type: "agent_register", agentId: "timmy", role: "admin" },
			{ type: "bark", agentId: "perplexity" },
			{ type: "bark", agent_id: "perplexity", agentId: "timmy" },
		];
		for (const message of refused) {
			timmy.send(message);
			expect(await timmy.next("gateway_error")).toMatchObject({
				code: "forbidden",
			});
		}
		timmy.send({ type: "bark", agentId: "timmy" });
		await other.next("bark");
		await other.expectNothing();
	});
});
