import { describe, expect, test } from "vitest";
import { OPCODE, textFrame } from "../support/frames.ts";
import { useGateway } from "../support/gateway.ts";
import { HOSTS } from "../support/hosts.ts";
import { MESSAGE_HOSTS, useMessages } from "../support/message-hosts.ts";
import { until } from "../support/until.ts";

describe.each(MESSAGE_HOSTS)("presence on $name", (host) => {
	const gateway = useMessages(host);

	test("a new connection is sent nothing until it speaks [REG2]", async () => {
		const peer = await gateway.connect();
		const other = await gateway.agent("other");
		other.send({ type: "marker" });
		peer.send({ type: "agent_register", agentId: "timmy", role: "bridge" });
		const ack = await peer.next("agent_registered");
		expect(ack).toMatchObject({
			agents: [{ agentId: "other", role: "agent" }],
		});
	});

	test("registering answers with who else is here and what the rules are [REG2]", async () => {
		await gateway.agent("perplexity");
		await gateway.agent("page", "browser");
		const timmy = await gateway.connect();
		timmy.send({ type: "agent_register", agentId: "timmy", role: "bridge" });
		expect(await timmy.next()).toEqual({
			type: "agent_registered",
			agentId: "timmy",
			role: "bridge",
			connectionId: expect.stringMatching(/^.{8,}$/),
			agents: [
				{ agentId: "perplexity", role: "agent" },
				{ agentId: "page", role: "browser" },
			],
			heartbeat: 30,
			maxPayload: 262_144,
		});
		expect(await timmy.next()).toEqual({
			type: "agent_joined",
			agentId: "timmy",
			role: "bridge",
		});
	});

	test("a viewer may register later [REG4]", async () => {
		const client = await gateway.viewer();
		const ack = await client.register("late");
		expect(ack).toMatchObject({ agents: [] });
		expect(await gateway.status()).toMatchObject({
			viewers: 0,
			connections: 1,
		});
	});

	test("everyone is told who joins and who leaves, once each [PR1, PR2]", async () => {
		const viewer = await gateway.viewer();
		const timmy = await gateway.agent("timmy", "bridge");
		expect(await viewer.next()).toEqual({
			type: "agent_joined",
			agentId: "timmy",
			role: "bridge",
		});
		timmy.close(1000);
		expect(await viewer.next()).toEqual({
			type: "agent_left",
			agentId: "timmy",
			role: "bridge",
			reason: "closed",
		});
		expect(await timmy.expectClosed()).toMatchObject({ code: 1000 });
		await viewer.expectNothing();
	});

	test("a socket that is cut off has left just the same [PR2]", async () => {
		const viewer = await gateway.viewer();
		const timmy = await gateway.agent("timmy");
		await viewer.next("agent_joined");
		timmy.terminate();
		expect(await viewer.next("agent_left")).toMatchObject({ reason: "closed" });
	});

	test("one connection drives many minds [REG3]", async () => {
		const viewer = await gateway.viewer();
		const dashboard = await gateway.agent("one");
		await dashboard.register("two");
		for (const agentId of ["one", "two"])
			expect(await viewer.next("agent_joined")).toMatchObject({ agentId });
		viewer.send({ type: "note", target_id: "two" });
		expect(await dashboard.next("note")).toMatchObject({ target_id: "two" });
		dashboard.send({ type: "agent_unregister", agentId: "one" });
		for (const client of [viewer, dashboard])
			expect(await client.next("agent_left")).toMatchObject({
				agentId: "one",
				reason: "unregistered",
			});
		dashboard.close();
		expect(await viewer.next("agent_left")).toMatchObject({
			agentId: "two",
			reason: "closed",
		});
		await viewer.expectNothing();
	});

	test("the 65th agent of a connection is one too many [REG1]", async () => {
		const dashboard = await gateway.connect();
		for (let n = 1; n <= 64; n++) await dashboard.register(`mind-${n}`);
		dashboard.send({ type: "agent_register", agentId: "mind-65" });
		expect(await dashboard.next("gateway_error")).toMatchObject({
			code: "too_many_agents",
			agentId: "mind-65",
		});
		const { agents } = await gateway.status();
		expect(agents).toHaveLength(64);
	});

	test("a name registered again on its own connection is an update [REG3]", async () => {
		const viewer = await gateway.viewer();
		const timmy = await gateway.agent("timmy", "bridge");
		await viewer.next("agent_joined");
		timmy.send({ type: "agent_register", agentId: "timmy", role: "bridge" });
		await timmy.next("agent_registered");
		timmy.send({ type: "agent_register", agentId: "timmy", role: "poet" });
		await timmy.next("agent_registered");
		for (const client of [viewer, timmy]) {
			expect(await client.next("agent_left")).toMatchObject({
				role: "bridge",
				reason: "replaced",
			});
			expect(await client.next("agent_joined")).toMatchObject({ role: "poet" });
			await client.expectNothing();
		}
	});

	test("the newest connection of a name wins, and the loser is told to stay away [REG5]", async () => {
		const viewer = await gateway.viewer();
		const loser = await gateway.agent("timmy");
		await viewer.next("agent_joined");
		const winner = await gateway.connect();
		winner.send({ type: "agent_register", agentId: "timmy" });
		await winner.next("agent_registered");
		expect(await loser.next()).toEqual({
			type: "gateway_replaced",
			agentId: "timmy",
		});
		expect(await loser.expectClosed()).toEqual({
			code: 4009,
			reason: "replaced by a newer connection",
		});
		viewer.send({ type: "note", target_id: "timmy" });
		await winner.next("note");
		await viewer.expectNothing();
	});

	test("a loser that has other agents stays, and loses only the one [REG5]", async () => {
		const dashboard = await gateway.agent("one");
		await dashboard.register("two");
		const taker = await gateway.connect();
		taker.send({ type: "agent_register", agentId: "two" });
		await taker.next("agent_registered");
		expect(await dashboard.next("gateway_replaced")).toMatchObject({
			agentId: "two",
		});
		await dashboard.expectNothing();
		taker.send({ type: "note", target_id: "one" });
		await dashboard.next("note");
	});

	test("joined and left alternate for a name that many fight over [PR1]", async () => {
		const viewer = await gateway.viewer();
		const fighters = await Promise.all(
			Array.from({ length: 30 }, () => gateway.connect()),
		);
		for (const { close, send } of fighters) {
			send({ type: "agent_register", agentId: "prize" });
			if (Math.random() < 0.5) close();
		}
		for (const { close } of fighters) close();
		await Promise.all(fighters.map(({ closed }) => closed));
		await until(gateway.status, ({ connections }) => connections === 1);
		viewer.send({ type: "ping" });
		const types: string[] = [];
		for (;;) {
			const { type } = await viewer.next();
			if (type === "pong") break;
			types.push(type);
		}
		expect(types.length).toBeGreaterThan(0);
		expect(types).toEqual(
			types.map((_, index) => (index % 2 ? "agent_left" : "agent_joined")),
		);
		expect(types.at(-1)).toBe("agent_left");
	});

	test("`agent_id` is read as an alias of `agentId` [REG1]", async () => {
		const client = await gateway.connect();
		client.send({ type: "agent_register", agent_id: "bark-bot" });
		expect(await client.next("agent_registered")).toMatchObject({
			agentId: "bark-bot",
			role: "agent",
		});
	});

	test.each([
		["of 128 bytes", "a".repeat(128)],
		["of 32 four-byte characters", "🌳".repeat(32)],
		["that is a property of objects", "__proto__"],
		["with quotes, slashes and spaces", ' a"b\\c/<d> '],
	])(
		"a name %s is taken and comes back as it was [REG1]",
		async (_name, agentId) => {
			const viewer = await gateway.viewer();
			const client = await gateway.agent(agentId);
			expect(await viewer.next("agent_joined")).toMatchObject({ agentId });
			viewer.send({ type: "note", target_id: agentId });
			await client.next("note");
			expect(await gateway.status()).toMatchObject({ agents: [{ agentId }] });
		},
	);
});

describe.each(HOSTS)("a name that is taken over on $name", (host) => {
	const gateway = useGateway(host);

	test("the late end of a loser's socket changes nothing [REG5]", async () => {
		const viewer = await gateway.viewer();
		const loser = await gateway.raw();
		const register = textFrame({ type: "agent_register", agentId: "timmy" });
		loser.socket.write(register);
		await loser.nextMessage("agent_registered");
		await loser.nextMessage("agent_joined");
		await viewer.next("agent_joined");
		const winner = await gateway.connect();
		winner.send({ type: "agent_register", agentId: "timmy" });
		await winner.next("agent_registered");
		await loser.nextMessage("gateway_replaced");
		expect((await loser.next()).opcode).toBe(OPCODE.close);
		// It does not answer the close, goes on talking, and takes the name back: none of it counts.
		loser.socket.write(textFrame({ type: "bark", from: "the loser" }));
		loser.socket.write(register);
		loser.socket.resetAndDestroy();
		await until(gateway.status, ({ connections }) => connections === 2);
		viewer.send({ type: "note", target_id: "timmy" });
		await winner.next("note");
		await viewer.expectNothing();
	});
});

describe.each(MESSAGE_HOSTS)("silence on $name", (host) => {
	const gateway = useMessages(host, { registerTimeout: 250 });

	test("it makes a viewer, which is greeted and then gets all since it opened [REG4, REG6]", async () => {
		const timmy = await gateway.agent("timmy");
		const viewer = await gateway.connect();
		// Both connections are open: what timmy says now is since then.
		await timmy.expectNothing();
		timmy.send({ type: "bark", n: 1 });
		timmy.send({ type: "bark", n: 2 });
		expect(await viewer.next("gateway_hello")).toEqual({
			type: "gateway_hello",
			protocol: 1,
			connectionId: expect.stringMatching(/^.{8,}$/),
			agents: [{ agentId: "timmy", role: "agent" }],
			heartbeat: 30,
			maxPayload: 262_144,
		});
		expect(await viewer.next("bark")).toMatchObject({ n: 1 });
		expect(await viewer.next("bark")).toMatchObject({ n: 2 });
	});
});

describe.each(MESSAGE_HOSTS)("required registration on $name", (host) => {
	const gateway = useMessages(host, {
		requireRegistration: true,
		// Time enough to register, on a busy machine too.
		registerTimeout: 1_000,
	});

	test("who does not register in time is closed with 4008 [REG4]", async () => {
		const silent = await gateway.connect();
		const talker = await gateway.connect();
		talker.send({ type: "bark" });
		expect(await talker.next("gateway_error")).toMatchObject({
			code: "forbidden",
		});
		for (const client of [silent, talker])
			expect(await client.expectClosed()).toEqual({
				code: 4008,
				reason: "registration deadline",
			});
	});

	test("who registers in time stays [REG4]", async () => {
		const timmy = await gateway.agent("timmy");
		const late = await gateway.connect();
		await late.expectClosed();
		await timmy.expectNothing();
	});

	test("who gives its last agent up has the deadline again [REG4]", async () => {
		const timmy = await gateway.agent("timmy");
		timmy.send({ type: "agent_unregister", agentId: "timmy" });
		await timmy.skipTo("agent_left");
		expect(await timmy.expectClosed()).toMatchObject({ code: 4008 });
	});
});
