import { describe, expect, it, vi } from "vitest";
import { createOnlineRig, createRig, nextTry, sentByUser } from "./network.ts";

function bark(text: string) {
	return { type: "bark", agentId: "timmy", text } as const;
}

describe("send", () => {
	it("sends a message as it is", async () => {
		const { client, socket } = await createOnlineRig();
		const message = { type: "no such type", deep: { list: [1, null] } };
		expect(client.send(message)).toBe(true);
		expect(sentByUser(socket())).toEqual([message]);
	});

	it("takes the message as it is now", async () => {
		const { client, socket, answer } = await createRig();
		const message = { type: "counter", count: 1 };
		client.send(message);
		message.count = 2;
		answer();
		expect(sentByUser(socket())).toEqual([{ type: "counter", count: 1 }]);
	});

	it("throws what cannot be JSON back at the caller", async () => {
		const { client } = await createOnlineRig();
		expect(() => client.send({ type: "x", count: 1n })).toThrow(TypeError);
	});
});

describe("sendTo", () => {
	it("adds the target", async () => {
		const { client, socket } = await createOnlineRig();
		client.sendTo("timmy", { type: "agent_message", text: "Hi" });
		expect(sentByUser(socket())).toEqual([
			{ type: "agent_message", text: "Hi", target_id: "timmy" },
		]);
	});
});

describe("while there is no connection", () => {
	it("messages wait in order, ahead of what a listener sends on the return", async () => {
		const rig = await createOnlineRig({ agentId: "timmy" });
		rig.socket().end(1006);
		expect(rig.client.send(bark("1"))).toBe(true);
		rig.client.sendTo("perplexity", { type: "agent_message", text: "2" });
		rig.client.onState(({ status }) => {
			if (status === "online") rig.client.send(bark("4"));
		});
		rig.client.on("agent_registered", () => rig.client.send(bark("5")));
		await nextTry(rig);
		rig.client.send(bark("3"));
		rig.socket().open();
		expect(rig.socket().sent).toHaveLength(1);
		rig.answer();
		const texts = rig.socket().sent.map(({ text }) => text);
		expect(texts.slice(-5)).toEqual(["1", "2", "3", "4", "5"]);
	});

	it("messages wait also where only the socket knows yet", async () => {
		const rig = await createOnlineRig();
		rig.socket().readyState = 2;
		expect(rig.client.send(bark("1"))).toBe(true);
		expect(rig.client.send(bark("2"))).toBe(true);
		expect(sentByUser(rig.socket())).toEqual([]);
		rig.socket().end(1006);
		await nextTry(rig);
		rig.answer();
		expect(sentByUser(rig.socket())).toEqual([bark("1"), bark("2")]);
	});

	it("what is more than maxQueue is told and false", async () => {
		const onDropped = vi.fn();
		const rig = await createRig({ maxQueue: 2, onDropped });
		const sent = ["1", "2", "3"].map((text) => rig.client.send(bark(text)));
		expect(sent).toEqual([true, true, false]);
		expect(onDropped.mock.calls).toEqual([[bark("3"), "overflow"]]);
		rig.answer();
		expect(sentByUser(rig.socket())).toEqual([bark("1"), bark("2")]);
		expect(rig.client.send(bark("4"))).toBe(true);
	});

	it("nothing waits where maxQueue is 0, and what is online is sent", async () => {
		const onDropped = vi.fn();
		const rig = await createRig({ maxQueue: 0, onDropped });
		expect(rig.client.send(bark("1"))).toBe(false);
		rig.answer();
		expect(rig.client.send(bark("2"))).toBe(true);
		expect(sentByUser(rig.socket())).toEqual([bark("2")]);
	});

	it("what waits is told when the client is refused or disposed of", async () => {
		for (const [reason, finish] of [
			["refused", (rig) => rig.socket().end(4001)],
			["disposed", (rig) => rig.client.dispose()],
		] satisfies [
			string,
			(rig: Awaited<ReturnType<typeof createRig>>) => void,
		][]) {
			const onDropped = vi.fn();
			const rig = await createRig({ onDropped });
			rig.client.send(bark("1"));
			finish(rig);
			expect(rig.client.send(bark("2"))).toBe(false);
			expect(onDropped.mock.calls).toEqual([
				[bark("1"), reason],
				[bark("2"), reason],
			]);
		}
	});
});

describe("a message beyond maxPayload, which would end the connection for good", () => {
	it("is told and false, counted in bytes", async () => {
		const onDropped = vi.fn();
		const rig = await createOnlineRig({ onDropped }, { maxPayload: 60 });
		const room = 60 - JSON.stringify(bark("")).length;
		expect(rig.client.send(bark("x".repeat(room)))).toBe(true);
		expect(rig.client.send(bark("x".repeat(room + 1)))).toBe(false);
		expect(rig.client.send(bark("é".repeat(room)))).toBe(false);
		expect(onDropped.mock.calls.map(([, reason]) => reason)).toEqual([
			"too_large",
			"too_large",
		]);
		expect(sentByUser(rig.socket())).toHaveLength(1);
	});

	it("is taken out of those that waited", async () => {
		const onDropped = vi.fn();
		const rig = await createRig({ onDropped });
		rig.client.send(bark("x".repeat(100)));
		rig.client.send(bark("1"));
		rig.answer({ maxPayload: 60 });
		expect(sentByUser(rig.socket())).toEqual([bark("1")]);
		expect(onDropped).toHaveBeenCalledTimes(1);
	});
});

it("an onDropped that throws breaks nothing", async () => {
	const reportError = vi.fn();
	vi.stubGlobal("reportError", reportError);
	const error = new Error("in onDropped");
	const rig = await createRig({
		maxQueue: 0,
		onDropped() {
			throw error;
		},
	});
	expect(rig.client.send(bark("1"))).toBe(false);
	expect(reportError.mock.calls).toEqual([[error]]);
});
