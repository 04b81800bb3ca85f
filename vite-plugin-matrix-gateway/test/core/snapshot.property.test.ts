import fc from "fast-check";
import { expect, test } from "vitest";
import type { Grant } from "../../src/core/protocol/grant.ts";
import type { Command, Join } from "../../src/core/world/command.ts";
import type { Effects } from "../../src/core/world/effects.ts";
import { SILENCE } from "../../src/core/world/silence.ts";
import {
	cutSnapshot,
	restoreSnapshot,
	type WorldSnapshot,
} from "../../src/core/world/snapshot.ts";
import type { WorldState } from "../../src/core/world/state.ts";
import { apply, createWorld } from "../../src/core/world/world.ts";
import { anyOrder, LITTLE_ROOM, type Ordered } from "./support/any-command.ts";
import { toFrame } from "./support/frame.ts";

interface Watched {
	readonly world: WorldState;
	/** What it has told the edge, as texts. */
	readonly told: string[];
}

function createWatched(): Watched {
	const told: string[] = [];
	const effects = Object.fromEntries(
		Object.keys(SILENCE).map((effect) => [
			effect,
			(...args: unknown[]) => told.push(toText([effect, ...args])),
		]),
	);
	const codec = {
		encode: toFrame,
		toUtf8: (text: string) => new TextEncoder().encode(text),
	};
	const world = createWorld({
		...{ options: LITTLE_ROOM, codec },
		effects: effects as unknown as Effects,
	});
	apply(world, { type: "up" }, "n0");
	return { world, told };
}

function toText(value: unknown): string {
	return JSON.stringify(value, (key, part) => {
		// Agents are told by their names.
		if (key === "peer") return undefined;
		return part instanceof Uint8Array ? new TextDecoder().decode(part) : part;
	});
}

function play({ world }: Watched, order: readonly Ordered[]): void {
	for (const { command, node } of order) apply(world, command, node);
}

/** What crosses a disk is the same afterwards, and shares nothing with what was written. */
function through(snapshot: WorldSnapshot): WorldSnapshot {
	return structuredClone(snapshot);
}

const runs = { numRuns: Number(process.env.SNAPSHOT_RUNS ?? 100) };

test("ORD9 a world that is restored in the middle does what the one goes on to do that it was cut from", () => {
	fc.assert(
		fc.property(anyOrder, fc.nat(120), (order, middle) => {
			const [original, restored] = [createWatched(), createWatched()];
			play(original, order.slice(0, middle));
			const snapshot = through(cutSnapshot(original.world));
			restoreSnapshot(restored.world, snapshot);
			expect(cutSnapshot(restored.world)).toEqual(snapshot);
			original.told.length = restored.told.length = 0;
			play(original, order.slice(middle));
			play(restored, order.slice(middle));
			expect(restored.told).toEqual(original.told);
			expect(cutSnapshot(restored.world)).toEqual(cutSnapshot(original.world));
		}),
		runs,
	);
});

test("ORD9 what a world was before it is restored leaves nothing behind", () => {
	fc.assert(
		fc.property(anyOrder, anyOrder, (before, order) => {
			const [original, restored] = [createWatched(), createWatched()];
			play(original, order);
			play(restored, before);
			const snapshot = cutSnapshot(original.world);
			restoreSnapshot(restored.world, snapshot);
			expect(cutSnapshot(restored.world)).toEqual(snapshot);
		}),
		runs,
	);
});

test("ORD9 what those need who connect only now is no part of a snapshot", () => {
	fc.assert(
		fc.property(anyOrder, fc.nat(60), (order, held) => {
			const [one, other] = [createWatched(), createWatched()];
			play(one, order.slice(0, held));
			play(other, order.slice(0, held));
			const release = other.world.log.hold();
			play(one, order.slice(held));
			play(other, order.slice(held));
			expect(cutSnapshot(other.world)).toEqual(cutSnapshot(one.world));
			release();
			expect(cutSnapshot(other.world)).toEqual(cutSnapshot(one.world));
		}),
		runs,
	);
});

test("ORD9 RCPT2 a receipt of a session that has ended goes to the connection that it had last", () => {
	const session = (name: string) => ({ id: name, digest: name });
	const join = (conn: string, agentId: string, isResume = false) => ({
		...({
			type: "join",
			conn,
			agentId,
			role: "agent",
			grant: {},
			at: 0,
		} as const),
		...{ isNewcomer: false, answer: true },
		session: session(isResume ? conn : agentId),
		resume: isResume
			? { ...session(agentId), received: 1, retained: false }
			: undefined,
	});
	const drop = (conn: string) => ({
		...({ type: "detach", conn, code: 1006, reason: "closed" } as const),
		seen: { received: 0, sent: 0, lastMessageAt: 0 },
	});
	const [original, restored] = [createWatched(), createWatched()];
	const commands: Command[] = [
		...[join("c0", "a"), join("c1", "b"), drop("c1")],
		{
			...{ type: "send", conn: "c0", target: "b", frame: toFrame("{}") },
			...{ receipt: "r", isMirrored: false, answer: true },
		},
		...[drop("c0"), join("c2", "a", true)],
		// It goes on as a viewer, whose connection lives.
		{ type: "leave", conn: "c2", agentId: "a", answer: true },
	];
	for (const command of commands) apply(original.world, command, "n0");
	restoreSnapshot(restored.world, through(cutSnapshot(original.world)));
	apply(restored.world, join("c3", "b", true), "n0");
	const receipt = restored.told.find((text) => text.includes("delivered"));
	expect(receipt).toContain('["direct","c2"');
});

test("ORD9 a world that is restored has nothing left of a command that has failed in it", () => {
	const { world, told } = createWatched();
	const join = (agentId: string): Command => ({
		...{ type: "join", conn: agentId, agentId, role: "agent", grant: {} },
		...{ at: 0, isNewcomer: false, answer: true },
		...{ session: undefined, resume: undefined },
	});
	const send: Command = {
		...{ type: "send", conn: "a", target: "b", frame: toFrame("{}") },
		...{ receipt: "r", isMirrored: false, answer: true },
	};
	for (const command of [join("a"), join("b")]) apply(world, command, "n0");
	const before = cutSnapshot(world);
	const { encode } = world.codec;
	const fail = () => {
		throw new Error("planted");
	};
	Object.assign(world.codec, { encode: fail });
	expect(() => apply(world, send, "n0")).toThrow("planted");
	Object.assign(world.codec, { encode });
	restoreSnapshot(world, before);
	told.length = 0;
	apply(world, send, "n0");
	const receipts = told.filter((text) => text.includes("gateway_receipt"));
	expect(receipts).toHaveLength(1);
});

test("ORD9 GRANT1 SUB3 what was cut before there were filters goes on with what a grant let through", () => {
	const { world } = createWatched();
	const { world: restored, told } = createWatched();
	const session = { id: "s", digest: "s" };
	const join = (conn: string, agentId: string, grant: Grant): Join => ({
		...{ type: "join", conn, agentId, role: "agent", grant, at: 0 },
		...{ isNewcomer: false, answer: true, session: undefined },
		resume: undefined,
	});
	const say = (messageType: string): Command => ({
		...{ type: "publish", conn: "b", frame: toFrame(messageType) },
		...{ echo: false, retain: undefined, answer: true, messageType },
	});
	const grant = { subscribe: ["bark"] };
	const commands: Command[] = [
		join("b", "b", {}),
		{ ...join("a", "a", {}), session },
		...["wave 1", "wave 2", "bark 1"].map(say),
	];
	for (const command of commands) apply(world, command, "n0");
	const { audiences: _, ...snapshot } = through(cutSnapshot(world));
	restoreSnapshot(restored, {
		...snapshot,
		peers: snapshot.peers.map((peer) =>
			peer.conn === "a" ? { ...peer, subscription: ["bark*"] } : peer,
		),
		// After its own joined came two that left it out.
		sessions: snapshot.sessions.map((one) => ({
			...one,
			exceptions: [{ at: one.since + 1, frame: undefined, count: 2 }],
		})),
	});
	for (const type of ["wave 3", "bark 2"]) apply(restored, say(type), "n0");
	told.length = 0;
	const resume = { ...session, received: 1, retained: false };
	apply(restored, { ...join("c", "a", grant), resume }, "n0");
	const [live = ""] = told.filter((text) => text.startsWith('["live"'));
	const [, , { missed }] = JSON.parse(live);
	expect(missed.map((text: string) => text.slice(text.search(/[bw]/)))).toEqual(
		[...["bark 1", "bark 2"]],
	);
});
