/** What outlives a message or a connection: sessions, receipts and retained messages. */
import { describe, expect, test } from "vitest";
import { type MessageClient, registerSession } from "../support/client.ts";
import {
	type Conversations,
	MESSAGE_HOSTS,
	useMessages,
} from "../support/message-hosts.ts";
import { until } from "../support/until.ts";

/** Cuts a client off, and waits until the gateway knows. */
async function drop(
	gateway: Conversations,
	client: MessageClient,
): Promise<void> {
	client.terminate();
	await until(gateway.status, ({ agents }) =>
		agents.some(({ state }) => state === "detached"),
	);
}

describe.each(MESSAGE_HOSTS)("a session on $name", (host) => {
	const gateway = useMessages(host);

	test("RES3 goes on after a drop with all that was missed, and others notice nothing", async () => {
		const sender = await gateway.agent("sender");
		const timmy = await gateway.connect();
		const { session } = await registerSession(timmy, "timmy");
		await timmy.next("agent_joined");
		await sender.next("agent_joined");
		sender.send({ type: "before" });
		await timmy.next("before");
		await drop(gateway, timmy);
		sender.send({ type: "all", n: 1 });
		sender.send({ type: "one", target_id: "timmy" });
		sender.send({ type: "all", n: 2 });
		await sender.expectNothing();
		const again = await gateway.connect();
		// Its own joined and `before` had come.
		const ack = await registerSession(again, "timmy", { session, received: 2 });
		expect(ack).toMatchObject({ resumed: true });
		expect(await again.next("all")).toMatchObject({ n: 1 });
		await again.next("one");
		expect(await again.next("all")).toMatchObject({ n: 2 });
		await again.expectNothing();
		again.send({ type: "bark" });
		expect(await sender.next()).toEqual({ type: "bark" });
		again.send({ type: "agent_unregister", agentId: "timmy" });
		await sender.next("agent_left");
	});

	test("RES4 that nobody knows is told to its client, which is registered anew", async () => {
		const timmy = await gateway.connect();
		const claim = { session: "no such session", received: 3 };
		const ack = await registerSession(timmy, "timmy", claim);
		expect(ack).toMatchObject({ resumed: false, agents: [] });
		expect(ack.session).not.toBe(claim.session);
		await timmy.next("agent_joined");
	});
});

describe.each(MESSAGE_HOSTS)("a receipt on $name", (host) => {
	const gateway = useMessages(host);

	test("RCPT1 RCPT2 says what became of a directed message", async () => {
		const sender = await gateway.agent("sender");
		const timmy = await gateway.connect();
		const { session } = await registerSession(timmy, "timmy");
		await sender.next("agent_joined");
		const send = (receipt: string, target_id: string) =>
			sender.send({ type: "note", target_id, receipt });
		const status = async () => {
			const { id, status } = await sender.next("gateway_receipt");
			return [id, status];
		};
		send("1", "timmy");
		expect(await status()).toEqual(["1", "delivered"]);
		send("2", "nobody");
		expect(await status()).toEqual(["2", "offline"]);
		await drop(gateway, timmy);
		send("3", "timmy");
		expect(await status()).toEqual(["3", "queued"]);
		const again = await gateway.connect();
		await registerSession(again, "timmy", { session, received: 2 });
		await again.next("note");
		expect(await status()).toEqual(["3", "delivered"]);
		again.send({ type: "agent_unregister", agentId: "timmy" });
		await sender.next("agent_left");
	});
});

describe.each(MESSAGE_HOSTS)("what is retained on $name", (host) => {
	const gateway = useMessages(host);

	test("RET1 is what newcomers get, the last of each key, until it is cleared", async () => {
		const timmy = await gateway.agent("timmy");
		const texts = ["one", "two"].map(
			(id) =>
				`{"type":"scene_add","retain":{"key":"scene/${id}"}, "id":"${id}"}`,
		);
		timmy.send(texts[0] ?? "");
		timmy.send(texts[1] ?? "");
		const last = ' {"type":"scene_update","retain":{"key":"scene/one"}}';
		timmy.send(last);
		await timmy.expectNothing();
		const late = await gateway.connect();
		late.send({ type: "agent_register", agentId: "late" });
		await late.next("agent_registered");
		const scene = [await late.nextText(), await late.nextText()];
		expect(scene.sort()).toEqual([last, texts[1]].sort());
		await late.next("agent_joined");
		timmy.send({ type: "scene_clear", retain: { clear: "scene/" } });
		await late.next("scene_clear");
		// A viewer takes the greeting and its own pong, and nothing between them.
		await gateway.viewer();
	});
});
