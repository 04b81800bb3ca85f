import { describe, expect, it, vi } from "vitest";
import { RequestError } from "../../src/client/index.ts";
import {
	createOnlineRig,
	createRig,
	nextTry,
	type Rig,
	sentByUser,
	settle,
} from "./network.ts";

const QUESTION = { type: "agent_message", text: "What are you building?" };
const TIMMY = { agentId: "timmy" };

interface Question {
	readonly reply_to: string;
	readonly [field: string]: unknown;
}

function lastQuestion({ socket }: Rig): Question {
	return sentByUser(socket()).at(-1) as Question;
}

/** How a promise stands, without waiting for it. */
async function outcome(promise: Promise<unknown>): Promise<unknown> {
	const settled = promise.catch((error) => error);
	await settle();
	return Promise.race([settled, "pending"]);
}

describe("request", () => {
	it("resolves with the message that answers it, among others", async () => {
		const rig = await createOnlineRig(TIMMY);
		const answer = rig.client.request("perplexity", QUESTION);
		const { reply_to, receipt, ...rest } = lastQuestion(rig);
		expect(rest).toEqual({
			...QUESTION,
			agentId: "timmy",
			target_id: "perplexity",
		});
		expect(receipt).toBe(reply_to);
		rig.socket().deliver({ type: "agent_message", text: "by the way" });
		rig.socket().deliver({ type: "x", in_reply_to: `${reply_to}0` });
		expect(await outcome(answer)).toBe("pending");
		const reply = { type: "agent_message", in_reply_to: reply_to, text: "!" };
		rig.socket().deliver(reply);
		expect(await outcome(answer)).toEqual(reply);
		expect(vi.getTimerCount(), "only the watchdog's").toBe(1);
	});

	it("keeps several apart, whatever the order of the answers", async () => {
		const rig = await createOnlineRig(TIMMY);
		const first = rig.client.request("a", QUESTION);
		const { reply_to: firstId } = lastQuestion(rig);
		const second = rig.client.request("b", QUESTION);
		const { reply_to: secondId } = lastQuestion(rig);
		rig.socket().deliver({ type: "second", in_reply_to: secondId });
		rig.socket().deliver({ type: "first", in_reply_to: firstId });
		expect(await outcome(first)).toMatchObject({ type: "first" });
		expect(await outcome(second)).toMatchObject({ type: "second" });
	});

	it("leaves the sender alone that a message names itself", async () => {
		const rig = await createOnlineRig(TIMMY);
		const answer = rig.client.request("a", { type: "x", agent_id: "second" });
		expect(lastQuestion(rig)).not.toHaveProperty("agentId");
		rig.client.dispose();
		expect(await outcome(answer)).toMatchObject({ code: "disposed" });
	});

	it.each([
		[undefined, 10_000],
		[50, 50],
	])("with the timeout %j rejects after %i ms", async (timeout, expected) => {
		const rig = await createOnlineRig(TIMMY, { heartbeat: 0 });
		const answer = rig.client.request("a", QUESTION, { timeout });
		answer.catch(() => {});
		await vi.advanceTimersByTimeAsync(expected - 1);
		expect(await outcome(answer)).toBe("pending");
		await vi.advanceTimersByTimeAsync(1);
		const error = await outcome(answer);
		expect(error).toBeInstanceOf(RequestError);
		expect(error).toMatchObject({
			code: "timeout",
			message: `no answer within ${expected} ms`,
		});
		expect(vi.getTimerCount()).toBe(0);
	});

	it("with the timeout 0 waits for ever", async () => {
		const rig = await createOnlineRig(TIMMY, { heartbeat: 0 });
		const answer = rig.client.request("a", QUESTION, { timeout: 0 });
		expect(vi.getTimerCount()).toBe(0);
		rig.socket().deliver({
			type: "late",
			in_reply_to: lastQuestion(rig).reply_to,
		});
		expect(await outcome(answer)).toMatchObject({ type: "late" });
	});

	it.each([
		["offline", "target_offline", '"a" is not there'],
		["dropped", "dropped", '"a" did not come back'],
	])(
		"rejects when its receipt is %s, and no other of the same target does [RCPT]",
		async (status, code, message) => {
			const rig = await createOnlineRig(TIMMY);
			const first = rig.client.request("a", QUESTION);
			const { reply_to: id } = lastQuestion(rig);
			const second = rig.client.request("a", QUESTION);
			first.catch(() => {});
			const receipt = { type: "gateway_receipt", id, target_id: "a" };
			rig.socket().deliver({ ...receipt, status });
			expect(await outcome(first)).toMatchObject({ code, message });
			expect(await outcome(second)).toBe("pending");
			rig.client.dispose();
			expect(await outcome(second)).toMatchObject({ code: "disposed" });
		},
	);

	it.each(["queued", "delivered"])(
		"goes on waiting when its receipt is %s",
		async (status) => {
			const rig = await createOnlineRig(TIMMY);
			const answer = rig.client.request("a", QUESTION);
			const { reply_to: id } = lastQuestion(rig);
			const receipt = { type: "gateway_receipt", id, target_id: "a" };
			rig.socket().deliver({ ...receipt, status });
			expect(await outcome(answer)).toBe("pending");
			rig.socket().deliver({ type: "x", in_reply_to: id, status: "dropped" });
			expect(await outcome(answer)).toMatchObject({ type: "x" });
		},
	);

	it("rejects with its signal's reason, and lets go of the signal", async () => {
		const rig = await createOnlineRig(TIMMY);
		const controller = new AbortController();
		const remove = vi.spyOn(controller.signal, "removeEventListener");
		const { signal } = controller;
		const answer = rig.client.request("a", QUESTION, { signal });
		answer.catch(() => {});
		const reason = new Error("no longer wanted");
		controller.abort(reason);
		expect(await outcome(answer)).toBe(reason);
		expect(remove).toHaveBeenCalledTimes(1);
		const count = rig.socket().sent.length;
		const second = rig.client.request("a", QUESTION, { signal });
		expect(await outcome(second)).toBe(reason);
		expect(rig.socket().sent).toHaveLength(count);
	});

	it("that was given up before it went out does not go out", async () => {
		const rig = await createRig(TIMMY);
		const answer = rig.client.request("a", QUESTION, { timeout: 10 });
		answer.catch(() => {});
		rig.client.send({ type: "marker" });
		await vi.advanceTimersByTimeAsync(10);
		expect(await outcome(answer)).toMatchObject({ code: "timeout" });
		rig.answer();
		expect(sentByUser(rig.socket())).toEqual([{ type: "marker" }]);
	});

	it("outlives a reconnect", async () => {
		const rig = await createOnlineRig(TIMMY);
		const answer = rig.client.request("a", QUESTION);
		const { reply_to } = lastQuestion(rig);
		rig.socket().end(1006);
		await nextTry(rig);
		rig.answer();
		rig.socket().deliver({ type: "x", in_reply_to: reply_to });
		expect(await outcome(answer)).toMatchObject({ type: "x" });
	});

	it("rejects where it finds no room", async () => {
		const rig = await createRig({ ...TIMMY, maxQueue: 0 });
		const answer = rig.client.request("a", QUESTION);
		expect(await outcome(answer)).toMatchObject({ code: "dropped" });
	});

	it("rejects when the client is refused, then and afterwards", async () => {
		const rig = await createOnlineRig(TIMMY);
		const answer = rig.client.request("a", QUESTION);
		answer.catch(() => {});
		rig.socket().end(4009, "replaced by a newer connection");
		const expected = {
			code: "refused",
			message: "replaced by a newer connection",
		};
		expect(await outcome(answer)).toMatchObject(expected);
		rig.client.dispose();
		const second = rig.client.request("a", QUESTION);
		expect(await outcome(second)).toMatchObject(expected);
		expect(vi.getTimerCount()).toBe(0);
	});

	it("is not for viewers, who have no address", async () => {
		const rig = await createOnlineRig();
		expect(await outcome(rig.client.request("a", QUESTION))).toEqual(
			new TypeError("A viewer cannot make requests: it has no agentId."),
		);
	});
});

describe("reply", () => {
	it.each(["agentId", "agent_id"])(
		"answers the sender in %s",
		async (field) => {
			const rig = await createOnlineRig(TIMMY);
			const asked = { type: "x", reply_to: "r1", [field]: "perplexity" };
			expect(
				rig.client.reply(asked, { type: "agent_message", text: "!" }),
			).toBe(true);
			expect(sentByUser(rig.socket())).toEqual([
				{
					type: "agent_message",
					text: "!",
					target_id: "perplexity",
					in_reply_to: "r1",
				},
			]);
		},
	);

	it.each([
		{},
		{ reply_to: "r1" },
		{ agentId: "a" },
		{ reply_to: 1, agentId: "a" },
		{ reply_to: "r1", agentId: "" },
		{ reply_to: "r1", agentId: null },
		{ reply_to: "r1", agentId: 5, agent_id: "a" },
	])("returns false for what cannot be answered: %j", async (fields) => {
		const onDropped = vi.fn();
		const { client, socket } = await createOnlineRig({ ...TIMMY, onDropped });
		const answers: boolean[] = [];
		const reportError = vi.fn();
		vi.stubGlobal("reportError", reportError);
		client.on("x", (message) =>
			answers.push(client.reply(message, { type: "y" })),
		);
		socket().deliver({ type: "x", ...fields });
		expect(reportError, "what a listener throws").not.toHaveBeenCalled();
		expect(answers).toEqual([false]);
		expect(sentByUser(socket())).toEqual([]);
		expect(onDropped).not.toHaveBeenCalled();
	});
});
