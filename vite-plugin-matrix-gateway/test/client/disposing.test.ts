import { describe, expect, it, vi } from "vitest";
import {
	createOnlineRig,
	createRig,
	nextTry,
	type Rig,
	settle,
} from "./network.ts";
import { stubPage } from "./page.ts";

const STAGES: [string, () => Promise<Rig>][] = [
	["connecting", () => createRig({ agentId: "timmy" })],
	["online", () => createOnlineRig({ agentId: "timmy" })],
	[
		"offline",
		async () => {
			const rig = await createOnlineRig({ agentId: "timmy" });
			rig.socket().end(1006);
			return rig;
		},
	],
	[
		"connecting again",
		async () => {
			const rig = await createRig({ agentId: "timmy" });
			rig.socket().end(1006);
			await nextTry(rig);
			return rig;
		},
	],
	[
		"online with something unconfirmed",
		async () => {
			const options = { agentId: "timmy", keepSession: true };
			const rig = await createOnlineRig(options, { session: "id.secret" });
			rig.client.send({ type: "marker" });
			return rig;
		},
	],
	[
		"resuming",
		async () => {
			const options = { agentId: "timmy", keepSession: true };
			const rig = await createOnlineRig(options, { session: "id.secret" });
			rig.client.send({ type: "marker" });
			rig.socket().end(1006);
			await nextTry(rig);
			return rig;
		},
	],
];

describe.each(STAGES)("dispose while %s", (_stage, start) => {
	it("leaves no timer, no listener and no connection behind", async () => {
		const page = stubPage();
		const rig = await start();
		const { client, sockets } = rig;
		const states = vi.fn();
		client.onState(states);
		client.dispose();
		client.dispose();
		const disposed = { status: "offline", reason: "disposed" };
		expect(client.state).toEqual(disposed);
		expect(client.connectionId).toBeUndefined();
		expect(states.mock.calls).toEqual([[disposed]]);
		expect(vi.getTimerCount()).toBe(0);
		expect(page.listenerCount()).toBe(0);
		for (const { readyState } of sockets)
			expect(readyState).toBeGreaterThanOrEqual(2);
	});

	it("is the end, whatever the socket still says", async () => {
		const rig = await start();
		const count = rig.sockets.length;
		const heard = vi.fn();
		rig.client.on("*", heard);
		const sent = rig.sockets.flatMap((socket) => socket.sent);
		rig.client.dispose();
		rig.client.onState(heard);
		rig.answer();
		for (const socket of rig.sockets) {
			socket.open();
			socket.deliver({ type: "bark" });
			socket.fail("too late");
		}
		expect(rig.sockets.flatMap((socket) => socket.sent)).toEqual(sent);
		expect(vi.getTimerCount()).toBe(0);
		await vi.advanceTimersByTimeAsync(60_000);
		expect(heard).not.toHaveBeenCalled();
		expect(rig.sockets).toHaveLength(count);
		expect(vi.getTimerCount()).toBe(0);
	});
});

it("closes with 1000, which ends what the gateway keeps for us [RES6]", async () => {
	const rig = await createOnlineRig();
	rig.client.dispose();
	expect(rig.socket().closedWith).toEqual({ code: 1000 });
});

it("leaves a refusal as it is", async () => {
	const rig = await createOnlineRig();
	rig.socket().end(4001, "unauthorized");
	rig.client.dispose();
	expect(rig.client.state).toMatchObject({ status: "refused", code: 4001 });
});

it("while the token is awaited opens nothing", async () => {
	let deliver: (token: string) => void = () => {};
	const token = () =>
		new Promise<string>((resolve) => {
			deliver = resolve;
		});
	const rig = await createRig({ token });
	rig.client.dispose();
	deliver("secret");
	await settle();
	expect(rig.sockets).toHaveLength(0);
	expect(vi.getTimerCount()).toBe(0);
});

it.each(["onState", "onAgents", "onDropped", "on"] as const)(
	"by %s in the middle of the answer is the end",
	async (event) => {
		const onDropped = () => event === "onDropped" && rig.client.dispose();
		const rig = await createRig({ onDropped });
		const { client } = rig;
		if (event === "onState") client.onState(() => client.dispose());
		if (event === "onAgents") client.onAgents(() => client.dispose());
		if (event === "on") client.on("gateway_hello", () => client.dispose());
		const heard = vi.fn();
		if (event !== "on") client.on("*", heard);
		client.send({ type: "large", text: "x".repeat(1_000) });
		rig.answer({ maxPayload: 100 });
		expect(client.state).toEqual({ status: "offline", reason: "disposed" });
		expect(heard).not.toHaveBeenCalled();
		expect(rig.socket().closedWith).toEqual({ code: 1000 });
		expect(vi.getTimerCount()).toBe(0);
	},
);

describe("a signal", () => {
	it("disposes of the client when it aborts", async () => {
		const controller = new AbortController();
		const rig = await createOnlineRig({ signal: controller.signal });
		controller.abort();
		expect(rig.client.state).toEqual({ status: "offline", reason: "disposed" });
		expect(rig.socket().closedWith).toEqual({ code: 1000 });
		expect(vi.getTimerCount()).toBe(0);
	});

	it("that has aborted already opens nothing", async () => {
		const rig = await createRig({ signal: AbortSignal.abort() });
		expect(rig.client.state).toEqual({ status: "offline", reason: "disposed" });
		expect(rig.sockets).toHaveLength(0);
		expect(vi.getTimerCount()).toBe(0);
	});

	it("is let go of when the client ends in another way", async () => {
		const { signal } = new AbortController();
		const remove = vi.spyOn(signal, "removeEventListener");
		const disposed = await createOnlineRig({ signal });
		disposed.client.dispose();
		expect(remove).toHaveBeenCalledTimes(1);
		const refused = await createOnlineRig({ signal });
		refused.socket().end(4001);
		expect(remove).toHaveBeenCalledTimes(2);
	});
});

it("is what `using` calls", async () => {
	const rig = await createOnlineRig();
	{
		using client = rig.client;
		expect(client.state.status).toBe("online");
	}
	expect(rig.client.state).toEqual({ status: "offline", reason: "disposed" });
});
