/** The client and the gateway itself, over real sockets: that both read the rules alike. */
import type { Server } from "node:http";
import { expect, it, onTestFinished, vi } from "vitest";
import { WebSocket } from "ws";
import type { Gateway } from "../../src/core/gateway.ts";
import type { AttachOptions } from "../../src/node/attach.ts";
import { attach } from "../../src/node/attach.ts";
import { createGateway } from "../../src/node/create-gateway.ts";
import type { NodeGatewayEvent } from "../../src/node/node-gateway.ts";
import { LONG_SILENCE } from "../support/silence.ts";
import { stubPage } from "./page.ts";
import { connect, hear, listen, reach } from "./real.ts";

async function start(
	options: AttachOptions = {},
	onEvent: (event: NodeGatewayEvent) => void = () => {},
): Promise<{ server: Server; gateway: Gateway; detach: () => void }> {
	const server = await listen();
	const gateway = createGateway({ onEvent, registerTimeout: LONG_SILENCE });
	const detach = attach(server, gateway, options);
	return { server, gateway, detach };
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
	const { server, gateway, detach } = await start();
	const client = connect(server, { agentId: "timmy" });
	await reach(client, "online");
	const offline = reach(client, "offline");
	await gateway.close({ reason: "restart", reconnectAfter: 0 });
	expect(await offline).toMatchObject({ code: 1012, retryIn: 0 });
	detach();
	attach(server, createGateway());
	const listener = connect(server, { agentId: "listener" });
	const heard = hear(listener, "bark");
	await reach(listener, "online");
	client.send({ type: "bark", text: "back again" });
	expect(await heard).toMatchObject({ text: "back again" });
});

/** A WebSocket that the test can break, and keep from being made anew. */
function createBreakable() {
	let current: WebSocket | undefined;
	let isBroken = false;
	class Breakable extends WebSocket {
		constructor(url: string, protocols: string[]) {
			if (isBroken) throw new Error("broken");
			super(url, protocols);
			current = this;
		}
	}
	return {
		Breakable,
		drop: () => current?.terminate(),
		kill() {
			isBroken = true;
			current?.terminate();
		},
	};
}

it("resumes without anybody seeing it go, and gets what came meanwhile [RES3]", async () => {
	const { server } = await start();
	const { Breakable, drop } = createBreakable();
	const backoff = { min: 1, max: 1 };
	const options = { agentId: "timmy", WebSocket: Breakable, backoff };
	const timmy = connect(server, options);
	await reach(timmy, "online");
	const other = connect(server, { agentId: "other" });
	await hear(other, "agent_joined");
	const seen: string[] = [];
	other.on("*", ({ type }) => seen.push(type));
	const marker = hear(timmy, "marker");
	const resumed = reach(timmy, "online");
	drop();
	other.send({ type: "marker" });
	await marker;
	expect(await resumed).toEqual({ status: "online", resumed: true });
	const last = hear(other, "last");
	timmy.send({ type: "last" });
	await last;
	expect(seen).toEqual(["last"]);
});

it("tells what became of a delivery, to an agent that is away too [RCPT]", async () => {
	let letIn: (value?: unknown) => void = () => {};
	const isLetIn = new Promise((resolve) => {
		letIn = resolve;
	});
	let isAway: (value?: unknown) => void = () => {};
	const isDetached = new Promise((resolve) => {
		isAway = resolve;
	});
	let count = 0;
	const authenticate = async (token?: string) => {
		if (token === "timmy" && ++count > 1) await isLetIn;
		return {};
	};
	const { server } = await start(
		{ authenticate },
		({ event }) => event === "detached" && isAway(),
	);
	const { Breakable, drop } = createBreakable();
	const timmy = connect(server, {
		...{ agentId: "timmy", token: "timmy", WebSocket: Breakable },
		backoff: { min: 1, max: 1 },
	});
	await reach(timmy, "online");
	const other = connect(server, { agentId: "other" });
	await reach(other, "online");
	const news = { type: "agent_message", text: "Done." } as const;
	expect(await other.deliver("nobody", news)).toBe("offline");
	expect(await other.deliver("timmy", news)).toBe("delivered");

	drop();
	await isDetached;
	const receipts: unknown[] = [];
	const isQueued = new Promise((resolve) => {
		other.on("gateway_receipt", ({ status }) => {
			receipts.push(status);
			if (status === "queued") resolve(status);
		});
	});
	const delivery = other.deliver("timmy", news);
	await isQueued;
	const heard = hear(timmy, "agent_message");
	letIn();
	expect(await delivery).toBe("delivered");
	expect(receipts).toEqual(["queued", "delivered"]);
	expect(await heard).toMatchObject(news);
});

it("goes on after a reload, and sees the world again [RES3, RET]", async () => {
	const page = stubPage();
	onTestFinished(() => void vi.unstubAllGlobals());
	const { server } = await start();
	const { Breakable, kill } = createBreakable();
	const backoff = { min: 1, max: 1 };
	const options = { agentId: "timmy", keepSession: true, backoff };
	const old = connect(server, { ...options, WebSocket: Breakable });
	await reach(old, "online");
	const builder = connect(server, { agentId: "builder" });
	await reach(builder, "online");
	const seen = vi.fn();
	builder.on("agent_left", seen);
	const scene = { type: "scene_add", id: "oak", retain: { key: "oak" } };
	const hasSeen = hear(old, "scene_add");
	builder.send(scene);
	await hasSeen;

	page.leave();
	const kept = new Map(page.storage);
	const isGone = reach(old, "refused");
	kill();
	page.goOnline();
	await isGone;
	for (const [key, value] of kept) page.storage.set(key, value);
	builder.sendTo("timmy", { type: "agent_message", text: "Where are you?" });

	const types: string[] = [];
	const timmy = connect(server, options);
	timmy.on("*", ({ type }) => types.push(type));
	const isSeenAgain = hear(timmy, "scene_add");
	expect(await reach(timmy, "online")).toMatchObject({ resumed: true });
	expect(await isSeenAgain).toMatchObject({ id: "oak" });
	expect(types).toEqual(["agent_registered", "agent_message", "scene_add"]);
	expect([...timmy.agents.keys()].sort()).toEqual(["builder", "timmy"]);
	const marker = hear(builder, "marker");
	timmy.send({ type: "marker" });
	await marker;
	expect(seen).not.toHaveBeenCalled();
});

it("is sent what it asks for, as an agent and as a viewer [SUB1, SUB2]", async () => {
	const { server } = await start();
	const timmy = connect(server, { agentId: "timmy" });
	const listeners = [
		connect(server, { agentId: "ada", subscribe: { types: ["bark"] } }),
		connect(server, { subscribe: { types: ["bark"] } }),
	];
	const heard = listeners.map((client) => {
		const types: string[] = [];
		client.on(
			"*",
			({ type }) => /bark|wave|end/.test(type) && types.push(type),
		);
		return types;
	});
	await reach(timmy, "online");
	for (const types of [["bark"], ["bark", "end"]])
		await Promise.all(listeners.map((client) => client.subscribe({ types })));
	const ends = Promise.all(listeners.map((client) => hear(client, "end")));
	for (const type of ["wave", "bark", "end"]) timmy.send({ type });
	await ends;
	expect(heard).toEqual([
		["bark", "end"],
		["bark", "end"],
	]);
});
