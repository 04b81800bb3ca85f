/** What the client asks to be sent of what is routed. */
import { describe, expect, it, vi } from "vitest";
import { createOnlineRig, createRig, nextTry, type Rig } from "./network.ts";

const BARKS = { types: ["bark"] };
const WAVES = { types: ["wave"] };
const SESSION = { session: "s", resumeWindow: 60 };

/** What the newest connection was asked for, its first message aside. */
const asked = ({ socket }: Rig) =>
	socket()
		.sent.filter(({ type }) => type === "agent_subscribe")
		.map(({ subscribe }) => subscribe);

const answer = ({ socket }: Rig, subscribe: unknown) =>
	socket().deliver({ type: "agent_subscribed", subscribe });

const tooOften = ({ socket }: Rig, retryAfter: number) =>
	socket().deliver({
		...{ type: "gateway_error", code: "rate_limited", message: "!" },
		...{ of: "agent_subscribe", retryAfter },
	});

/** Drops the connection, and answers the next one. */
async function comeBack(rig: Rig, fields: object): Promise<void> {
	rig.socket().end(1006);
	await nextTry(rig);
	rig.answer(fields);
}

/** Whether a promise has settled, and how. */
function watch(promise: Promise<unknown>) {
	const settled = vi.fn();
	promise.then(
		() => settled("done"),
		({ code, message }) => settled(`${code}: ${message}`),
	);
	return async () => {
		await vi.advanceTimersByTimeAsync(0);
		return settled.mock.calls.flat();
	};
}

describe("an agent", () => {
	it("registers with it, each time [SUB1, SUB3]", async () => {
		const given = { agentId: "ada", subscribe: BARKS };
		const rig = await createOnlineRig(given, { ...SESSION, subscribe: BARKS });
		expect(rig.socket().sent[0]).toMatchObject({ subscribe: BARKS });
		await comeBack(rig, { ...SESSION, resumed: false, subscribe: BARKS });
		expect(rig.socket().sent[0]).toMatchObject({ subscribe: BARKS });
		expect(asked(rig)).toEqual([]);
	});

	it("says nothing of it where it is not asked to", async () => {
		const rig = await createOnlineRig({ agentId: "ada" });
		expect(rig.socket().sent[0]).not.toHaveProperty("subscribe");
	});

	it("asks for something else, which holds when it is answered [SUB2]", async () => {
		const rig = await createOnlineRig({ agentId: "ada" }, SESSION);
		const [one, two] = [BARKS, null].map((interest) =>
			watch(rig.client.subscribe(interest)),
		);
		expect(asked(rig)).toEqual([BARKS]);
		answer(rig, BARKS);
		expect(await one?.()).toEqual(["done"]);
		expect(await two?.()).toEqual([]);
		expect(asked(rig)).toEqual([BARKS, null]);
		answer(rig, null);
		expect(await two?.()).toEqual(["done"]);
	});

	it("has one on its way at a time, and then asks for the last of all [SUB2]", async () => {
		const rig = await createOnlineRig({ agentId: "ada" }, SESSION);
		const outcomes = Array.from({ length: 200 }, (_, n) =>
			watch(rig.client.subscribe({ types: [`t${n}`] })),
		);
		answer(rig, { types: ["t0"] });
		expect(asked(rig)).toEqual([{ types: ["t0"] }, { types: ["t199"] }]);
		expect(await outcomes[1]?.()).toEqual([]);
		answer(rig, { types: ["t199"] });
		for (const outcome of outcomes) expect(await outcome()).toEqual(["done"]);
	});

	it("waits where it asks too often, and then asks for the last of all [SUB4]", async () => {
		const rig = await createOnlineRig({ agentId: "ada" }, SESSION);
		const one = watch(rig.client.subscribe(BARKS));
		tooOften(rig, 0.5);
		const two = watch(rig.client.subscribe(WAVES));
		await vi.advanceTimersByTimeAsync(499);
		expect(asked(rig)).toEqual([BARKS]);
		await vi.advanceTimersByTimeAsync(1);
		expect(asked(rig)).toEqual([BARKS, WAVES]);
		expect(await one()).toEqual([]);
		answer(rig, WAVES);
		expect([await one(), await two()]).toEqual([["done"], ["done"]]);
	});

	it.each([-1, 0, 1e12])("waits a sane time where it is told %d", async (n) => {
		const rig = await createOnlineRig({ agentId: "ada" }, SESSION);
		watch(rig.client.subscribe(BARKS));
		tooOften(rig, n);
		await vi.advanceTimersByTimeAsync(99);
		expect(asked(rig)).toEqual([BARKS]);
	});

	it("waits no longer on the next connection, which begins with it", async () => {
		const rig = await createOnlineRig({ agentId: "ada" }, SESSION);
		const outcome = watch(rig.client.subscribe(BARKS));
		tooOften(rig, 60);
		await comeBack(rig, {
			...SESSION,
			resumed: true,
			received: 1,
			subscribe: BARKS,
		});
		expect(rig.socket().sent[0]).toMatchObject({ subscribe: BARKS });
		expect(await outcome()).toEqual(["done"]);
		await vi.advanceTimersByTimeAsync(60_000);
		expect(asked(rig)).toEqual([]);
	});

	it("asks nothing more once it is disposed of while it waits", async () => {
		const rig = await createOnlineRig({ agentId: "ada" }, SESSION);
		const outcome = watch(rig.client.subscribe(BARKS));
		tooOften(rig, 0.5);
		rig.client.dispose();
		expect(await outcome()).toEqual(["disposed: the client was disposed of"]);
		await vi.advanceTimersByTimeAsync(1_000);
		expect(asked(rig)).toEqual([BARKS]);
	});

	it("is told why it is refused, and of no other error", async () => {
		const rig = await createOnlineRig({ agentId: "ada" }, SESSION);
		const outcome = watch(rig.client.subscribe(BARKS));
		const error = { type: "gateway_error", code: "bad_message", message: "!" };
		rig.socket().deliver(error);
		expect(await outcome()).toEqual([]);
		rig.socket().deliver({ ...error, of: "agent_subscribe" });
		expect(await outcome()).toEqual(["refused: bad_message: !"]);
	});

	it("registers with what held before where something else was refused [SUB2]", async () => {
		const given = { agentId: "ada", subscribe: BARKS };
		const rig = await createOnlineRig(given, { ...SESSION, subscribe: BARKS });
		const [, refused] = [WAVES, { types: [""] }].map((interest) =>
			watch(rig.client.subscribe(interest)),
		);
		answer(rig, WAVES);
		rig.socket().deliver({
			...{ type: "gateway_error", code: "bad_message", message: "!" },
			of: "agent_subscribe",
		});
		expect(await refused?.()).toEqual(["refused: bad_message: !"]);
		await comeBack(rig, { ...SESSION, resumed: true, received: 2 });
		expect(rig.socket().sent[0]).toMatchObject({ subscribe: WAVES });
	});

	it("asks while it is offline with its next registration", async () => {
		const rig = await createOnlineRig({ agentId: "ada" }, SESSION);
		rig.socket().end(1006);
		const outcome = watch(rig.client.subscribe(BARKS));
		await nextTry(rig);
		expect(await outcome()).toEqual([]);
		rig.answer({ ...SESSION, resumed: true, received: 0, subscribe: BARKS });
		expect(rig.socket().sent[0]).toMatchObject({ subscribe: BARKS });
		expect(asked(rig)).toEqual([]);
		expect(await outcome()).toEqual(["done"]);
	});

	it("has the last word where an older one is sent again on a resume", async () => {
		const rig = await createOnlineRig({ agentId: "ada" }, SESSION);
		const one = watch(rig.client.subscribe(BARKS));
		rig.socket().end(1006);
		const two = watch(rig.client.subscribe(WAVES));
		await nextTry(rig);
		rig.answer({ ...SESSION, resumed: true, received: 0, subscribe: WAVES });
		expect(asked(rig)).toEqual([BARKS]);
		answer(rig, BARKS);
		expect(await one()).toEqual(["done"]);
		expect(asked(rig)).toEqual([BARKS, WAVES]);
		expect(await two()).toEqual([]);
		answer(rig, WAVES);
		expect(await two()).toEqual(["done"]);
	});

	it("need not ask again where its session is lost, and nothing of it is told as dropped", async () => {
		const onDropped = vi.fn();
		const given = { agentId: "ada", onDropped };
		const rig = await createOnlineRig(given, SESSION);
		const outcome = watch(rig.client.subscribe(BARKS));
		await comeBack(rig, { ...SESSION, resumed: false, subscribe: BARKS });
		expect(asked(rig)).toEqual([]);
		expect(await outcome()).toEqual(["done"]);
		expect(onDropped).not.toHaveBeenCalled();
	});

	it("is told where the gateway knows of no such thing", async () => {
		const rig = await createRig({ agentId: "ada" });
		const outcome = watch(rig.client.subscribe(BARKS));
		rig.answer(SESSION);
		expect(await outcome()).toEqual([
			"refused: this gateway sends everything: it is an older one",
		]);
	});
});

describe("a viewer", () => {
	it("asks once it is one, on each connection", async () => {
		const rig = await createOnlineRig({ subscribe: BARKS });
		expect(asked(rig)).toEqual([BARKS]);
		const outcome = watch(rig.client.subscribe(WAVES));
		await comeBack(rig, {});
		expect(asked(rig)).toEqual([WAVES]);
		expect(await outcome()).toEqual([]);
		answer(rig, WAVES);
		expect(await outcome()).toEqual(["done"]);
	});
});

it("rejects what waits when it is disposed of", async () => {
	const rig = await createOnlineRig({ agentId: "ada" }, SESSION);
	const outcome = watch(rig.client.subscribe(BARKS));
	rig.client.dispose();
	expect(await outcome()).toEqual(["disposed: the client was disposed of"]);
	expect(await watch(rig.client.subscribe(BARKS))()).toEqual([
		"disposed: the client was disposed of",
	]);
});
