import { expect, it, vi } from "vitest";
import { createOnlineRig, createRig, type Rig, sentByUser } from "./network.ts";

const NEWS = { type: "agent_message", text: "The garden is done." };

interface Sent {
	readonly receipt: string;
	readonly [field: string]: unknown;
}

function lastSent({ socket }: Rig): Sent {
	return sentByUser(socket()).at(-1) as Sent;
}

function answer(rig: Rig, id: string, status: string): void {
	const type = "gateway_receipt";
	rig.socket().deliver({ type, id, status, target_id: "timmy" });
}

it("asks for a receipt and for nothing else, also as a viewer [RCPT]", async () => {
	const rig = await createOnlineRig();
	const delivery = rig.client.deliver("timmy", NEWS);
	const { receipt, ...rest } = lastSent(rig);
	expect(rest).toEqual({ ...NEWS, target_id: "timmy" });
	answer(rig, receipt, "delivered");
	await expect(delivery).resolves.toBe("delivered");
});

it.each(["delivered", "offline", "dropped"])(
	"resolves with %s, at once or after it was queued",
	async (status) => {
		const rig = await createOnlineRig({}, { heartbeat: 0 });
		const first = rig.client.deliver("timmy", NEWS);
		answer(rig, lastSent(rig).receipt, status);
		await expect(first).resolves.toBe(status);
		const second = rig.client.deliver("timmy", NEWS);
		const settled = vi.fn();
		second.then(settled);
		const { receipt } = lastSent(rig);
		answer(rig, receipt, "queued");
		await vi.advanceTimersByTimeAsync(9_999);
		expect(settled).not.toHaveBeenCalled();
		answer(rig, receipt, status);
		await expect(second).resolves.toBe(status);
		expect(vi.getTimerCount()).toBe(0);
	},
);

it("rejects where the gateway refuses the message", async () => {
	const rig = await createOnlineRig();
	const delivery = rig.client.deliver("timmy", NEWS);
	const { receipt } = lastSent(rig);
	const error = { type: "gateway_error", code: "forbidden", message: "no" };
	rig.socket().deliver({ ...error, receipt: "another" });
	rig.socket().deliver({ ...error, receipt });
	await expect(delivery).rejects.toMatchObject({
		code: "refused",
		message: "forbidden: no",
	});
});

it("keeps the deliveries to one target apart", async () => {
	const rig = await createOnlineRig();
	const first = rig.client.deliver("timmy", NEWS);
	const { receipt: firstId } = lastSent(rig);
	const second = rig.client.deliver("timmy", NEWS);
	answer(rig, lastSent(rig).receipt, "offline");
	answer(rig, firstId, "delivered");
	await expect(first).resolves.toBe("delivered");
	await expect(second).resolves.toBe("offline");
});

it("is not settled by a message that only looks like an answer", async () => {
	const rig = await createOnlineRig({}, { heartbeat: 0 });
	const delivery = rig.client.deliver("timmy", NEWS, { timeout: 50 });
	const { receipt } = lastSent(rig);
	rig.socket().deliver({ type: "x", in_reply_to: receipt, status: "offline" });
	const expected = expect(delivery).rejects.toMatchObject({ code: "timeout" });
	await vi.advanceTimersByTimeAsync(50);
	await expected;
	expect(vi.getTimerCount()).toBe(0);
});

it("ends with its signal, its client or where it finds no room", async () => {
	const controller = new AbortController();
	const rig = await createRig({ maxQueue: 1 });
	const { signal } = controller;
	const aborted = rig.client.deliver("timmy", NEWS, { signal });
	const dropped = rig.client.deliver("timmy", NEWS);
	await expect(dropped).rejects.toMatchObject({ code: "dropped" });
	controller.abort(new Error("no longer wanted"));
	await expect(aborted).rejects.toThrow("no longer wanted");
	const disposed = rig.client.deliver("timmy", NEWS);
	rig.client.dispose();
	await expect(disposed).rejects.toMatchObject({ code: "disposed" });
});
