import { describe, expect, it, vi } from "vitest";
import { createMatrixClient } from "../../src/client/index.ts";
import { createOnlineRig, createRig, settle } from "./network.ts";
import { stubPage } from "./page.ts";

describe("the greeting", () => {
	it("is agent_register, before anything that was sent meanwhile [REG2]", async () => {
		const rig = await createRig({ agentId: "timmy", role: "mind" });
		rig.client.send({ type: "bark", text: "early" });
		expect(rig.client.state).toEqual({ status: "connecting" });
		rig.answer();
		expect(rig.socket().sent).toEqual([
			{
				type: "agent_register",
				agentId: "timmy",
				role: "mind",
				resume: true,
			},
			{ type: "bark", text: "early" },
		]);
		expect(rig.client.state).toEqual({ status: "online" });
		expect(rig.client.connectionId).toBe("c1");
	});

	it("leaves the role to the gateway where none is given [REG1]", async () => {
		const rig = await createOnlineRig({ agentId: "timmy" });
		expect(rig.socket().sent).toEqual([
			{ type: "agent_register", agentId: "timmy", resume: true },
		]);
	});

	it("of a viewer is a ping, so that no one waits for a deadline [REG4]", async () => {
		const rig = await createRig();
		rig.socket().open();
		expect(rig.socket().sent).toEqual([{ type: "ping" }]);
		rig.socket().deliver({ type: "pong" });
		expect(rig.client.state.status).toBe("connecting");
		rig.answer();
		expect(rig.client.state.status).toBe("online");
	});

	it("of an agent is not answered by gateway_hello", async () => {
		const rig = await createRig({ agentId: "timmy" });
		rig.socket().open();
		rig.socket().deliver({
			type: "gateway_hello",
			connectionId: "c1",
			agents: [],
			heartbeat: 1,
			maxPayload: 1,
		});
		expect(rig.client.state.status).toBe("connecting");
	});

	it("that is never answered is given up at the deadline, and not with 1000 [RES6]", async () => {
		const rig = await createRig({ agentId: "timmy" });
		const socket = rig.socket();
		socket.open();
		await vi.advanceTimersByTimeAsync(14_999);
		expect(rig.client.state.status).toBe("connecting");
		await vi.advanceTimersByTimeAsync(1);
		expect(rig.client.state).toMatchObject({
			status: "offline",
			reason: "no answer within 15000 ms",
		});
		expect(socket.closedWith).toEqual({ code: undefined });
	});
});

describe("the address", () => {
	it.each([
		["ws://host/ws/matrix", "garden", "ws://host/ws/matrix/garden"],
		["ws://host/ws/matrix/", "garden", "ws://host/ws/matrix/garden"],
		["https://host/a/ws?token=t", "a.b-c_2", "wss://host/a/ws/a.b-c_2?token=t"],
		["ws://host", "garden", "ws://host/garden"],
		["ws://host/ws/matrix", "default", "ws://host/ws/matrix"],
		["ws://host/ws/matrix/plaza", undefined, "ws://host/ws/matrix/plaza"],
	])("%s with the world %s becomes %s [WLD1]", async (url, world, expected) => {
		const rig = await createRig({ url, world });
		expect(rig.socket().url).toBe(expected);
	});

	it.each(["", "..", "a/b", "Garden", "a?b"])(
		"has no world %j [WLD2]",
		(world) => {
			expect(() => createMatrixClient({ url: "ws://host/x", world })).toThrow(
				`${JSON.stringify(world)} is not the name of a world: expected 1-64 of`,
			);
		},
	);

	it.each([
		["http://host:5173/ws/matrix", "ws://host:5173/ws/matrix"],
		["https://host/ws/matrix", "wss://host/ws/matrix"],
		["ws://host/ws/matrix?a=1", "ws://host/ws/matrix?a=1"],
		["wss://host/ws/matrix#token=secret", "wss://host/ws/matrix"],
		[new URL("http://host/x"), "ws://host/x"],
		["ws://host/x?token=q+8/Zk+3xw==", "ws://host/x?token=q+8/Zk+3xw=="],
		["ws://host/x?token=q%2B8%zz=", "ws://host/x?token=q%2B8%zz="],
	])("%s becomes %s", async (url, expected) => {
		const rig = await createRig({ url });
		expect(rig.socket().url).toBe(expected);
	});

	it("is resolved against the page", async () => {
		stubPage("https://world.test/app/index.html#token=secret");
		const rig = await createRig({ url: "/ws/matrix" });
		expect(rig.socket().url).toBe("wss://world.test/ws/matrix");
	});

	it.each(["/ws/matrix", "ftp://host/", "no address"])(
		"%s is refused where there is no page",
		(url) => {
			expect(() => createMatrixClient({ url })).toThrow(
				`"${url}" is not a WebSocket address: expected a ws:, wss:, http: or https: URL, or in a page a relative one.`,
			);
		},
	);
});

describe("the token", () => {
	it.each(["ünïcode/+?~ÿ", "q+8/Zk+3xw==", "100%41 and more", "\ufeffa"])(
		"%j travels as a subprotocol and in no URL [CON2]",
		async (token) => {
			const rig = await createRig({ token });
			const [version, offered] = rig.socket().protocols;
			expect(version).toBe("matrix.v1");
			expect(offered).toMatch(/^matrix\.token\.[\w-]+$/);
			const encoded = String(offered).slice("matrix.token.".length);
			expect(Buffer.from(encoded, "base64url").toString()).toBe(token);
			expect(rig.socket().url).toBe("ws://gateway.test/ws/matrix");
		},
	);

	it.each([undefined, ""])("%j offers no subprotocol", async (token) => {
		const rig = await createRig({ token });
		expect(rig.socket().protocols).toEqual([]);
	});

	it("may come from a function, asynchronously", async () => {
		const rig = await createRig({ token: async () => "abc" });
		expect(rig.socket().protocols[1]).toBe("matrix.token.YWJj");
	});

	it("that cannot be had is asked for again later", async () => {
		const token = vi.fn(async () => "abc");
		token.mockRejectedValueOnce(new Error("login service down"));
		const rig = await createRig({ token });
		expect(rig.client.state).toMatchObject({
			status: "offline",
			reason: "no token: login service down",
		});
		await vi.advanceTimersByTimeAsync(500);
		expect(rig.sockets).toHaveLength(1);
	});

	it("that never comes is not waited for beyond the deadline", async () => {
		let deliver: (token: string) => void = () => {};
		const token = () =>
			new Promise<string>((resolve) => {
				deliver = resolve;
			});
		const rig = await createRig({ token });
		await vi.advanceTimersByTimeAsync(15_000);
		expect(rig.client.state.status).toBe("offline");
		deliver("too late");
		await settle();
		expect(rig.sockets).toHaveLength(0);
	});
});

describe("the WebSocket", () => {
	it("is the global one by default", async () => {
		const constructed = vi.fn();
		vi.stubGlobal(
			"WebSocket",
			class {
				constructor(url: string) {
					constructed(url);
				}
				addEventListener() {}
				close() {}
			},
		);
		const client = createMatrixClient({ url: "ws://host/" });
		await settle();
		expect(constructed).toHaveBeenCalledWith("ws://host/");
		client.dispose();
		expect(vi.getTimerCount()).toBe(0);
	});

	it("has to be passed where there is none", () => {
		vi.stubGlobal("WebSocket", undefined);
		expect(() => createMatrixClient({ url: "ws://host/" })).toThrow(
			"There is no global WebSocket here: pass one, such as that of the ws package, as the option WebSocket.",
		);
	});

	it("that may not be constructed, as a page's policy can have it, is a refusal", async () => {
		class WebSocket {
			constructor() {
				throw new Error("insecure operation");
			}
		}
		const rig = await createRig({ WebSocket: WebSocket as never });
		expect(rig.client.state).toEqual({
			status: "refused",
			reason: "insecure operation",
		});
		expect(vi.getTimerCount()).toBe(0);
	});
});
