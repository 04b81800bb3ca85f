/** Nothing that a gateway says makes the client throw, spin or hang [CL4]. */
import fc from "fast-check";
import { expect, it, vi } from "vitest";
import type { MatrixClientOptions } from "../../src/client/index.ts";
import { createRig, type FakeSocket, type Rig } from "./network.ts";

const MINUTE = 60_000;

/** How long a hostile gateway is endured. */
const LIFE = 2 * MINUTE;

/** What a client on its own may do in a minute, whoever answers it. */
const MOST = { connections: 25, pings: 70 };

/** Values that have gone wrong somewhere, more often than chance would have them. */
const ODD: fc.Arbitrary<unknown> = fc.oneof(
	fc.jsonValue({ maxDepth: 3 }),
	fc.constantFrom<unknown>(
		...[null, true, "", "0", "30", "NaN", [], {}, [[]], [null], [{}], [1]],
		...[0, -0, 1e-9, -1e-9, 0.5, -1, 1, 3, 2 ** 31, 2 ** 53, 1e300, -1e300],
		{ toString: null, valueOf: null },
		{ length: 1e9 },
		JSON.parse('{"__proto__":{"agentId":"x","role":"y"}}'),
		[{ agentId: "a", role: "b" }, { agentId: 1 }, null, "c"],
		"x".repeat(1_000),
	),
);

/** A message as a gateway would say it, of which fields are missing, odd or too many. */
function spoil(sound: Record<string, unknown>) {
	const fields = Object.entries(sound).map(
		([name, value]) =>
			[
				name,
				fc.oneof(
					{ weight: 3, arbitrary: fc.constant(value) },
					{ weight: 2, arbitrary: ODD },
					{ weight: 1, arbitrary: fc.constant(undefined) },
				),
			] as const,
	);
	const { type } = sound;
	return fc
		.tuple(
			fc.record(Object.fromEntries(fields)),
			fc.dictionary(fc.constantFrom("id", "x", "__proto__", "toJSON"), ODD),
		)
		.map(([known, more]) => ({ ...more, ...known, type }));
}

const TERMS = {
	connectionId: "c1",
	heartbeat: 30,
	maxPayload: 262_144,
	agents: [{ agentId: "perplexity", role: "agent" }],
};
const SESSION = { session: "s", resumeWindow: 60, resumed: true, received: 1 };

const MESSAGES: readonly Record<string, unknown>[] = [
	{
		...{ type: "agent_registered", agentId: "timmy", role: "agent" },
		...TERMS,
		...SESSION,
	},
	{ type: "gateway_hello", protocol: 1, ...TERMS },
	{ type: "agent_joined", agentId: "perplexity", role: "agent" },
	{
		type: "agent_left",
		agentId: "perplexity",
		role: "agent",
		reason: "closed",
	},
	{ type: "gateway_error", code: "bad_message", message: "no", receipt: "1" },
	{ type: "gateway_receipt", id: "1", status: "delivered", target_id: "a" },
	{ type: "gateway_replaced", agentId: "timmy" },
	{ type: "gateway_shutdown", reason: "shutdown", reconnectAfter: 1 },
	{ type: "pong", received: 1 },
	{ type: "answer", agentId: "perplexity", in_reply_to: "1" },
];

/** A thing that a gateway does. */
type Deed =
	| { readonly say: object | string }
	| { readonly answerRequests: object }
	| { readonly end: number }
	| { readonly pass: number };

const DEED: fc.Arbitrary<Deed> = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({ say: fc.oneof(...MESSAGES.map(spoil)) }),
	},
	{
		weight: 2,
		arbitrary: fc.record({
			answerRequests: fc.oneof(...MESSAGES.slice(4, 6).map(spoil)),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({ say: fc.oneof(fc.string(), fc.json()) }),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			end: fc.oneof(
				fc.integer({ min: 0, max: 65_535 }),
				fc.constantFrom(1000, 1001, 1005, 1006, 1012, 4101, 4203, 4999),
			),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({ pass: fc.integer({ min: 0, max: 90_000 }) }),
	},
);

const OPTIONS: fc.Arbitrary<Partial<MatrixClientOptions>> = fc.constantFrom(
	{},
	{ agentId: "timmy" },
	{ agentId: "timmy", resume: false },
);

/** Lets a gateway live for a while that does the same on each connection. */
async function endure(rig: Rig, script: readonly Deed[]): Promise<void> {
	const begun = new Set<FakeSocket>();
	const end = Date.now() + LIFE;
	while (Date.now() < end) {
		const socket = rig.socket();
		if (!begun.has(socket) && !socket.closedWith) {
			begun.add(socket);
			socket.open();
			for (const deed of script) await perform(rig, socket, deed);
		}
		await vi.advanceTimersByTimeAsync(100);
	}
}

async function perform(rig: Rig, socket: FakeSocket, deed: Deed) {
	if ("say" in deed) socket.deliver(deed.say);
	if ("end" in deed) socket.end(deed.end);
	if ("pass" in deed) await vi.advanceTimersByTimeAsync(deed.pass);
	if ("answerRequests" in deed)
		for (const { receipt } of rig.sockets.flatMap(({ sent }) => sent))
			if (receipt !== undefined)
				socket.deliver({ ...deed.answerRequests, id: receipt, receipt });
}

/** One that does as the protocol says: registers, greets, and answers what it is asked. */
async function meetGoodGateway(
	rig: Rig,
	{ agentId }: Partial<MatrixClientOptions>,
) {
	// The longest that a client waits, and the longest that it lets a dead one be.
	for (let time = 0; time < 4 * MINUTE; time += 100) {
		const socket = rig.socket();
		if (rig.client.state.status === "refused") return;
		if (socket.readyState === 0 && !socket.closedWith) {
			socket.open();
			socket.deliver(
				agentId === undefined
					? { type: "gateway_hello", protocol: 1, ...TERMS }
					: { type: "agent_registered", agentId, role: "agent", ...TERMS },
			);
			return;
		}
		await vi.advanceTimersByTimeAsync(100);
	}
}

const RUNS = Number(process.env.HOSTILE_RUNS ?? 300);

it("whatever it says, it is asked little, and a good one after it is found [CL4]", async () => {
	const reported = vi.fn();
	vi.stubGlobal("reportError", reported);
	const seen = new Set<string>();

	const property = fc.asyncProperty(
		OPTIONS,
		fc.array(DEED, { maxLength: 12 }),
		async (options, script) => {
			vi.spyOn(Math, "random").mockReturnValue(0.5);
			const rig = await createRig({ ...options, token: async () => "t" });
			const start = Date.now();
			const target = { type: "agent_message", text: "?", agentId: "timmy" };
			const waits = [
				rig.client.request("perplexity", target),
				rig.client.deliver("perplexity", target),
			].map((wait) => wait.catch((error) => error));
			rig.client.on("*", ({ type }) => seen.add(type));

			await endure(rig, script);
			const minutes = (Date.now() - start) / MINUTE;
			expect(rig.sockets.length / minutes).toBeLessThan(MOST.connections);
			const pings = rig.sockets
				.flatMap(({ sent }) => sent)
				.filter(({ type }) => type === "ping");
			expect(pings.length / minutes).toBeLessThan(MOST.pings);
			rig.socket().end(1006);
			await meetGoodGateway(rig, options);
			const { state } = rig.client;
			if (state.status === "refused") expect(state.reason).not.toBe("");
			else expect(state.status).toBe("online");
			for (const { agentId, role } of rig.client.agents.values())
				expect([typeof agentId, typeof role]).toEqual(["string", "string"]);
			rig.client.dispose();
			await Promise.all(waits);
			expect(vi.getTimerCount()).toBe(0);
			expect(reported.mock.calls).toEqual([]);
		},
	);
	await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
	for (const { type } of MESSAGES) expect(seen).toContain(type);
}, 120_000);
