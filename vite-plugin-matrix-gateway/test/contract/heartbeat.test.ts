import { describe, expect, test } from "vitest";
import { OPCODE, textFrame } from "../support/frames.ts";
import { useGateway } from "../support/gateway.ts";
import { HOSTS } from "../support/hosts.ts";
import { MESSAGE_HOSTS, useMessages } from "../support/message-hosts.ts";

describe.each(HOSTS)("a heartbeat of one second on $name", (host) => {
	const gateway = useGateway(host, { heartbeatInterval: 1_000 });

	test("who vanishes without a close is found out, and who answers stays [HB1, HB2]", async () => {
		const viewer = await gateway.viewer();
		const silent = await gateway.rawAgent("silent");
		const pinged = new Promise((resolve) =>
			viewer.socket.once("ping", resolve),
		);
		await viewer.next("agent_joined");
		const start = performance.now();
		expect(await viewer.next("agent_left")).toMatchObject({
			agentId: "silent",
			reason: "heartbeat",
		});
		// A ping within a second, and a second in which nothing came back.
		expect(performance.now() - start).toBeLessThan(5_000);
		await pinged;
		expect((await gateway.status()).totals.pruned).toBe(1);
		await silent.hungUp;
		expect(await silent.closeCode()).toBe(1006);
		await viewer.expectNothing();
	});

	test("a message is a sign of life like a pong [HB2]", async () => {
		const viewer = await gateway.viewer();
		const talker = await gateway.rawAgent("talker");
		await viewer.next("agent_joined");
		// Over three protocol pings it answers with messages alone.
		for (let pings = 0; pings < 3; ) {
			const { opcode } = await talker.next();
			if (opcode !== OPCODE.ping) continue;
			pings++;
			talker.socket.write(textFrame({ type: "bark" }));
			await viewer.next("bark");
		}
		expect(await gateway.status()).toMatchObject({
			agents: [{ agentId: "talker" }],
		});
	});
});

describe.each(MESSAGE_HOSTS)(
	"a heartbeat as messages have it on $name",
	(host) => {
		const gateway = useMessages(host, { heartbeatInterval: 1_000 });

		test("the greeting tells the interval in seconds, and ping is answered with pong [HB3]", async () => {
			const client = await gateway.connect();
			expect(await client.register("timmy")).toMatchObject({ heartbeat: 1 });
			client.send({ type: "ping", anything: true });
			expect(await client.next()).toMatchObject({ type: "pong" });
		});
	},
);
