import { beforeEach, describe, expect, it, vi } from "vitest";
import type { MatrixClientOptions } from "../../src/client/index.ts";
import { createRig, nextTry, type Rig, sentByUser } from "./network.ts";
import { type Page, stubPage } from "./page.ts";

const TIMMY = { agentId: "timmy", role: "mind" };
const PERPLEXITY = { agentId: "perplexity", role: "agent" };
const SESSION = { session: "id.secret", resumeWindow: 60, heartbeat: 0 };

function bark(text: string) {
	return { type: "bark", agentId: "timmy", text } as const;
}

let page: Page;

beforeEach(() => {
	page = stubPage();
});

/** A client of a page that is loading. */
function load(options: Partial<MatrixClientOptions> = {}): Promise<Rig> {
	return createRig({ ...TIMMY, keepSession: true, ...options });
}

/** A client that is online with a session, and has got one message. */
async function start(options: Partial<MatrixClientOptions> = {}): Promise<Rig> {
	const rig = await load(options);
	rig.answer({ ...SESSION, agents: [PERPLEXITY] });
	rig.socket().deliver(bark("heard"));
	return rig;
}

/** The page ends, and with it the connection; the next one starts from what is stored. */
function leave(rig: Rig): void {
	page.leave();
	rig.socket().readyState = 3;
}

function resumed(rig: Rig, received: number): void {
	rig.answer({ ...SESSION, resumed: true, received, agents: undefined });
}

function notResumed(rig: Rig, session = "id2.secret2"): void {
	rig.answer({ ...SESSION, session, resumed: false });
}

function greeting(rig: Rig): unknown {
	return rig.socket().sent[0];
}

describe("a page that is reloaded", () => {
	it("goes on with the session, sees the world again and sends what is left", async () => {
		const old = await start();
		for (const text of ["1", "2"]) old.client.send(bark(text));
		old.socket().end(1006);
		old.client.send(bark("3"));
		leave(old);

		const rig = await load();
		expect(rig.client.state).toEqual({ status: "resuming" });
		expect([...rig.client.agents.keys()]).toEqual(["perplexity", "timmy"]);
		rig.client.send(bark("4"));
		resumed(rig, 1);
		expect(greeting(rig)).toEqual({
			type: "agent_register",
			...TIMMY,
			resume: { session: "id.secret", received: 1, retained: true },
		});
		expect(sentByUser(rig.socket())).toEqual(["2", "3", "4"].map(bark));
		expect(rig.client.state).toEqual({ status: "online", resumed: true });
		expect([...rig.client.agents.keys()]).toEqual(["perplexity", "timmy"]);
	});

	it("asks for the world until it is promised, and not after that", async () => {
		leave(await start());
		const rig = await load();
		rig.socket().open();
		rig.socket().end(1006);
		await nextTry(rig);
		resumed(rig, 0);
		expect(greeting(rig)).toMatchObject({ resume: { retained: true } });
		rig.socket().deliver(bark("retained"));
		rig.socket().end(1006);
		await nextTry(rig);
		rig.socket().open();
		expect(greeting(rig)).toMatchObject({
			resume: { session: "id.secret", received: 2 },
		});
		expect(greeting(rig)).not.toHaveProperty("resume.retained");
	});

	it("reports what the page before it sent, where the session is gone", async () => {
		const old = await start();
		old.client.send(bark("1"));
		leave(old);
		const onDropped = vi.fn();
		const rig = await load({ onDropped });
		notResumed(rig);
		expect(rig.client.state).toMatchObject({ resumed: false });
		expect(onDropped.mock.calls).toEqual([[bark("1"), "unconfirmed"]]);
		expect([...rig.client.agents.keys()]).toEqual(["timmy"]);
	});

	it("again before it was answered, loses nothing", async () => {
		const old = await start();
		old.client.send(bark("1"));
		leave(old);
		const between = await load();
		between.client.send(bark("2"));
		leave(between);
		const rig = await load();
		resumed(rig, 0);
		expect(greeting(rig)).toMatchObject({ resume: { received: 1 } });
		expect(sentByUser(rig.socket())).toEqual(["1", "2"].map(bark));
	});

	it("before it was ever online keeps what waits", async () => {
		const old = await load();
		old.client.send(bark("1"));
		leave(old);
		const rig = await load();
		expect(rig.client.state).toEqual({ status: "connecting" });
		rig.answer(SESSION);
		expect(greeting(rig)).toMatchObject({ resume: true });
		expect(sentByUser(rig.socket())).toEqual([bark("1")]);
		expect(rig.client.state).toEqual({ status: "online" });
	});

	it("keeps what is sent, heard and confirmed after its pagehide", async () => {
		const old = await start();
		page.leave();
		old.client.send(bark("bye"));
		old.client.sendTo("perplexity", bark("you too"));
		old.socket().deliver(bark("late"));
		old.socket().deliver({ type: "pong", received: 1 });
		old.socket().readyState = 3;
		const rig = await load();
		resumed(rig, 1);
		expect(greeting(rig)).toMatchObject({ resume: { received: 2 } });
		expect(sentByUser(rig.socket())).toEqual([
			{ ...bark("you too"), target_id: "perplexity" },
		]);
	});
});

describe("the storage", () => {
	it("is empty while the page is there, so that a duplicated tab gets nothing", async () => {
		const old = await start();
		old.client.send(bark("1"));
		expect(page.storage.size).toBe(0);
		leave(old);
		expect(page.storage.size).toBe(1);
		const rig = await load();
		expect(page.storage.size).toBe(0);
		const duplicate = await load();
		duplicate.socket().open();
		expect(greeting(duplicate)).toMatchObject({ resume: true });
		rig.client.dispose();
	});

	it("keeps the clients of a page apart", async () => {
		const first = await start();
		first.client.send(bark("1"));
		leave(first);
		for (const other of [
			{ agentId: "other" },
			{ url: "ws://elsewhere.test/" },
		]) {
			const rig = await load(other);
			rig.answer(SESSION);
			expect(greeting(rig)).toMatchObject({ resume: true });
			expect(sentByUser(rig.socket())).toEqual([]);
		}
	});

	it.each([
		["a client that did not ask for it", TIMMY],
		["one without sessions", { ...TIMMY, keepSession: true, resume: false }],
		["a viewer", { keepSession: true }],
	])("is not touched by %s", async (_name, options) => {
		const rig = await createRig(options);
		rig.answer(SESSION);
		leave(rig);
		expect(page.storage.size).toBe(0);
	});

	it.each(["refused", "disposed"])(
		"has nothing of a client that was %s",
		async (how) => {
			const rig = await start();
			page.leave();
			expect(page.storage.size).toBe(1);
			if (how === "refused") rig.socket().end(4009);
			else rig.client.dispose();
			expect(page.storage.size).toBe(0);
			rig.client.send(bark("too late"));
			expect(page.storage.size).toBe(0);
			expect(page.listenerCount()).toBe(0);
		},
	);

	it.each([
		["is missing", () => vi.stubGlobal("sessionStorage", undefined)],
		["may not be asked for", () => page.denyStorage()],
	])("that %s breaks nothing", async (_name, spoil) => {
		spoil();
		const rig = await start();
		leave(rig);
		page.comeBack();
		rig.client.send(bark("1"));
		rig.client.dispose();
		expect(vi.getTimerCount()).toBe(0);
	});

	it("that is full breaks nothing, and keeps nothing that is out of date", async () => {
		const old = await start();
		page.leave();
		page.fillStorage();
		old.client.send(bark("1"));
		expect(page.storage.size).toBe(0);
		const sent = sentByUser(old.socket());
		expect(sent).toEqual([bark("1")]);
	});

	it.each(["{", "null", "1", "{}"])("that has %s is ignored", async (text) => {
		leave(await start());
		for (const key of page.storage.keys()) page.storage.set(key, text);
		const rig = await load();
		rig.answer(SESSION);
		expect(greeting(rig)).toMatchObject({ resume: true });
		expect(rig.client.state).toEqual({ status: "online" });
	});
});

describe("a storage whose entry is not of the client's making", () => {
	const TEXT = JSON.stringify(bark("1"));
	const KEPT = {
		session: "id.secret",
		received: 1,
		confirmed: 0,
		sent: [TEXT],
		waiting: [TEXT],
		agents: [PERPLEXITY],
	};

	function spoil(fields: object): void {
		for (const key of page.storage.keys())
			page.storage.set(key, JSON.stringify({ ...KEPT, ...fields }));
	}

	it.each<object>([
		{ waiting: ["{"] },
		{ waiting: ["null"] },
		{ waiting: ["{}"] },
		{ waiting: [TEXT, JSON.parse(TEXT)] },
		{ sent: [1] },
		{ sent: ["rubbish"] },
		{ agents: [null] },
		{ agents: [{ agentId: "timmy" }] },
		{ agents: [{ agentId: 1, role: "mind" }] },
		{ session: 1 },
		{ received: "1" },
		{ received: -1 },
		{ received: null },
		{ confirmed: undefined },
		{ known: -1 },
		{ confirmed: 0.5 },
	])("is ignored: %j", async (fields) => {
		leave(await start());
		spoil(fields);
		const rig = await load();
		expect([...rig.client.agents.keys()]).toEqual([]);
		rig.answer(SESSION);
		expect(greeting(rig)).toMatchObject({ resume: true });
		expect(sentByUser(rig.socket())).toEqual([]);
	});

	it("is taken where all is as it should be", async () => {
		leave(await start());
		spoil({});
		const rig = await load();
		resumed(rig, 0);
		expect(sentByUser(rig.socket())).toEqual([bark("1"), bark("1")]);
		expect([...rig.client.agents.keys()]).toEqual(["perplexity"]);
	});

	it("starts a page from the browser's cache over", async () => {
		const rig = await start();
		page.leave(true);
		spoil({ sent: ["rubbish"] });
		rig.socket().end(1006);
		page.comeBack();
		await vi.advanceTimersByTimeAsync(0);
		rig.answer(SESSION);
		expect(greeting(rig)).toMatchObject({ resume: true });
	});
});

describe("a page from the browser's cache", () => {
	it("goes on with its own session, silently", async () => {
		const rig = await start();
		const changes = vi.fn();
		rig.client.onAgents(changes);
		rig.client.send(bark("1"));
		page.leave(true);
		expect(page.storage.size).toBe(1);
		rig.socket().end(1006);
		page.comeBack();
		expect(page.storage.size).toBe(0);
		await vi.advanceTimersByTimeAsync(0);
		resumed(rig, 0);
		expect(greeting(rig)).toMatchObject({ resume: { received: 1 } });
		expect(greeting(rig)).not.toHaveProperty("resume.retained");
		expect(sentByUser(rig.socket())).toEqual([bark("1")]);
		expect(changes).not.toHaveBeenCalled();
	});

	it("whose connection lives goes on with that", async () => {
		const rig = await start();
		const answer = rig.client.request("a", bark("?"), { timeout: 0 });
		const [{ reply_to }] = sentByUser(rig.socket()) as [{ reply_to: string }];
		page.leave(true);
		page.comeBack();
		rig.client.send(bark("1"));
		expect(page.storage.size).toBe(0);
		rig.socket().deliver({ type: "x", in_reply_to: reply_to });
		await expect(answer).resolves.toMatchObject({ type: "x" });
	});

	it("can still take back a request that waits", async () => {
		const rig = await load();
		const answer = rig.client.request("a", bark("?"), { timeout: 10 });
		answer.catch(() => {});
		page.leave(true);
		page.comeBack();
		await vi.advanceTimersByTimeAsync(10);
		rig.answer(SESSION);
		expect(sentByUser(rig.socket())).toEqual([]);
	});

	it("starts over where another page has taken its session and kept it", async () => {
		const onDropped = vi.fn();
		const rig = await start({ onDropped });
		rig.client.send(bark("1"));
		page.leave(true);
		const other = await load();
		resumed(other, 0);
		rig.socket().end(1006);
		page.comeBack();
		await vi.advanceTimersByTimeAsync(0);
		rig.answer(SESSION);
		expect(greeting(rig)).toMatchObject({ resume: true });
		expect(rig.client.state).toMatchObject({ resumed: false });
		expect(sentByUser(rig.socket()), "the other page has sent it").toEqual([]);
		expect(sentByUser(other.socket())).toEqual([bark("1")]);
		expect(onDropped).not.toHaveBeenCalled();
	});

	it("goes on with what another page of the same session has left", async () => {
		const rig = await start();
		rig.client.send(bark("1"));
		page.leave(true);
		const other = await load();
		resumed(other, 0);
		other.socket().deliver(bark("heard by the other"));
		other.client.send(bark("2"));
		page.leave();
		other.socket().readyState = 3;
		rig.socket().end(1006);
		page.comeBack();
		await vi.advanceTimersByTimeAsync(0);
		resumed(rig, 1);
		expect(greeting(rig)).toMatchObject({
			resume: { session: "id.secret", received: 1 },
		});
		expect(sentByUser(rig.socket())).toEqual([bark("2")]);
	});

	it("reports what another page of a later session has left", async () => {
		const onDropped = vi.fn();
		const rig = await start({ onDropped });
		page.leave(true);
		const other = await load();
		notResumed(other);
		other.client.send(bark("2"));
		page.leave();
		other.socket().readyState = 3;
		rig.socket().end(1006);
		page.comeBack();
		await vi.advanceTimersByTimeAsync(0);
		rig.answer({ ...SESSION, session: "id3.secret3" });
		expect(greeting(rig)).toMatchObject({ resume: true });
		expect(onDropped.mock.calls).toEqual([[bark("2"), "unconfirmed"]]);
	});
});
