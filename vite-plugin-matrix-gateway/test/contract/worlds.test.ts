/** Worlds of one host: nothing of any kind crosses, and each is where it has to be. */
import { describe, expect, test } from "vitest";
import type { Grant } from "../../src/core/protocol/grant.ts";
import { connect, type Message, statusOf } from "../support/client.ts";
import { type TestGateway, useGateway } from "../support/gateway.ts";
import { HOSTS, VITE_HOSTS } from "../support/hosts.ts";
import { request } from "../support/request.ts";
import { until } from "../support/until.ts";

const WORLDS = ["garden", "plaza"] as const;

describe.each(HOSTS)("worlds on $name", (host) => {
	const gateway = useGateway(host, { worlds: WORLDS });
	const agent = (agentId: string, world?: string) =>
		gateway.agent(agentId, undefined, world);

	test("WLD1 a broadcast reaches those of its world alone", async () => {
		const ada = await agent("ada", "garden");
		const eve = await gateway.viewer({ world: "garden" });
		const bob = await agent("bob", "plaza");
		const carl = await agent("carl");
		const viewer = await gateway.viewer({ world: "plaza" });
		ada.send({ type: "bark", text: "in the garden" });
		expect(await eve.next("bark")).toMatchObject({ text: "in the garden" });
		for (const other of [bob, carl, viewer]) await other.expectNothing();
		carl.send({ type: "bark", text: "at the path itself" });
		await carl.expectNothing();
		for (const other of [ada, eve, bob, viewer]) await other.expectNothing();
	});

	test("WLD1 a name is another agent's in each: directed messages, takeovers and updates stay", async () => {
		const [one, two, three] = [
			await agent("timmy", "garden"),
			await agent("timmy", "plaza"),
			await agent("timmy"),
		];
		const ada = await agent("ada", "garden");
		await one.next("agent_joined");
		ada.send({ type: "note", target_id: "timmy" });
		await one.next("note");
		for (const other of [two, three]) await other.expectNothing();
		const next = await gateway.connect({ world: "plaza" });
		next.send({ type: "agent_register", agentId: "timmy" });
		await next.next("agent_registered");
		await two.next("gateway_replaced");
		expect(await two.expectClosed()).toMatchObject({ code: 4009 });
		for (const other of [one, three, next]) await other.expectNothing();
	});

	test("WLD1 who is in another world is offline, in errors and in receipts", async () => {
		await agent("ada", "plaza");
		const bob = await agent("bob", "garden");
		bob.send({ type: "note", target_id: "ada" });
		expect(await bob.next("gateway_error")).toMatchObject({
			...{ code: "target_offline", target_id: "ada" },
		});
		bob.send({ type: "note", target_id: "ada", receipt: "r" });
		expect(await bob.next("gateway_receipt")).toMatchObject({
			...{ id: "r", status: "offline" },
		});
	});

	test("WLD1 a roster, and who joins and leaves, is that of its world", async () => {
		const ada = await agent("ada", "garden");
		const bob = await agent("bob", "plaza");
		const viewer = await gateway.connect({ world: "plaza" });
		viewer.send({ type: "ping" });
		expect(await viewer.next("gateway_hello")).toMatchObject({
			agents: [{ agentId: "bob", role: "agent" }],
		});
		await viewer.next("pong");
		ada.send({ type: "agent_unregister", agentId: "ada" });
		await ada.next("agent_left");
		for (const other of [bob, viewer]) await other.expectNothing();
	});

	test("WLD1 what is retained is there for newcomers of its world alone", async () => {
		const ada = await agent("ada", "garden");
		ada.send({ type: "plant", retain: { key: "oak" } });
		await ada.expectNothing();
		const greeted = async (world?: string): Promise<Message[]> => {
			const client = await gateway.connect({ world });
			client.send({ type: "ping" });
			const got: Message[] = [await client.next("gateway_hello")];
			while (got.at(-1)?.type !== "pong") got.push(await client.next());
			return got.slice(1, -1);
		};
		expect(await greeted("garden")).toMatchObject([{ type: "plant" }]);
		expect(await greeted("plaza")).toEqual([]);
		expect(await greeted()).toEqual([]);
		ada.send({ type: "fell", retain: { clear: "oak" } });
		await ada.expectNothing();
	});

	test("RES4 WLD1 a session is nobody's in another world, and goes on in its own", async () => {
		const ada = await gateway.connect({ world: "garden" });
		ada.send({ type: "agent_register", agentId: "ada", resume: true });
		const { session } = await ada.next("agent_registered");
		await ada.next("agent_joined");
		ada.terminate();
		await until(
			() => gateway.status("garden"),
			({ agents }) => agents[0]?.state === "detached",
		);
		const resume = { session, received: 1 };
		const elsewhere = await gateway.connect({ world: "plaza" });
		elsewhere.send({ type: "agent_register", agentId: "ada", resume });
		expect(await elsewhere.next("agent_registered")).toMatchObject({
			resumed: false,
		});
		await elsewhere.next("agent_joined");
		const again = await gateway.connect({ world: "garden" });
		again.send({ type: "agent_register", agentId: "ada", resume });
		expect(await again.next("agent_registered")).toMatchObject({
			resumed: true,
		});
		for (const client of [elsewhere, again]) {
			client.send({ type: "agent_unregister", agentId: "ada" });
			await client.next("agent_left");
		}
	});

	test("HTTP1 the status of each has its own agents, counts and totals", async () => {
		const before = await gateway.status("plaza");
		const ada = await agent("ada", "garden");
		await gateway.viewer({ world: "garden" });
		ada.send({ type: "bark" });
		await ada.expectNothing();
		const garden = await gateway.status("garden");
		expect(garden).toMatchObject({
			...{ world: "garden", worlds: ["default", "garden", "plaza"] },
			...{ agents: [{ agentId: "ada" }], viewers: 1, connections: 2 },
		});
		const plaza = await gateway.status("plaza");
		expect(plaza).toMatchObject({ agents: [], viewers: 0, connections: 0 });
		expect(plaza.totals).toEqual(before.totals);
		const plain = await request(`${gateway.httpUrl}/api/gateway/status`);
		expect(JSON.parse(plain.body)).toMatchObject({
			...{ world: "default", agents: [] },
		});
	});

	test.each(["moon", "Garden", "", "..", "garden/"])(
		"HTTP3 the status of %j is not there",
		async (world) => {
			const url = `${gateway.httpUrl}/api/gateway/status?world=${world}`;
			expect(await request(url)).toMatchObject({
				status: 404,
				body: '{"error":"no such world"}',
			});
		},
	);

	test("WLD1 /default is the path itself", async () => {
		await agent("ada", "default");
		expect((await gateway.status()).agents).toMatchObject([{ agentId: "ada" }]);
	});

	test.each(["moon", "Garden", "gard%65n", "-", ".a", "a".repeat(65)])(
		"WLD2 a world %j is not there, and its name in no log where it is none",
		async (world) => {
			const url = `${gateway.url}/${world}?token=s3cret`;
			expect(await statusOf(url)).toBe(404);
			await until(gateway.logs, (logs) => logs.includes("no such world"));
			expect(gateway.logs()).not.toMatch(/s3cret|%65|Garden/);
		},
	);

	test("HTTP5 the log has the world of what happens, where it is not default", async () => {
		const name = `log-${host.name.replaceAll(" ", "-")}`;
		await agent(name, "garden");
		await agent(`${name}-too`);
		const logs = await until(gateway.logs, (text) => text.includes("-too"));
		const lines = logs.split("\n").filter((line) => line.includes(name));
		const [inGarden] = lines.filter((line) => !line.includes("-too"));
		expect(inGarden).toMatch(/"world":"garden"|garden: log/);
		for (const line of lines.filter((line) => line.includes("-too")))
			expect(line).not.toMatch(/world|garden/);
	});
});

describe.each(HOSTS)(
	"worlds that are made at their first use, on $name",
	(host) => {
		const gateway = useGateway(host, {
			worlds: "*",
			maxWorlds: 2,
			worldIdle: 50,
		});

		test("WLD3 are bounded, told apart, and gone when nobody has been there for a while", async () => {
			const one = await gateway.agent("ada", undefined, "one");
			await gateway.agent("ada", undefined, "two");
			const asked = Array.from({ length: 50 }, (_, index) =>
				statusOf(`${gateway.url}/x${index}`),
			);
			expect(new Set(await Promise.all(asked))).toEqual(new Set([503]));
			expect((await gateway.status()).worlds).toEqual([
				"default",
				"one",
				"two",
			]);
			one.terminate();
			await until(
				() => gateway.status(),
				({ worlds }) => !worlds.includes("one"),
			);
			await gateway.agent("ada", undefined, "three");
		});
	},
);

describe.each(HOSTS)("a host with worlds that ends, $name", (host) => {
	test("SH1 WLD1 closes all of them at once", async () => {
		const running = await host.start({ worlds: WORLDS });
		const clients = await Promise.all(
			["", "/garden", "/plaza"].map((path) => connect(running.url + path)),
		);
		for (const client of clients) await client.register("ada");
		const stopped = running.stop();
		for (const client of clients) {
			await client.next("gateway_shutdown");
			expect(await client.expectClosed()).toMatchObject({ code: 1001 });
		}
		await stopped;
	});
});

const GRANTS: Readonly<Record<string, Grant>> = {
	all: {},
	gardener: { worlds: ["garden"] },
	nobody: { worlds: [] },
};

describe.each(VITE_HOSTS)("grants for worlds on $name", ({ name, start }) => {
	const isVite = true;
	const gateway: TestGateway = useGateway(
		{
			name,
			isVite,
			start: (options) =>
				start({
					...options,
					authenticate: (token = "all") => GRANTS[token] ?? null,
				}),
		},
		{ worlds: WORLDS },
	);
	const status = async (token: string, world: string) => {
		const url = `${gateway.httpUrl}/api/gateway/status?world=${world}`;
		return request(url, { authorization: `Bearer ${token}` });
	};

	test.each([
		["gardener", undefined],
		["gardener", "plaza"],
		["gardener", "default"],
		["nobody", "garden"],
	])("WLD4 CL1 %s may not enter %s, and can read why", async (token, world) => {
		const client = await gateway.connect({ world, query: `?token=${token}` });
		expect(await client.expectClosed()).toEqual({
			...{ code: 4003, reason: "forbidden" },
		});
		await until(gateway.logs, (logs) => logs.includes("(4003)"));
	});

	test("WLD4 who may enter one world is there like anybody else", async () => {
		const client = await gateway.connect({
			...{ world: "garden", query: "?token=gardener" },
		});
		await client.register("ada");
	});

	test("HTTP3 WLD4 the status tells of no others", async () => {
		expect(JSON.parse((await status("gardener", "garden")).body)).toMatchObject(
			{
				...{ world: "garden", worlds: ["garden"] },
			},
		);
		for (const world of ["default", "plaza", "moon"])
			expect(await status("gardener", world)).toMatchObject({
				status: 403,
				body: '{"error":"forbidden"}',
			});
		expect(JSON.parse((await status("all", "default")).body)).toMatchObject({
			worlds: ["default", "garden", "plaza"],
		});
	});
});
