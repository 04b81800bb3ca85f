/** Parts whose promises the whole gateway does not put to the test. */
import { describe, expect, test } from "vitest";
import { createConnection } from "../../src/core/edge/connection.ts";
import type { Group } from "../../src/core/edge/group.ts";
import { createOutbox } from "../../src/core/edge/outbox.ts";
import { weave } from "../../src/core/edge/weave.ts";
import { resolveOptions } from "../../src/core/protocol/options.ts";
import { createEveryone } from "../../src/core/world/audience.ts";
import { createBroadcastLog } from "../../src/core/world/broadcast-log.ts";
import { sendReceipt } from "../../src/core/world/deliver.ts";
import type { Effects } from "../../src/core/world/effects.ts";
import { createMembers } from "../../src/core/world/members.ts";
import {
	type Agent,
	createPeer,
	type Session,
} from "../../src/core/world/peer.ts";
import { createRegistry } from "../../src/core/world/registry.ts";
import { createSessions } from "../../src/core/world/sessions.ts";
import { createWorld } from "../../src/core/world/world.ts";
import { fromFrames, toFrame } from "./support/frame.ts";
import { createFakeSocket } from "./support/socket.ts";

/** All connections of these tests, which are sent all. */
const EVERYONE: Group = {
	audience: createEveryone(createBroadcastLog({ maxLogBytes: 0 })),
};

function connect(id: string) {
	const socket = createFakeSocket({ defer: () => {}, closed: () => {} });
	return createConnection(id, socket, {}, EVERYONE, { state: "live" }, 0);
}

function createAgent(agentId: string, role = "agent"): Agent {
	const json = new TextEncoder().encode(JSON.stringify({ agentId, role }));
	const peer = createPeer(agentId, "node", EVERYONE.audience);
	return { agentId, role, json, peer, connectedAt: 0 };
}

describe("registry", () => {
	test("REG5 an agent whose name is someone else's by now cannot be taken out", () => {
		const registry = createRegistry();
		const [old, newest] = [createAgent("timmy"), createAgent("timmy")];
		expect(registry.add(old)).toBeUndefined();
		expect(registry.add(newest)).toBe(old);
		expect(registry.remove(old)).toBe(false);
		expect(registry.get("timmy")).toBe(newest);
		expect(registry.remove(newest)).toBe(true);
		expect(registry.remove(newest)).toBe(false);
		expect(registry.roster()).toHaveLength(0);
	});

	test("REG2 the roster's text is that of all agents, or all but one, whatever came and went", () => {
		const registry = createRegistry();
		const expectRoster = (...names: string[]) => {
			const agents = names.map((name) => {
				const [agentId, role] = name.split(":");
				return { agentId, role };
			});
			const read = (except?: string) =>
				JSON.parse(`[${new TextDecoder().decode(registry.roster(except))}]`);
			expect(read()).toEqual(agents);
			for (const except of [...names.map((name) => name.split(":")[0]), "no"])
				expect(read(except)).toEqual(
					agents.filter(({ agentId }) => agentId !== except),
				);
		};
		const timmy = createAgent("timmy");
		registry.add(timmy);
		expectRoster("timmy:agent");
		registry.add(createAgent("perplexity"));
		expectRoster("timmy:agent", "perplexity:agent");
		registry.remove(timmy);
		registry.add(createAgent("third"));
		expectRoster("perplexity:agent", "third:agent");
		registry.add(createAgent("third", "browser"));
		registry.add(createAgent("fourth"));
		expectRoster("perplexity:agent", "third:browser", "fourth:agent");
	});
});

describe("log", () => {
	test("LOG2 a hold that is released twice lets go of its own alone", () => {
		const log = createBroadcastLog({ maxLogBytes: 1_000 });
		const release = log.hold();
		const releaseOther = log.hold();
		log.append(toFrame("1"));
		release();
		release();
		expect(log.since(0)?.flatMap((frame) => fromFrames(frame))).toEqual(["1"]);
		releaseOther();
		// It is gone, which is not the same as none.
		expect(log.since(0)).toBeUndefined();
		expect(log.since(1)).toEqual([]);
	});
});

describe("members", () => {
	const up = { type: "up" } as const;
	const entry = (node: string, sequence: number) => ({
		...{ node, sequence, commands: [up] },
	});

	test("ORD5 an entry counts once, in its node's order", () => {
		const members = createMembers();
		expect(members.admit(entry("a", 2))).toBe(false);
		expect(members.admit(entry("a", 1))).toBe(true);
		expect(members.admit(entry("a", 1))).toBe(false);
		expect(members.admit(entry("a", 3))).toBe(false);
		expect(members.admit(entry("a", 2))).toBe(true);
	});

	test("ORD5 no late entry brings back a node that has gone, or was never seen", () => {
		const members = createMembers();
		members.admit(entry("a", 1));
		members.add("b");
		members.remove("a");
		members.remove("c");
		for (const node of ["a", "c"])
			expect(members.admit(entry(node, 1))).toBe(false);
		expect(members.isClock("b")).toBe(true);
	});
});

describe("sessions", () => {
	test("RES4 those that wait are looked through only when one of them is due", () => {
		const log = createBroadcastLog({ maxLogBytes: 0 });
		const sessions = createSessions(log, {
			...{ maxDetachedSessions: 10, maxSessionBytes: 0 },
		});
		const [early, late, back] = ["early", "late", "back"].map((id) =>
			sessions.create(createPeer(id, "node", EVERYONE.audience), {
				id,
				digest: id,
			}),
		) as [Session, Session, Session];
		sessions.detach(late, 300);
		sessions.detach(back, 100);
		sessions.detach(early, 200);
		expect(sessions.firstDue()).toBe(100);
		sessions.attach(back);
		expect(sessions.due(199)).toEqual([]);
		expect(sessions.due(200)).toEqual([early]);
		expect(sessions.firstDue()).toBe(300);
		expect(sessions.due(300)).toEqual([late]);
		expect(sessions.firstDue()).toBeUndefined();
	});
});

describe("outbox", () => {
	test("RT5 what was drained ahead of a flush is not written again", () => {
		const written = new Map<string, string[]>();
		const outbox = createOutbox({
			groups: { everyone: EVERYONE },
			write({ id }, bytes) {
				written.set(id, [...(written.get(id) ?? []), ...fromFrames(bytes)]);
				return true;
			},
			tooSlow: () => {},
			broadcastWaits: () => {},
			directedWaits: () => {},
		});
		const [early, late] = [connect("early"), connect("late")];
		outbox.add(early);
		outbox.add(late);
		outbox.broadcast(toFrame("1"), undefined, []);
		outbox.direct(early, toFrame("2"));
		outbox.drain(early);
		expect(written.get("early")).toEqual(["1", "2"]);
		outbox.broadcast(toFrame("3"), undefined, []);
		outbox.flush();
		expect(written.get("early")).toEqual(["1", "2", "3"]);
		expect(written.get("late")).toEqual(["1", "3"]);
	});

	test("ERR3 where a write has failed, and what was shared is gone, one's own is still whole", () => {
		const own = toFrame("1");
		const items = [
			{ at: 1, frame: undefined },
			{ at: 2, frame: own },
		];
		expect(weave([], 0, items)).toEqual([own]);
	});
});

describe("receipts", () => {
	test("RCPT2 a receipt that pushes out the next one, and so on, takes no stack", () => {
		let left = 100_000;
		const state = createWorld({
			options: resolveOptions(),
			codec: {
				encode: () => new Uint8Array(),
				toUtf8: () => new Uint8Array(),
			},
			effects: { direct: () => left-- > 0 && push() } as unknown as Effects,
		});
		const receipt = {
			id: "m",
			target: "timmy",
			conn: "sender",
			session: undefined,
		};
		const push = () => sendReceipt(state, receipt, "dropped");
		push();
		expect(left).toBe(-1);
	});
});
