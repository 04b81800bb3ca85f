import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ClientState } from "../../src/client/index.ts";
import { createOnlineRig, createRig, nextTry, settle } from "./network.ts";
import { stubPage } from "./page.ts";

beforeEach(() => {
	vi.spyOn(Math, "random").mockReturnValue(1);
});
describe("the close codes [CL2]", () => {
	it.each([1002, 1003, 1007, 1009, 4001, 4002, 4003, 4008, 4009, 4099])(
		"%i is for good",
		async (code) => {
			const page = stubPage();
			const rig = await createOnlineRig({ agentId: "timmy" });
			rig.socket().end(code, "go away");
			expect(rig.client.state).toEqual({
				status: "refused",
				reason: "go away",
				code,
			});
			expect(vi.getTimerCount()).toBe(0);
			expect(page.listenerCount()).toBe(0);
			page.goOnline();
			await settle();
			expect(rig.sockets).toHaveLength(1);
		},
	);

	it.each([1000, 1001, 1005, 1006, 1011, 1012, 4200, 4201, 4202, 4203, 4999])(
		"%i is followed by a return",
		async (code) => {
			const rig = await createOnlineRig();
			rig.socket().end(code, "see you");
			expect(rig.client.state).toEqual({
				status: "offline",
				reason: "see you",
				code,
				retryIn: 500,
			});
			expect(rig.client.connectionId).toBeUndefined();
			await nextTry(rig);
			rig.answer();
			expect(rig.client.state.status).toBe("online");
		},
	);

	it("asks for a token for each connection, and comes back with the new one after 4101", async () => {
		let count = 0;
		const token = vi.fn(() => `t${++count}`);
		const rig = await createOnlineRig({ token });
		rig.socket().end(1006);
		await nextTry(rig);
		expect(token).toHaveBeenCalledTimes(2);
		rig.answer();
		rig.socket().end(4101, "token expired");
		expect(rig.client.state).toMatchObject({ status: "offline", code: 4101 });
		await nextTry(rig);
		expect(token).toHaveBeenCalledTimes(3);
		const offered = rig.sockets.map(({ protocols }) => protocols[1]);
		expect(offered).toEqual(
			["t1", "t2", "t3"].map((text) =>
				`matrix.token.${btoa(text)}`.replace(/=+$/, ""),
			),
		);
	});

	it("4101 is for good where there is no other token", async () => {
		const rig = await createOnlineRig({ token: "fixed" });
		rig.socket().end(4101, "token expired");
		expect(rig.client.state).toEqual({
			status: "refused",
			reason: "token expired",
			code: 4101,
			needsToken: true,
		});
	});

	it("a function that gives null stops the client, which says that it needs a token", async () => {
		const token = vi.fn(async (): Promise<string | null> => "t");
		const states: ClientState[] = [];
		const rig = await createOnlineRig({ token });
		rig.client.onState((state) => states.push(state));
		token.mockResolvedValue(null);
		rig.socket().end(4101, "token expired");
		await nextTry(rig);
		expect(states.at(-1)).toEqual({
			...{ status: "refused", reason: "there is no token", needsToken: true },
		});
		expect(rig.sockets).toHaveLength(1);
		expect(vi.getTimerCount()).toBe(0);
	});
});

it("says why a connection failed, where the WebSocket says it", async () => {
	const rig = await createRig();
	rig.socket().fail("Unexpected server response: 403");
	expect(rig.client.state).toMatchObject({
		reason: "Unexpected server response: 403",
		code: 1006,
	});
	await nextTry(rig);
	rig.socket().end(1006);
	expect(rig.client.state).toMatchObject({
		reason: "connection closed (1006)",
	});
});

it("tells every state once, in order", async () => {
	const rig = await createRig();
	const states: ClientState["status"][] = [];
	const stop = rig.client.onState(({ status }) => states.push(status));
	rig.answer();
	rig.socket().end(1006);
	await nextTry(rig);
	rig.answer();
	rig.socket().end(4009);
	expect(states).toEqual([
		"online",
		"offline",
		"connecting",
		"online",
		"refused",
	]);
	stop();
});

describe("the backoff", () => {
	it("doubles its ceiling up to the most, with full jitter", async () => {
		const rig = await createOnlineRig();
		const ceilings: unknown[] = [];
		for (let failure = 0; failure < 8; failure++) {
			rig.socket().end(1006);
			const { state } = rig.client;
			if (state.status === "offline") ceilings.push(state.retryIn);
			await nextTry(rig);
		}
		expect(ceilings).toEqual([
			500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000,
		]);
		vi.mocked(Math.random).mockReturnValue(0.25);
		rig.socket().end(1006);
		expect(rig.client.state).toMatchObject({ retryIn: 5_000 });
	});

	it("takes the bounds that it is given", async () => {
		const rig = await createRig({ backoff: { min: 10, max: 15 } });
		rig.socket().end(1006);
		expect(rig.client.state).toMatchObject({ retryIn: 10 });
		await nextTry(rig);
		rig.socket().end(1006);
		expect(rig.client.state).toMatchObject({ retryIn: 15 });
	});

	it("starts over only once a connection has lasted", async () => {
		const rig = await createOnlineRig({}, { heartbeat: 0 });
		for (const [lasted, expected] of [
			[19_999, 500],
			[19_999, 1_000],
			[20_000, 500],
		] as const) {
			await vi.advanceTimersByTimeAsync(lasted);
			rig.socket().end(1006);
			expect(rig.client.state).toMatchObject({ retryIn: expected });
			await nextTry(rig);
			rig.answer({ heartbeat: 0 });
		}
	});
});

describe("gateway_shutdown [SH1]", () => {
	it("spreads the return evenly over reconnectAfter, once", async () => {
		vi.mocked(Math.random).mockReturnValue(0.5);
		const rig = await createOnlineRig();
		rig.socket().deliver({
			type: "gateway_shutdown",
			reason: "restart",
			reconnectAfter: 3,
		});
		expect(rig.client.state.status).toBe("online");
		rig.socket().end(1012, "gateway restarting");
		expect(rig.client.state).toMatchObject({ retryIn: 1_500 });
		await nextTry(rig);
		rig.socket().end(1006);
		expect(rig.client.state).toMatchObject({ retryIn: 250 });
	});

	it.each([
		[0, 0],
		[0.001, 1],
		[1e9, 60_000],
		[undefined, 500],
		[null, 500],
		[-1, 500],
		["soon", 500],
		["3", 500],
		[[3], 500],
	])(
		"with reconnectAfter %j waits at most %d ms [CL4]",
		async (value, expected) => {
			const rig = await createOnlineRig();
			rig.socket().deliver({ type: "gateway_shutdown", reconnectAfter: value });
			rig.socket().end(1001);
			expect(rig.client.state).toMatchObject({ retryIn: expected });
		},
	);

	it("makes the wait longer, not shorter, where it is said again before a connection has lasted [CL2]", async () => {
		const rig = await createOnlineRig();
		const waits: unknown[] = [];
		for (const reconnectAfter of [0, 0, 0, 0, 9, 0]) {
			rig.socket().deliver({ type: "gateway_shutdown", reconnectAfter });
			rig.socket().end(1012);
			waits.push(Object(rig.client.state).retryIn);
			await nextTry(rig);
			rig.answer({ heartbeat: 0 });
		}
		expect(waits).toEqual([0, 500, 1_000, 2_000, 9_000, 8_000]);
		await vi.advanceTimersByTimeAsync(20_000);
		rig.socket().deliver({ type: "gateway_shutdown", reconnectAfter: 0 });
		rig.socket().end(1012);
		expect(rig.client.state).toMatchObject({ retryIn: 0 });
	});
});

describe("a page", () => {
	it("whose network is back tries at once", async () => {
		const page = stubPage();
		const rig = await createRig();
		rig.socket().end(1006);
		page.goOnline();
		await settle();
		expect(rig.sockets).toHaveLength(2);
		expect(rig.client.state.status).toBe("connecting");
		await vi.advanceTimersByTimeAsync(1_000);
		expect(rig.sockets, "the planned try is off").toHaveLength(2);
	});

	it("that is looked at again tries at once, one that is left does not", async () => {
		const page = stubPage();
		const rig = await createRig();
		rig.socket().end(1006);
		page.hide();
		await settle();
		expect(rig.sockets).toHaveLength(1);
		page.show();
		await settle();
		expect(rig.sockets).toHaveLength(2);
	});

	it("does not disturb a try that is under way", async () => {
		const page = stubPage();
		const rig = await createRig();
		page.goOnline();
		page.show();
		await settle();
		expect(rig.sockets).toHaveLength(1);
	});
});

it("does not let the late close of an old socket touch the newer one", async () => {
	const rig = await createOnlineRig({ agentId: "timmy" }, { heartbeat: 1 });
	const [old] = rig.sockets;
	await vi.advanceTimersByTimeAsync(2_000);
	expect(rig.client.state).toMatchObject({ status: "offline", code: 4203 });
	await nextTry(rig);
	rig.answer({ heartbeat: 0, connectionId: "c2" });
	const heard = vi.fn();
	rig.client.on("*", heard);
	old?.deliver({ type: "bark", text: "from the grave" });
	old?.end(4009, "replaced by a newer connection");
	expect(rig.client.state.status).toBe("online");
	expect(rig.client.connectionId).toBe("c2");
	rig.socket().deliver({ type: "bark", text: "alive" });
	expect(heard.mock.calls).toEqual([[{ type: "bark", text: "alive" }]]);
});

describe("a registration that is answered by an error", () => {
	it("is a refusal, and not tried again [ERR1]", async () => {
		const rig = await createRig({ agentId: "bad name" });
		const errors = vi.fn();
		rig.client.on("gateway_error", errors);
		rig.socket().open();
		const error = {
			type: "gateway_error",
			code: "forbidden",
			message: "the token does not allow this agentId",
			agentId: "bad name",
		};
		rig.socket().deliver(error);
		expect(rig.client.state).toEqual({
			status: "refused",
			reason: "the token does not allow this agentId",
		});
		expect(errors.mock.calls).toEqual([[error]]);
		expect(rig.socket().closedWith).toEqual({ code: 1000 });
		expect(vi.getTimerCount()).toBe(0);
	});

	it("is left alone where a listener has disposed of the client by then", async () => {
		const rig = await createRig({ agentId: "timmy" });
		rig.client.on("gateway_error", () => rig.client.dispose());
		rig.socket().open();
		rig.socket().deliver({ type: "gateway_error", code: "forbidden" });
		expect(rig.client.state).toEqual({ status: "offline", reason: "disposed" });
	});

	it("is none where the error comes later or to a viewer", async () => {
		const agent = await createOnlineRig({ agentId: "timmy" });
		agent.socket().deliver({ type: "gateway_error", code: "bad_message" });
		expect(agent.client.state.status).toBe("online");
		const viewer = await createRig();
		viewer.socket().open();
		viewer.socket().deliver({ type: "gateway_error", code: "bad_message" });
		expect(viewer.client.state.status).toBe("connecting");
	});
});

describe("reconnect", () => {
	it("tries at once instead of at the end of the pause, and once", async () => {
		const rig = await createOnlineRig();
		rig.socket().end(1006);
		expect(rig.client.state).toMatchObject({ retryIn: 500 });
		rig.client.reconnect();
		rig.client.reconnect();
		await settle();
		expect(rig.sockets).toHaveLength(2);
		await vi.advanceTimersByTimeAsync(500);
		expect(rig.sockets).toHaveLength(2);
		rig.answer();
		expect(rig.client.state.status).toBe("online");
	});

	it("does nothing while there is a connection, and after the client has stopped", async () => {
		const rig = await createOnlineRig();
		const states: ClientState[] = [];
		rig.client.onState((state) => states.push(state));
		rig.client.reconnect();
		await settle();
		expect([rig.sockets.length, states.length]).toEqual([1, 0]);
		rig.client.dispose();
		rig.client.reconnect();
		await settle();
		const refused = await createOnlineRig();
		refused.socket().end(4003, "go away");
		refused.client.reconnect();
		await settle();
		expect([rig.sockets.length, refused.sockets.length]).toEqual([1, 1]);
		expect(refused.client.state.status).toBe("refused");
	});
});
