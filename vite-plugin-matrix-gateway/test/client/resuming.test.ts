import { beforeEach, describe, expect, it, vi } from "vitest";
import type { MatrixClientOptions } from "../../src/client/index.ts";
import {
	createOnlineRig,
	createRig,
	nextTry,
	type Rig,
	sentByUser,
} from "./network.ts";
import { stubPage } from "./page.ts";

const TIMMY = { agentId: "timmy", role: "mind" };
const PERPLEXITY = { agentId: "perplexity", role: "agent" };
const SESSION = { session: "id.secret", resumeWindow: 60, heartbeat: 0 };

function bark(text: string) {
	return { type: "bark", agentId: "timmy", text } as const;
}

/** A client that is online with a session. */
function createSessionRig(
	options: Partial<MatrixClientOptions> = {},
): Promise<Rig> {
	return createOnlineRig({ ...TIMMY, ...options }, SESSION);
}

/** The connection drops, and the next one opens; its greeting is not answered yet. */
async function drop(rig: Rig, code = 1006): Promise<void> {
	rig.socket().end(code);
	await nextTry(rig);
	rig.socket().open();
}

function resumed(rig: Rig, received: number): void {
	rig.socket().deliver({
		...{ type: "agent_registered", ...TIMMY, ...SESSION },
		...{ connectionId: "c2", maxPayload: 262_144, resumed: true, received },
	});
}

function notResumed(rig: Rig, fields: object = {}): void {
	rig.socket().deliver({
		...{ type: "agent_registered", ...TIMMY, ...SESSION, agents: [] },
		...{ connectionId: "c2", maxPayload: 262_144, resumed: false },
		...{ session: "id2.secret2", ...fields },
	});
}

function greeting(rig: Rig): unknown {
	return rig.socket().sent[0];
}

function texts(rig: Rig): unknown[] {
	return sentByUser(rig.socket()).map((message) => Object(message).text);
}

describe("a session [RES1]", () => {
	it("is asked for, and then gone on with by its secret", async () => {
		const rig = await createSessionRig();
		const register = { type: "agent_register", ...TIMMY };
		expect(greeting(rig)).toEqual({ ...register, resume: true });
		await drop(rig);
		const resume = { session: "id.secret", received: 0 };
		expect(greeting(rig)).toEqual({ ...register, resume });
	});

	it("is not asked for where resume is false, nor by a viewer", async () => {
		const agent = await createRig({ ...TIMMY, resume: false });
		const viewer = await createRig({ resume: true });
		for (const rig of [agent, viewer]) {
			rig.answer({ session: "id.secret" });
			rig.client.send(bark("1"));
			rig.socket().end(1006);
			await nextTry(rig);
			expect(rig.client.state).toEqual({ status: "connecting" });
			rig.answer();
			expect(greeting(rig)).not.toHaveProperty("resume");
			expect(greeting(rig)).not.toHaveProperty("received");
			expect(sentByUser(rig.socket())).toEqual([]);
			expect(rig.client.state).toMatchObject({ resumed: false });
		}
	});

	it("is tried again until the gateway has answered, however late", async () => {
		const rig = await createSessionRig();
		rig.socket().deliver(bark("1"));
		for (let count = 0; count < 5; count++) {
			await drop(rig);
			expect(greeting(rig)).toMatchObject({
				resume: { session: "id.secret", received: 1 },
			});
			await vi.advanceTimersByTimeAsync(14_000);
		}
		resumed(rig, 0);
		expect(rig.client.state).toEqual({ status: "online", resumed: true });
	});

	it("of a gateway that has none is none", async () => {
		const rig = await createOnlineRig(TIMMY, { heartbeat: 0 });
		rig.client.send(bark("1"));
		expect(vi.getTimerCount()).toBe(0);
		rig.socket().end(1006);
		await nextTry(rig);
		expect(rig.client.state).toEqual({ status: "connecting" });
		rig.answer();
		expect(greeting(rig)).toMatchObject({ resume: true });
		expect(sentByUser(rig.socket())).toEqual([]);
	});
});

describe("the count of what came [RES2]", () => {
	it("is of all that follows the ack, ping and pong aside", async () => {
		const rig = await createRig(TIMMY);
		rig.answer(SESSION);
		const errors = { type: "gateway_error", code: "bad_message", message: "" };
		for (const message of [bark("1"), { type: "pong" }, { type: "ping" }])
			rig.socket().deliver(message);
		rig.socket().deliver({ ...errors });
		rig.socket().deliver({ type: "gateway_receipt", id: "1" });
		rig.socket().deliver({ type: "agent_registered", agentId: "second" });
		rig.socket().deliver("no JSON");
		rig.socket().deliverBinary();
		await drop(rig);
		expect(greeting(rig)).toMatchObject({ resume: { received: 6 } });
	});

	it("goes on after a resume, whose ack is not counted", async () => {
		const rig = await createSessionRig();
		rig.socket().deliver(bark("1"));
		await drop(rig);
		resumed(rig, 0);
		rig.socket().deliver(bark("2"));
		await drop(rig);
		expect(greeting(rig)).toMatchObject({ resume: { received: 2 } });
	});

	it("starts over with a new session", async () => {
		const rig = await createSessionRig();
		rig.socket().deliver(bark("1"));
		await drop(rig);
		notResumed(rig);
		rig.socket().deliver(bark("2"));
		await drop(rig);
		expect(greeting(rig)).toMatchObject({
			resume: { session: "id2.secret2", received: 1 },
		});
	});

	it("leaves out what an old socket still says", async () => {
		const rig = await createSessionRig();
		const [old] = rig.sockets;
		await drop(rig);
		old?.deliver(bark("late"));
		await drop(rig);
		expect(greeting(rig)).toMatchObject({ resume: { received: 0 } });
	});

	it("is told with each ping [RES5]", async () => {
		const rig = await createOnlineRig(TIMMY, { ...SESSION, heartbeat: 30 });
		rig.socket().deliver(bark("1"));
		await vi.advanceTimersByTimeAsync(30_000);
		expect(sentByUser(rig.socket())).toEqual([{ type: "ping", received: 1 }]);
	});
});

describe("a resumed session [RES3]", () => {
	it("sends again what the gateway has not got, then what waited", async () => {
		const rig = await createSessionRig();
		for (const text of ["1", "2", "3", "4"]) rig.client.send(bark(text));
		rig.socket().end(1006);
		rig.client.send(bark("5"));
		await nextTry(rig);
		rig.socket().open();
		rig.client.send(bark("6"));
		expect(sentByUser(rig.socket()), "nothing before the ack").toEqual([]);
		resumed(rig, 2);
		expect(texts(rig)).toEqual(["3", "4", "5", "6"]);
	});

	it("counts on where it was, however often it drops", async () => {
		const rig = await createSessionRig();
		for (const text of ["1", "2", "3"]) rig.client.send(bark(text));
		await drop(rig);
		resumed(rig, 1);
		expect(texts(rig)).toEqual(["2", "3"]);
		rig.client.send(bark("4"));
		await drop(rig);
		resumed(rig, 2);
		expect(texts(rig)).toEqual(["3", "4"]);
		await drop(rig);
		resumed(rig, 4);
		expect(texts(rig)).toEqual([]);
	});

	it("does not count the user's own pings", async () => {
		const rig = await createSessionRig();
		for (const message of [bark("1"), { type: "ping" }, bark("2")])
			rig.client.send(message);
		await drop(rig);
		resumed(rig, 1);
		expect(texts(rig)).toEqual(["2"]);
	});

	it("sends again a request that timed out on the way, since it is counted", async () => {
		const rig = await createSessionRig();
		const answer = rig.client.request("a", bark("1"), { timeout: 10 });
		answer.catch(() => {});
		rig.client.send(bark("2"));
		await vi.advanceTimersByTimeAsync(10);
		await expect(answer).rejects.toMatchObject({ code: "timeout" });
		await drop(rig);
		resumed(rig, 1);
		expect(texts(rig)).toEqual(["2"]);
	});

	it("tells every state, and nobody of a roster that has not changed", async () => {
		const rig = await createRig(TIMMY);
		rig.answer({ ...SESSION, agents: [PERPLEXITY] });
		const states: unknown[] = [];
		const changes = vi.fn();
		rig.client.onState((state) => states.push(state));
		rig.client.onAgents(changes);
		await drop(rig);
		resumed(rig, 0);
		expect(states).toEqual([
			expect.objectContaining({ status: "offline", code: 1006 }),
			{ status: "resuming" },
			{ status: "online", resumed: true },
		]);
		expect(changes).not.toHaveBeenCalled();
		expect([...rig.client.agents.keys()]).toEqual(["perplexity", "timmy"]);
		expect(rig.client.connectionId).toBe("c2");
		rig.socket().deliver({ type: "agent_left", ...PERPLEXITY });
		expect([...rig.client.agents.keys()]).toEqual(["timmy"]);
	});

	it("keeps a request waiting, whose answer comes with the replay", async () => {
		const rig = await createSessionRig();
		const answer = rig.client.request("a", bark("?"));
		const [{ reply_to }] = sentByUser(rig.socket()) as [{ reply_to: string }];
		await drop(rig);
		resumed(rig, 1);
		rig.socket().deliver({ type: "x", in_reply_to: reply_to });
		await expect(answer).resolves.toMatchObject({ type: "x" });
	});
});

describe("a session that is not resumed [RES4]", () => {
	it("reports what is unconfirmed, and sends what never went out", async () => {
		const onDropped = vi.fn();
		const rig = await createSessionRig({ onDropped });
		rig.client.send(bark("1"));
		rig.client.send(bark("2"));
		rig.socket().deliver({ type: "pong", received: 1 });
		rig.socket().end(1006);
		rig.client.send(bark("3"));
		await nextTry(rig);
		rig.socket().open();
		expect(onDropped).not.toHaveBeenCalled();
		notResumed(rig);
		expect(texts(rig)).toEqual(["3"]);
		expect(onDropped.mock.calls).toEqual([[bark("2"), "unconfirmed"]]);
		await drop(rig);
		resumed(rig, 0);
		expect(texts(rig), "counted from 0 again").toEqual(["3"]);
	});

	it("says so, and has a roster of its own", async () => {
		const rig = await createRig(TIMMY);
		rig.answer({ ...SESSION, agents: [PERPLEXITY] });
		const changes = vi.fn();
		rig.client.onAgents(changes);
		await drop(rig);
		notResumed(rig);
		expect(rig.client.state).toEqual({
			status: "online",
			resumed: false,
			reason:
				"not resumed: what others said since the last connection is missing",
		});
		expect([...rig.client.agents.keys()]).toEqual(["timmy"]);
		expect(changes).toHaveBeenCalledTimes(1);
	});

	it("is one also where the gateway knows no sessions any more", async () => {
		const onDropped = vi.fn();
		const rig = await createSessionRig({ onDropped });
		rig.client.send(bark("1"));
		await drop(rig);
		notResumed(rig, { session: undefined, resumed: undefined });
		expect(rig.client.state).toMatchObject({ resumed: false });
		expect(onDropped.mock.calls).toEqual([[bark("1"), "unconfirmed"]]);
		rig.client.send(bark("2"));
		await drop(rig);
		expect(greeting(rig)).toMatchObject({ resume: true });
	});

	it.each([4009, 4002])("is for good where the answer is %i", async (code) => {
		const onDropped = vi.fn();
		const rig = await createSessionRig({ onDropped });
		rig.client.send(bark("1"));
		await drop(rig);
		rig.client.send(bark("2"));
		rig.socket().end(code, "no");
		expect(rig.client.state).toMatchObject({ status: "refused", code });
		expect(onDropped.mock.calls).toEqual([
			[bark("1"), "unconfirmed"],
			[bark("2"), "refused"],
		]);
		expect(vi.getTimerCount()).toBe(0);
	});

	it("is reported when the client is disposed of before it is back, not while it is online", async () => {
		const onDropped = vi.fn();
		const offline = await createSessionRig({ onDropped });
		offline.client.send(bark("1"));
		offline.socket().end(1006);
		offline.client.dispose();
		const online = await createSessionRig({ onDropped });
		online.client.send(bark("2"));
		online.client.dispose();
		expect(onDropped.mock.calls).toEqual([[bark("1"), "unconfirmed"]]);
		expect(vi.getTimerCount()).toBe(0);
	});

	it("may be the moment to dispose of the client", async () => {
		const rig = await createSessionRig({
			onDropped: () => rig.client.dispose(),
		});
		rig.client.send(bark("1"));
		await drop(rig);
		notResumed(rig);
		expect(rig.client.state).toEqual({ status: "offline", reason: "disposed" });
		expect(vi.getTimerCount()).toBe(0);
	});
});

describe("what has come by what was heard of it", () => {
	const onDropped = vi.fn();
	let rig: Rig;

	beforeEach(async () => {
		onDropped.mockClear();
		rig = await createSessionRig({ onDropped });
		rig.client.send(bark("before"));
	});

	async function restart(): Promise<unknown[]> {
		await drop(rig);
		notResumed(rig);
		return onDropped.mock.calls.map(([{ text }, reason]) => [text, reason]);
	}

	function lastSent(): { receipt?: string; reply_to?: string } {
		return sentByUser(rig.socket()).at(-1) as object;
	}

	it("CL3 a request that was answered is not reported, nor what went before it", async () => {
		const answer = rig.client.request("a", bark("?"));
		rig.client.send(bark("after"));
		const { reply_to } = sentByUser(rig.socket())[1] as { reply_to: string };
		rig.socket().deliver({ type: "x", in_reply_to: reply_to });
		await answer;
		expect(await restart()).toEqual([["after", "unconfirmed"]]);
	});

	it.each(["delivered", "offline", "queued", "dropped"])(
		"CL3 a receipt says so too: %s",
		async (status) => {
			rig.client.deliver("a", bark("!"), { timeout: 0 }).catch(() => {});
			const { receipt: id } = lastSent();
			rig.client.send(bark("after"));
			rig.socket().deliver({ type: "gateway_receipt", id, status });
			expect(await restart()).toEqual([["after", "unconfirmed"]]);
		},
	);

	it("CL3 so does the refusal of what asked for one", async () => {
		rig.client.deliver("a", bark("!")).catch(() => {});
		const { receipt } = lastSent();
		rig.socket().deliver({ type: "gateway_error", code: "x", receipt });
		expect(await restart()).toEqual([]);
	});

	it("CL3 so do receipts and answers to what the user's own code asked", async () => {
		rig.client.sendTo("a", { ...bark("1"), receipt: "mine" });
		rig.client.sendTo("a", { ...bark("2"), reply_to: "mine too" });
		rig.client.send(bark("after"));
		rig.socket().deliver({ type: "x", in_reply_to: "mine too" });
		expect(await restart()).toEqual([["after", "unconfirmed"]]);
		rig.client.sendTo("a", { ...bark("3"), receipt: "again" });
		rig.socket().deliver({ type: "gateway_receipt", id: "again", status: "x" });
		onDropped.mockClear();
		expect(await restart()).toEqual([]);
	});

	it("CL3 so does a pong, and the counts go together", async () => {
		rig.client.send(bark("1"));
		rig.client.deliver("a", bark("2")).catch(() => {});
		const { receipt: id } = lastSent();
		rig.client.send(bark("3"));
		rig.socket().deliver({ type: "gateway_receipt", id, status: "delivered" });
		rig.socket().deliver({ type: "pong", received: 2 });
		rig.client.send(bark("4"));
		expect(await restart()).toEqual([
			["3", "unconfirmed"],
			["4", "unconfirmed"],
		]);
	});

	it("CL3 what is none of ours says nothing", async () => {
		rig.client.request("a", bark("?")).catch(() => {});
		for (const name of [undefined, null, 1, {}, "", "someone else's"]) {
			rig.socket().deliver({ type: "x", in_reply_to: name });
			rig.socket().deliver({ type: "gateway_receipt", id: name });
		}
		expect(await restart()).toHaveLength(2);
	});

	it("CL3 is sent again all the same where the gateway has not got it: anybody can claim an answer", async () => {
		rig.client.request("a", bark("?"), { timeout: 0 }).catch(() => {});
		const { reply_to } = lastSent();
		rig.socket().deliver({ type: "x", in_reply_to: reply_to });
		await drop(rig);
		resumed(rig, 1);
		expect(texts(rig)).toEqual(["?"]);
	});

	it("CL3 is known after a page's reload as well", async () => {
		const page = stubPage();
		const options = { keepSession: true, onDropped };
		const first = await createSessionRig(options);
		first.client.deliver("a", bark("1")).catch(() => {});
		const { receipt: id } = Object(sentByUser(first.socket()).at(-1));
		first.client.send(bark("2"));
		first.socket().deliver({ type: "gateway_receipt", id, status: "queued" });
		page.leave();
		const second = await createRig({ ...TIMMY, ...options });
		second.socket().open();
		notResumed(second);
		expect(onDropped.mock.calls.map(([{ text }]) => text)).toEqual(["2"]);
	});
});

describe("what is unconfirmed [RES5]", () => {
	let rig: Rig;
	const onDropped = vi.fn();
	const pings = () =>
		sentByUser(rig.socket()).filter(
			(message) => Object(message).type === "ping",
		).length;
	const barks = () => sentByUser(rig.socket()).length - pings();

	beforeEach(async () => {
		onDropped.mockClear();
		rig = await createSessionRig({ onDropped });
	});

	function sendMany(count: number): boolean[] {
		return Array.from({ length: count }, (_, index) =>
			rig.client.send(bark(`${index}`)),
		);
	}

	function confirm(received: number): void {
		rig.socket().deliver({ type: "pong", received });
	}

	it("is asked about after a while, once, and not where there is nothing", async () => {
		sendMany(3);
		await vi.advanceTimersByTimeAsync(4_999);
		expect(pings()).toBe(0);
		await vi.advanceTimersByTimeAsync(1);
		expect(pings()).toBe(1);
		sendMany(1);
		await vi.advanceTimersByTimeAsync(60_000);
		expect(pings(), "the first is not answered yet").toBe(1);
		confirm(3);
		await vi.advanceTimersByTimeAsync(5_000);
		expect(pings(), "one is left").toBe(2);
		confirm(4);
		expect(vi.getTimerCount()).toBe(0);
	});

	it("is asked about at once where it is half of what may be out", async () => {
		sendMany(4_999);
		expect(pings()).toBe(0);
		sendMany(2);
		expect(pings()).toBe(1);
		confirm(1);
		expect(pings(), "still half").toBe(2);
		confirm(3_000);
		expect(pings()).toBe(2);
	});

	it("bounds what goes out; the rest waits in order and then is told", async () => {
		const sent = sendMany(11_001);
		expect(barks()).toBe(10_000);
		expect(sent.filter((isTaken) => !isTaken)).toHaveLength(1);
		expect(onDropped.mock.calls).toEqual([[bark("11000"), "overflow"]]);
		confirm(400);
		expect(barks()).toBe(10_400);
		confirm(10_400);
		const expected = sent.slice(0, 11_000).map((_, index) => bark(`${index}`));
		expect(
			sentByUser(rig.socket()).filter(
				(message) => Object(message).type === "bark",
			),
		).toEqual(expected);
	});

	it("bounds its size too, except that one message always goes out", async () => {
		rig.socket().end(1006);
		await nextTry(rig);
		const large = "x".repeat(1_500_000);
		rig.answer({ ...SESSION, maxPayload: 4_000_000 });
		for (const text of [large + large, large, large])
			rig.client.send(bark(text));
		expect(barks()).toBe(1);
		confirm(1);
		expect(barks()).toBe(3);
		confirm(3);
	});

	it("is sent again within the same bounds", async () => {
		sendMany(10_500);
		await drop(rig);
		resumed(rig, 100);
		expect(barks()).toBe(10_000);
		expect(texts(rig)[0]).toBe("100");
		expect(pings()).toBe(1);
		confirm(10_100);
		expect(
			texts(rig)
				.filter((text) => text !== undefined)
				.at(-1),
		).toBe("10499");
	});

	it("is not asked about while there is no connection", async () => {
		sendMany(1);
		rig.socket().end(4009);
		expect(vi.getTimerCount()).toBe(0);
	});
});

describe("a page that was frozen", () => {
	it("resumes at once when it comes back from the cache, its socket dead", async () => {
		const page = stubPage();
		const rig = await createSessionRig();
		rig.socket().deliver(bark("1"));
		page.leave(true);
		rig.socket().end(1006);
		page.comeBack();
		await vi.advanceTimersByTimeAsync(0);
		rig.socket().open();
		expect(greeting(rig)).toMatchObject({
			resume: { session: "id.secret", received: 1 },
		});
		resumed(rig, 0);
		expect(rig.client.state).toEqual({ status: "online", resumed: true });
	});

	it("asks whether its connection lives, and finds out soon that it does not", async () => {
		const page = stubPage();
		const rig = await createOnlineRig(TIMMY, { ...SESSION, heartbeat: 30 });
		page.leave(true);
		page.comeBack();
		expect(sentByUser(rig.socket())).toEqual([{ type: "ping", received: 0 }]);
		await vi.advanceTimersByTimeAsync(5_000);
		expect(rig.client.state).toMatchObject({ status: "offline", code: 4203 });
		await drop(rig);
		expect(rig.client.state).toEqual({ status: "resuming" });
	});

	it("does nothing at the pageshow of its load", async () => {
		const page = stubPage();
		const rig = await createOnlineRig(TIMMY, { ...SESSION, heartbeat: 30 });
		page.load();
		expect(sentByUser(rig.socket())).toEqual([]);
	});
});
