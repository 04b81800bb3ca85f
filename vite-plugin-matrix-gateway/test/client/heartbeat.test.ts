import { beforeEach, describe, expect, it, vi } from "vitest";
import {
	createOnlineRig,
	type FakeSocket,
	type Rig,
	sentByUser,
} from "./network.ts";
import { stubPage } from "./page.ts";

const PONG = { type: "pong" };

function pings(socket: FakeSocket): number {
	return sentByUser(socket).length;
}

function pass(milliseconds: number): Promise<unknown> {
	return vi.advanceTimersByTimeAsync(milliseconds);
}

let suspended = 0;

beforeEach(() => {
	suspended = 0;
	const now = performance.now.bind(performance);
	vi.spyOn(performance, "now").mockImplementation(() => now() + suspended);
});

/** The page is suspended: its next timer fires that much late. */
function suspend(milliseconds: number): Promise<unknown> {
	suspended += milliseconds;
	return vi.advanceTimersToNextTimerAsync();
}

async function createRig(heartbeat = 30): Promise<Rig> {
	return createOnlineRig({ agentId: "timmy" }, { heartbeat });
}

describe("the watchdog [HB3]", () => {
	it("pings after a silent interval and is content with an answer", async () => {
		const rig = await createRig();
		await pass(29_999);
		expect(pings(rig.socket())).toBe(0);
		await pass(1);
		expect(sentByUser(rig.socket())).toEqual([{ type: "ping" }]);
		rig.socket().deliver(PONG);
		await pass(30_000);
		expect(pings(rig.socket())).toBe(2);
		expect(rig.client.state.status).toBe("online");
	});

	it("does not ping while something comes", async () => {
		const rig = await createRig();
		for (let count = 0; count < 10; count++) {
			await pass(20_000);
			rig.socket().deliver({ type: "bark", text: "still here" });
		}
		expect(pings(rig.socket())).toBe(0);
		await pass(30_000);
		expect(pings(rig.socket())).toBe(1);
	});

	it.each([
		["a pong", (socket: FakeSocket) => socket.deliver(PONG)],
		["a message", (socket: FakeSocket) => socket.deliver({ type: "bark" })],
		["something unreadable", (socket: FakeSocket) => socket.deliver("{")],
		["something binary", (socket: FakeSocket) => socket.deliverBinary()],
	])("takes %s for a sign of life", async (_name, speak) => {
		const rig = await createRig();
		await pass(59_999);
		speak(rig.socket());
		await pass(1);
		expect(rig.client.state.status).toBe("online");
	});

	it("gives the connection up when nothing came in a second interval, without waiting for the socket", async () => {
		const rig = await createRig();
		await pass(59_999);
		expect(rig.client.state.status).toBe("online");
		await pass(1);
		expect(rig.client.state).toMatchObject({
			status: "offline",
			code: 4203,
			reason: "heartbeat lost",
		});
		expect(rig.socket().closedWith).toEqual({ code: 4203 });
	});

	it("is off where the gateway has no heartbeat", async () => {
		const rig = await createRig(0);
		expect(vi.getTimerCount()).toBe(0);
		await pass(3_600_000);
		expect(pings(rig.socket())).toBe(0);
		expect(rig.client.state.status).toBe("online");
	});

	it("stops with the connection", async () => {
		const rig = await createRig();
		rig.socket().end(4009);
		expect(vi.getTimerCount()).toBe(0);
	});
});

describe("a page in the background", () => {
	it("is asked once more when the judging timer fired late", async () => {
		const rig = await createRig();
		await pass(30_000);
		await suspend(600_000);
		expect(rig.client.state.status).toBe("online");
		expect(pings(rig.socket())).toBe(2);
		rig.socket().deliver(PONG);
		await pass(30_000);
		expect(rig.client.state.status).toBe("online");
	});

	it("loses a dead connection one interval after it is back", async () => {
		const rig = await createRig();
		await pass(30_000);
		await suspend(600_000);
		await pass(29_999);
		expect(rig.client.state.status).toBe("online");
		await pass(1);
		expect(rig.client.state).toMatchObject({ status: "offline", code: 4203 });
	});

	it("finds a dead connection also where every timer is late", async () => {
		const rig = await createRig();
		await suspend(60_000);
		await suspend(60_000);
		expect(rig.client.state.status).toBe("online");
		await suspend(60_000);
		expect(rig.client.state).toMatchObject({ status: "offline", code: 4203 });
	});

	it("is pardoned anew for each silence", async () => {
		const rig = await createRig();
		for (let count = 0; count < 3; count++) {
			await pass(30_000);
			await suspend(60_000);
			rig.socket().deliver(PONG);
			await pass(0);
		}
		expect(rig.client.state.status).toBe("online");
	});

	it("asks at once when it is looked at again, and waits only five seconds", async () => {
		const page = stubPage();
		const rig = await createRig();
		page.hide();
		expect(pings(rig.socket())).toBe(0);
		page.show();
		expect(pings(rig.socket())).toBe(1);
		await pass(4_999);
		expect(rig.client.state.status).toBe("online");
		await pass(1);
		expect(rig.client.state).toMatchObject({ status: "offline", code: 4203 });
	});

	it("goes on as before when the answer comes", async () => {
		const page = stubPage();
		const rig = await createRig();
		page.goOnline();
		rig.socket().deliver(PONG);
		await pass(29_999);
		expect(pings(rig.socket())).toBe(1);
		await pass(1);
		expect(pings(rig.socket())).toBe(2);
		expect(rig.client.state.status).toBe("online");
	});
});

describe("a heartbeat that no gateway has [CL4]", () => {
	it.each([
		[1e-9, 1_000],
		[0.2, 1_000],
		[1e9, 60_000],
		[1e300, 60_000],
		[undefined, 30_000],
		[null, 30_000],
		[-1, 30_000],
		["5", 30_000],
		[[5], 30_000],
		[{}, 30_000],
	])("of %j is one of %i ms", async (heartbeat, expected) => {
		const rig = await createOnlineRig({ agentId: "timmy" }, { heartbeat });
		rig.socket().deliver(PONG);
		await pass(expected - 1);
		expect(pings(rig.socket())).toBe(0);
		await pass(1);
		expect(pings(rig.socket())).toBe(1);
	});
});
