/** Another token on the same connection. */
import { describe, expect, test } from "vitest";
import type { Refresh } from "../../src/core/gateway.ts";
import type { Grant } from "../../src/core/protocol/grant.ts";
import type { Client } from "./support/client.ts";
import { createWorld, MARKER, type World } from "./support/world.ts";

/** What a host makes of tokens, each once it is told to. */
function createJudge(grants: Readonly<Record<string, Grant>>) {
	const asked: string[] = [];
	const waiting: (() => void)[] = [];
	const refresh: Refresh = (token) => {
		asked.push(token);
		return new Promise((resolve, reject) =>
			waiting.push(() =>
				token === "broken"
					? reject(new Error(token))
					: resolve(grants[token] ?? null),
			),
		);
	};
	return {
		...{ asked, refresh },
		async judge() {
			for (const answer of waiting.splice(0)) answer();
			// A promise in a promise or two.
			for (let n = 0; n < 10; n++) await null;
		},
	};
}

type Judge = ReturnType<typeof createJudge>;

/** Shows a token, and has it judged. */
async function show(client: Client, token: unknown, { judge }: Judge) {
	client.send({ type: "auth_refresh", token });
	await judge();
	return client.messages();
}

function start(world: World, grant: Grant, given: Judge, resume?: true) {
	const client = world.connect(grant, false, given.refresh);
	client.send({ type: "agent_register", agentId: "timmy", resume });
	const [ack] = client.messages();
	return { client, session: ack?.session };
}

describe("auth_refresh", () => {
	test("AUTH6 a token that covers what is there takes the old one's place, with its end", async () => {
		const world = createWorld({ heartbeatInterval: 0 });
		const expires = world.host.now() + 10_000;
		const judge = createJudge({
			longer: { key: "b", agents: ["tim*"], expires: expires + 10_000 },
			endless: { key: "c" },
		});
		const { client } = start(world, { key: "a", expires }, judge);
		expect(await show(client, "longer", judge)).toEqual([
			{ type: "gateway_auth", expires: 20 },
		]);
		world.host.advance(15_000);
		expect(client.socket.closing).toBeUndefined();
		client.register("other");
		expect(client.messages()).toMatchObject([{ code: "forbidden" }]);
		expect(await show(client, "endless", judge)).toEqual([
			{ type: "gateway_auth" },
		]);
		world.gateway.regrant("a", null);
		world.gateway.regrant("b", null);
		world.host.advance(100_000);
		expect(client.socket.closing).toBeUndefined();
		world.gateway.regrant("c", null);
		client.settle();
		expect(client.socket.closing?.code).toBe(4003);
	});

	test.each([
		["wrong", "unauthorized"],
		["old", "unauthorized"],
		["revoked", "unauthorized"],
		["broken", "try_again"],
		["narrow", "forbidden"],
		["otherRole", "forbidden"],
		[undefined, "bad_message"],
		["", "bad_message"],
		[7, "bad_message"],
	])("AUTH6 what is refused changes nothing: %j is %s", async (token, code) => {
		const world = createWorld({ heartbeatInterval: 0 });
		const expires = world.host.now() + 10_000;
		const judge = createJudge({
			narrow: { agents: ["perplexity"] },
			otherRole: { roles: ["bridge"] },
			old: { expires: world.host.now() },
			revoked: { key: "digest of revoked" },
		});
		const { client } = start(world, { key: "a", expires }, judge);
		world.gateway.revoke("revoked");
		client.settle();
		expect(await show(client, token, judge)).toMatchObject([
			{ type: "gateway_error", code },
		]);
		expect(client.socket.closing).toBeUndefined();
		client.register("other");
		expect(client.types()).toEqual(["agent_registered", "agent_joined"]);
		world.host.advance(9_999);
		expect(client.socket.closing).toBeUndefined();
		world.host.advance(1_000);
		expect(client.socket.closing?.code).toBe(4101);
	});

	test("AUTH6 a viewer's too; what it registers afterwards is the new one's matter", async () => {
		const world = createWorld();
		const judge = createJudge({ narrow: { agents: ["timmy"] } });
		const viewer = world.connect({ key: "a" }, false, judge.refresh);
		expect(await show(viewer, "narrow", judge)).toMatchObject([
			{ type: "gateway_hello" },
			{ type: "gateway_auth" },
		]);
		viewer.register("other");
		expect(viewer.messages()).toMatchObject([{ code: "forbidden" }]);
	});

	test("AUTH6 one at a time, five at once, and then one in 10 s: the host is asked no more", async () => {
		const world = createWorld({ heartbeatInterval: 0 });
		const judge = createJudge({ good: {} });
		const { client } = start(world, {}, judge);
		const auth = { type: "auth_refresh", token: "good" };
		client.send(auth);
		client.send(auth);
		expect(client.messages()).toMatchObject([{ code: "rate_limited" }]);
		await judge.judge();
		expect(client.types()).toEqual(["gateway_auth"]);
		for (let n = 0; n < 4; n++) await show(client, "good", judge);
		expect(await show(client, "good", judge)).toMatchObject([
			{ code: "rate_limited" },
		]);
		expect(judge.asked).toHaveLength(5);
		world.host.advance(10_000);
		expect(await show(client, "good", judge)).toMatchObject([
			{ type: "gateway_auth" },
		]);
	});

	test("AUTH6 RES2 neither it nor its answer is counted, nor sent again; an error is", async () => {
		const world = createWorld();
		const judge = createJudge({ good: { key: "b" } });
		const { client, session } = start(world, { key: "a" }, judge, true);
		await show(client, "good", judge);
		await show(client, "wrong", judge);
		client.send({ type: "bark" });
		client.send({ type: "ping" });
		expect(client.messages()).toMatchObject([{ type: "pong", received: 1 }]);
		client.close(1006);
		const back = world.connect();
		const resume = { session, received: 0 };
		back.send({ type: "agent_register", agentId: "timmy", resume });
		expect(back.messages()).toMatchObject([
			{ type: "agent_registered", resumed: true, received: 1 },
			{ type: "agent_joined" },
			{ type: "gateway_error", code: "unauthorized" },
		]);
	});

	test("AUTH6 of one who is gone by then nothing comes", async () => {
		const world = createWorld();
		const judge = createJudge({ good: { expires: world.host.now() + 1e6 } });
		const { client } = start(world, {}, judge);
		const watcher = world.viewer();
		for (const token of ["good", "wrong", "broken"]) {
			const gone = world.connect({}, false, judge.refresh);
			gone.send({ type: "auth_refresh", token });
			gone.close();
		}
		client.send({ type: "auth_refresh", token: "good" });
		client.close();
		await judge.judge();
		world.host.turn();
		watcher.send(MARKER);
		expect(watcher.types()).toEqual(["agent_left"]);
		expect(world.host.timers).toBe(1);
	});

	test("RT6 where the host judges none it is not for clients to send", () => {
		const { agent } = createWorld();
		const timmy = agent("timmy");
		timmy.send({ type: "auth_refresh", token: "good" });
		expect(timmy.messages()).toMatchObject([{ code: "reserved_type" }]);
	});
});
