/** Tokens that allow less, or nothing, while somebody lives by them; and who is sent away. */
import { describe, expect, test } from "vitest";
import { MAX_REVOKED } from "../../src/core/world/revoked.ts";
import { createWorld, MARKER } from "./support/world.ts";

const FORBIDDEN = { code: 4003, reason: "forbidden" };
const UNAUTHORIZED = { code: 4001, reason: "unauthorized" };

const left = (agentId: string, reason = "revoked") => ({
	...{ type: "agent_left", agentId, reason },
});

/** The key of a token on the host of these tests. */
const keyOf = (token: string) => `digest of ${token}`;

describe("regrant", () => {
	test("AUTH5 what a key has no more is closed with 4003: agents, viewers and newcomers, and nobody else", () => {
		const { gateway, agent, connect, viewer } = createWorld();
		const mine = { key: "mine", name: "bridge" };
		const timmy = agent("timmy", "bridge", mine);
		const [reader, newcomer] = [viewer(mine), connect(mine)];
		const other = agent("other", "agent", { key: "other" });
		const watcher = viewer();
		gateway.regrant("mine", null);
		watcher.settle();
		for (const { socket } of [timmy, reader, newcomer])
			expect(socket.closing).toEqual(FORBIDDEN);
		other.send(MARKER);
		expect(watcher.messages()).toMatchObject([left("timmy"), MARKER]);
		expect(other.messages()).toMatchObject([left("timmy")]);
		expect(gateway.status().agents).toHaveLength(1);
	});

	test("AUTH5 RES6 a session ends with it, be its client there or away", () => {
		const { gateway, connect, viewer } = createWorld();
		const grant = { key: "mine" };
		const start = (agentId: string) => {
			const client = connect(grant);
			client.send({ type: "agent_register", agentId, resume: true });
			const [ack] = client.messages();
			return { client, session: ack?.session };
		};
		const here = start("here");
		const away = start("away");
		away.client.close(1006);
		const watcher = viewer();
		watcher.send({ type: "note", target_id: "away", receipt: "r" });
		expect(watcher.messages()).toMatchObject([{ status: "queued" }]);
		gateway.regrant("mine", null);
		expect(watcher.messages()).toMatchObject([
			left("here"),
			{ type: "gateway_receipt", id: "r", status: "dropped" },
			left("away"),
		]);
		for (const [agentId, { session }] of Object.entries({ here, away })) {
			const back = connect();
			const resume = { session, received: 0 };
			back.send({ type: "agent_register", agentId, resume });
			expect(back.messages()[0]).toMatchObject({ resumed: false });
		}
	});

	test("AUTH5 one that covers what is there takes the old one's place", () => {
		const { gateway, agent } = createWorld();
		const timmy = agent("timmy", "bridge", { key: "k", agents: ["timmy"] });
		gateway.regrant("k", { agents: ["timmy", "twin"], key: "k" });
		timmy.settle();
		timmy.register("twin");
		expect(timmy.types()).toEqual(["agent_registered", "agent_joined"]);
		gateway.regrant("k", { agents: ["timmy", "twin"], roles: ["*"] });
		timmy.settle();
		timmy.send({ type: "bark", agentId: "stranger" });
		expect(timmy.messages()).toMatchObject([{ code: "forbidden" }]);
		gateway.regrant("k", null);
		timmy.settle();
		expect(timmy.socket.closing).toEqual(FORBIDDEN);
	});

	test.each([
		{ why: "another agent", grant: { agents: ["tim*"] } },
		{ why: "another role", grant: { roles: ["bridge"] } },
		{ why: "another world", grant: { worlds: ["garden"] } },
	])("AUTH5 one for $why covers it not", ({ grant }) => {
		const { gateway, agent } = createWorld();
		const client = agent("timmy", "bridge", { key: "k" });
		client.register("other", "agent");
		client.messages();
		gateway.regrant("k", grant);
		client.settle();
		expect(client.socket.closing).toEqual(FORBIDDEN);
		expect(gateway.status().agents).toEqual([]);
	});

	test("AUTH5 nothing that it still says is done", () => {
		const { gateway, agent, viewer } = createWorld();
		const timmy = agent("timmy", "bridge", { key: "k" });
		const watcher = viewer();
		timmy.socket.answers = false;
		gateway.regrant("k", null);
		timmy.settle();
		timmy.send(MARKER);
		timmy.register("again");
		watcher.settle();
		expect(watcher.messages()).toMatchObject([left("timmy")]);
	});
});

describe("who is on the way in", () => {
	test("AUTH5 a grant is stale whose token was regranted since it was judged", () => {
		const { gateway, connect } = createWorld();
		const someone = connect();
		const before = gateway.regrants;
		gateway.regrant("mine", null);
		gateway.revoke("s3cret");
		someone.settle();
		const isStale = (key: string, since: number) =>
			gateway.isStale({ key }, since);
		expect(isStale("mine", before)).toBe(true);
		expect(isStale("mine", gateway.regrants)).toBe(false);
		expect(isStale(keyOf("s3cret"), before)).toBe(true);
		expect(isStale("other", before)).toBe(false);
		expect(gateway.isStale({}, before)).toBe(false);
	});

	test("AUTH5 where it is too long ago to know, it is", () => {
		const { gateway, connect } = createWorld();
		const someone = connect();
		const before = gateway.regrants;
		for (let n = 0; n < 1_100; n++) gateway.regrant(`key ${n}`, null);
		someone.settle();
		expect(gateway.isStale({ key: "other" }, before)).toBe(true);
		expect(gateway.isStale({ key: "other" }, gateway.regrants)).toBe(false);
	});
});

describe("revoke", () => {
	test("AUTH5 it ends what lives by the token, which lets nobody in any more", () => {
		const { gateway, agent, connect } = createWorld();
		const grant = { key: keyOf("s3cret") };
		const timmy = agent("timmy", "bridge", grant);
		expect(gateway.isRevoked(grant)).toBe(false);
		gateway.revoke("s3cret");
		timmy.settle();
		expect(timmy.socket.closing).toEqual(FORBIDDEN);
		expect(gateway.isRevoked(grant)).toBe(true);
		expect(gateway.isRevoked({ key: keyOf("other") })).toBe(false);
		expect(gateway.isRevoked({})).toBe(false);
		const late = connect(grant);
		late.register("timmy");
		expect(late.socket.closing).toEqual(UNAUTHORIZED);
		expect(late.messages()).toEqual([]);
		agent("timmy");
	});

	test("AUTH5 so many are remembered; that one is forgotten is told", () => {
		const { gateway, host, viewer } = createWorld();
		const watcher = viewer();
		const revoke = (token: string) => gateway.revoke(token);
		for (let n = 0; n < MAX_REVOKED; n++) revoke(`token ${n}`);
		revoke("token 0");
		watcher.settle();
		const isRevoked = (n: number) =>
			gateway.isRevoked({ key: keyOf(`token ${n}`) });
		const told = () => host.events.filter((one) => one.event === "unrevoked");
		expect(told()).toEqual([]);
		revoke("one more");
		watcher.settle();
		expect(told()).toHaveLength(1);
		expect([0, 1, 2].map(isRevoked)).toEqual([true, false, true]);
	});
});

describe("disconnect", () => {
	test("AUTH5 an agent's connection is closed with 4003 and its session ends; its token is as good as before", () => {
		const { gateway, connect, viewer, agent } = createWorld();
		const grant = { key: "k" };
		const timmy = connect(grant);
		timmy.send({ type: "agent_register", agentId: "timmy", resume: true });
		timmy.register("twin");
		timmy.messages();
		const watcher = viewer();
		expect(gateway.disconnect({ agentId: "twin" })).toBe(true);
		timmy.settle();
		expect(timmy.socket.closing).toEqual(FORBIDDEN);
		expect(watcher.messages()).toMatchObject([left("timmy"), left("twin")]);
		expect(gateway.disconnect({ agentId: "twin" })).toBe(false);
		agent("timmy", "agent", grant);
	});

	test("AUTH5 a connection by its id, with agents and without, and one that is away", () => {
		const { gateway, agent, viewer, connect } = createWorld();
		const clients = [agent("timmy"), viewer(), connect()];
		for (const { id, socket } of clients) {
			expect(gateway.disconnect({ connectionId: id })).toBe(true);
			clients[0]?.settle();
			expect(socket.closing).toEqual(FORBIDDEN);
			expect(gateway.disconnect({ connectionId: id })).toBe(false);
		}
		const away = connect();
		away.send({ type: "agent_register", agentId: "away", resume: true });
		away.close(1006);
		const watcher = viewer();
		expect(gateway.status().agents).toHaveLength(1);
		expect(gateway.disconnect({ connectionId: away.id })).toBe(true);
		expect(watcher.messages()).toMatchObject([left("away")]);
		expect(gateway.disconnect({ connectionId: "nobody" })).toBe(false);
	});
});
