/** What a gateway says that cannot be: each by itself, and what the client makes of it [CL4]. */
import { describe, expect, it, vi } from "vitest";
import { createOnlineRig, createRig, nextTry, sentByUser } from "./network.ts";

const TIMMY = { agentId: "timmy", role: "mind" };
const PERPLEXITY = { agentId: "perplexity", role: "agent" };
const SESSION = { session: "id.secret", resumeWindow: 60, heartbeat: 0 };

function bark(text: string) {
	return { type: "bark", agentId: "timmy", text } as const;
}

describe("an answer to the greeting", () => {
	it.each([null, 1, "timmy", {}, [null, 1, {}, { agentId: "a" }, [], "b"]])(
		"CL4 whose agents are %j names nobody but us",
		async (agents) => {
			const agent = await createOnlineRig(TIMMY, { agents });
			expect(agent.client.state.status).toBe("online");
			expect([...agent.client.agents.keys()]).toEqual(["timmy"]);
			const viewer = await createOnlineRig({}, { agents });
			expect(viewer.client.state.status).toBe("online");
			expect(viewer.client.agents.size).toBe(0);
		},
	);

	it("CL4 keeps the agents of a list that are some", async () => {
		const agents = [PERPLEXITY, { ...PERPLEXITY, role: 1 }, { role: "x" }];
		const rig = await createOnlineRig({}, { agents });
		expect([...rig.client.agents.values()]).toEqual([PERPLEXITY]);
	});

	it.each([null, "5", -1, 0, [1], {}, undefined])(
		"CL4 whose maxPayload is %j sets no limit",
		async (maxPayload) => {
			const rig = await createOnlineRig({}, { maxPayload });
			expect(rig.client.send(bark("hello"))).toBe(true);
			expect(sentByUser(rig.socket())).toEqual([bark("hello")]);
		},
	);

	it.each([null, 1, "", {}, ["s"], "x".repeat(257)])(
		"CL4 whose session is %j gives none",
		async (session) => {
			const rig = await createOnlineRig(TIMMY, { session });
			expect(rig.client.state.status).toBe("online");
			rig.socket().end(1006);
			await nextTry(rig);
			rig.socket().open();
			expect(rig.socket().sent[0]).toMatchObject({ resume: true });
		},
	);

	it.each([null, 1, {}, []])(
		"CL4 whose connectionId is %j has none",
		async (connectionId) => {
			const rig = await createOnlineRig({}, { connectionId });
			expect(rig.client.connectionId).toBeUndefined();
		},
	);

	it("CL4 that comes again changes nothing but the roster of a viewer", async () => {
		const rig = await createOnlineRig(TIMMY, SESSION);
		rig.client.send(bark("1"));
		rig.answer({ ...SESSION, session: "other", connectionId: "c9" });
		rig.socket().deliver({ type: "gateway_hello", agents: null, heartbeat: 1 });
		expect(rig.client.connectionId).toBe("c1");
		expect(rig.client.state).toEqual({ status: "online" });
		rig.socket().end(1006);
		await nextTry(rig);
		rig.socket().open();
		const { resume } = Object(rig.socket().sent[0]);
		expect(resume).toEqual({ session: "id.secret", received: 2 });
	});
});

describe("a resume of what cannot be", () => {
	it.each([undefined, null, "2", -1, 0, 1.5, 4, 1e300, [2]])(
		"CL4 with %j received of 3, of which 1 is confirmed, starts over and says so",
		async (received) => {
			vi.spyOn(Math, "random").mockReturnValue(1);
			const onDropped = vi.fn();
			const rig = await createOnlineRig({ ...TIMMY, onDropped }, SESSION);
			for (const text of ["1", "2", "3"]) rig.client.send(bark(text));
			rig.socket().deliver({ type: "pong", received: 1 });
			rig.socket().end(1006);
			await nextTry(rig);
			rig.answer({ ...SESSION, resumed: true, received });
			expect(rig.client.state).toEqual({
				status: "offline",
				reason: "the gateway resumes what was never said",
				retryIn: 1_000,
			});
			await nextTry(rig);
			rig.answer({ ...SESSION, agents: [PERPLEXITY] });
			expect(rig.socket().sent[0]).toMatchObject({ resume: true });
			expect(rig.client.state).toMatchObject({ resumed: false });
			expect([...rig.client.agents.keys()]).toEqual(["perplexity", "timmy"]);
			expect(onDropped.mock.calls).toEqual([
				[bark("2"), "unconfirmed"],
				[bark("3"), "unconfirmed"],
			]);
		},
	);
});

describe("a pong", () => {
	it.each([undefined, null, "2", -1, 0, 1.5, 4, 1e300, [2]])(
		"CL4 that claims %j received of 3, of which 1 is confirmed, confirms nothing and is asked for again",
		async (received) => {
			const rig = await createOnlineRig(TIMMY, SESSION);
			for (const text of ["1", "2", "3"]) rig.client.send(bark(text));
			rig.socket().deliver({ type: "pong", received: 1 });
			rig.socket().deliver({ type: "pong", received });
			await vi.advanceTimersByTimeAsync(5_000);
			expect(sentByUser(rig.socket()).at(-1)).toMatchObject({ type: "ping" });
			rig.socket().end(1006);
			await nextTry(rig);
			rig.answer({ ...SESSION, resumed: true, received: 2 });
			expect(sentByUser(rig.socket())).toEqual([bark("3")]);
		},
	);

	it("CL4 that confirms nothing is not answered by the next ping at once", async () => {
		const rig = await createOnlineRig(TIMMY, SESSION);
		const pings = () =>
			rig.socket().sent.filter(({ type }) => type === "ping").length;
		for (let number = 0; number < 5_000; number++)
			rig.client.send(bark(`${number}`));
		expect(pings()).toBe(1);
		for (let count = 0; count < 100; count++)
			rig.socket().deliver({ type: "pong", received: 0 });
		expect(pings()).toBe(1);
		await vi.advanceTimersByTimeAsync(5_000);
		expect(pings()).toBe(2);
		rig.socket().deliver({ type: "pong", received: 5_000 });
	});
});

/** JSON can have an object that no text can be made of. */
const NO_TEXT = { toString: null, valueOf: null };

describe("a text that is none", () => {
	it("CL4 in the refusal of a registration is told as no reason", async () => {
		const rig = await createRig(TIMMY);
		rig.socket().open();
		rig.socket().deliver({ type: "gateway_error", message: NO_TEXT });
		expect(rig.client.state).toEqual({
			status: "refused",
			reason: "no reason given",
		});
	});

	it("CL4 in the refusal of a request rejects it all the same", async () => {
		const rig = await createOnlineRig(TIMMY);
		const answer = rig.client.request("perplexity", bark("?"));
		const { receipt } = Object(rig.socket().sent.at(-1));
		const fields = { code: NO_TEXT, message: NO_TEXT };
		rig.socket().deliver({ type: "gateway_error", receipt, ...fields });
		await expect(answer).rejects.toMatchObject({ code: "refused" });
	});

	it("CL4 in a receipt rejects a request all the same", async () => {
		const rig = await createOnlineRig(TIMMY);
		const answer = rig.client.request("perplexity", bark("?"));
		const { receipt } = Object(rig.socket().sent.at(-1));
		rig.socket().deliver({
			...{ type: "gateway_receipt", id: receipt },
			...{ status: "offline", target_id: NO_TEXT },
		});
		await expect(answer).rejects.toMatchObject({ code: "target_offline" });
	});

	it("CL4 is nobody's name", async () => {
		const rig = await createOnlineRig({}, { agents: [PERPLEXITY] });
		for (const type of ["agent_joined", "agent_left"])
			for (const agentId of [NO_TEXT, null, 1, [], undefined])
				rig.socket().deliver({ type, agentId, role: "agent" });
		expect([...rig.client.agents.keys()]).toEqual(["perplexity"]);
	});
});

it.each([undefined, null, 1, {}, "read", "__proto__"])(
	"RT10 a receipt's status %j is no end of a delivery",
	async (status) => {
		const rig = await createOnlineRig();
		const delivery = rig.client.deliver("timmy", { type: "news" });
		const { receipt: id } = Object(rig.socket().sent.at(-1));
		rig.socket().deliver({ type: "gateway_receipt", id, status });
		rig.socket().deliver({ type: "gateway_receipt", id, status: "delivered" });
		await expect(delivery).resolves.toBe("delivered");
	},
);
