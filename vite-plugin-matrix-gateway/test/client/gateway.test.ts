/** The client and the gateway itself, over real sockets: that both read the rules alike. */
import type { Server } from "node:http";
import { expect, it } from "vitest";
import type { Gateway } from "../../src/core/gateway.ts";
import type { AttachOptions } from "../../src/node/attach.ts";
import { attach } from "../../src/node/attach.ts";
import { createGateway } from "../../src/node/host.ts";
import { connect, hear, listen, reach } from "./real.ts";

async function start(
	options: AttachOptions = {},
): Promise<{ server: Server; gateway: Gateway }> {
	const server = await listen();
	const gateway = createGateway();
	attach(server, gateway, options);
	return { server, gateway };
}

it("registers, sees who is there and speaks to one of them [REG2, RT2]", async () => {
	const { server } = await start();
	const timmy = connect(server, { agentId: "timmy", role: "mind" });
	await reach(timmy, "online");
	const perplexity = connect(server, { agentId: "perplexity" });
	await reach(perplexity, "online");
	expect([...perplexity.agents.keys()]).toEqual(["timmy", "perplexity"]);
	timmy.on("agent_message", (message) =>
		timmy.reply(message, { type: "agent_message", text: "A garden." }),
	);
	const question = { type: "agent_message", text: "What?" } as const;
	expect(await perplexity.request("timmy", question)).toMatchObject({
		text: "A garden.",
	});
	expect([...timmy.agents.keys()]).toEqual(["timmy", "perplexity"]);
});

it("is a viewer without an agentId, and at once [REG4]", async () => {
	const { server } = await start();
	const viewer = connect(server);
	const hello = hear(viewer, "gateway_hello");
	const pong = hear(viewer, "pong");
	// The ping made it a viewer, not the deadline: its hello comes before the pong.
	expect(await Promise.race([hello, pong])).toMatchObject({
		type: "gateway_hello",
	});
	const agent = connect(server, { agentId: "timmy" });
	await hear(viewer, "agent_joined");
	viewer.send({ type: "visitor_message", text: "Hi" });
	expect(await hear(agent, "visitor_message")).toMatchObject({ text: "Hi" });
});

it("rejects a request to nobody [RT3]", async () => {
	const { server } = await start();
	const client = connect(server, { agentId: "timmy" });
	await expect(
		client.request("nobody", { type: "agent_message", text: "?" }),
	).rejects.toMatchObject({ code: "target_offline" });
});

it("gives its name up to a newer connection and stays away [REG5]", async () => {
	const { server } = await start();
	const first = connect(server, { agentId: "timmy" });
	await reach(first, "online");
	const replaced = hear(first, "gateway_replaced");
	const refused = reach(first, "refused");
	const second = connect(server, { agentId: "timmy" });
	await reach(second, "online");
	expect(await replaced).toMatchObject({ agentId: "timmy" });
	expect(await refused).toMatchObject({ code: 4009 });
	expect(second.state.status).toBe("online");
});

it("is refused with a wrong token, and let in with the right one [CON4]", async () => {
	const { server } = await start({ token: "right" });
	expect(
		await reach(connect(server, { token: "wrong" }), "refused"),
	).toMatchObject({ code: 4001, reason: "unauthorized" });
	await reach(connect(server, { token: () => "right" }), "online");
});

it("is refused with a name that is none [REG1]", async () => {
	const { server } = await start();
	const state = await reach(connect(server, { agentId: "" }), "refused");
	expect(state).toMatchObject({ reason: expect.stringContaining("agentId") });
});

it("comes back after a restart and sends what waited [SH1]", async () => {
	const { server, gateway } = await start();
	const client = connect(server, { agentId: "timmy" });
	await reach(client, "online");
	const offline = reach(client, "offline");
	await gateway.close({ reason: "restart", reconnectAfter: 0 });
	expect(await offline).toMatchObject({ code: 1012, retryIn: 0 });
	server.removeAllListeners("upgrade");
	attach(server, createGateway());
	const listener = connect(server, { agentId: "listener" });
	const heard = hear(listener, "bark");
	await reach(listener, "online");
	client.send({ type: "bark", text: "back again" });
	expect(await heard).toMatchObject({ text: "back again" });
});
