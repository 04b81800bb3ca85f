/**
 * What this node counts for those who watch it, beside its totals. Counting is an addition here and
 * there, mostly once a connection or a flush; all else is looked up when somebody asks.
 */
import type { OrderHealth } from "../order/order.ts";
import type { ErrorCode } from "../protocol/message-types.ts";
import type { NodeId } from "../world/command.ts";
import type { NodeTotals } from "../world/node-counts.ts";
import type { Counts, WorldState } from "../world/state.ts";
import type { Connections } from "./connections.ts";
import { createDurations, type Durations } from "./durations.ts";
import type { GatewayEvent } from "./events.ts";

/** What became of clients that came back [RES3, RES4]. */
export type ResumeOutcome = "resumed" | "unknown" | "gone" | "beyond";

/** How often each happened on this node since it was made. */
export interface Meters {
	/** Messages that were not done as asked, by the code of the answer [ERR1]. */
	readonly errors: Map<ErrorCode, number>;
	/** Ends of connections, by the close code: the gateway's where it closed them, else the client's. */
	readonly closes: Map<number, number>;
	/** Clients that came back to this node. */
	readonly resumes: Map<ResumeOutcome, number>;
	/** How long flushes of broadcasts took. */
	readonly flushes: Durations;
}

/** What `Gateway.meters` tells of now, and of all the time since the gateway was made. */
export interface GatewayMeters {
	/** Connections of this node by what they are. */
	readonly connections: Readonly<
		Record<"new" | "viewer" | "agent" | "closing", number>
	>;
	/** Agents whose connection is, or was last, on this node. */
	readonly agents: Readonly<Record<"online" | "detached", number>>;
	/** Messages that came in on this node. */
	readonly received: number;
	/** Messages that the world has routed since it began, on whatever node they came in. */
	readonly routed: Readonly<Counts>;
	/** Messages that were written to connections of this node. */
	readonly deliveries: number;
	readonly errors: ReadonlyMap<ErrorCode, number>;
	readonly closes: ReadonlyMap<number, number>;
	readonly resumes: ReadonlyMap<ResumeOutcome, number>;
	/** Bytes that wait on the sockets of this node. */
	readonly bufferedBytes: number;
	/** What is kept for those who come late, in bytes. */
	readonly retainedBytes: number;
	/** What is kept of the broadcasts, in bytes. */
	readonly logBytes: number;
	/** What is kept for single sessions, in bytes. */
	readonly sessionBytes: number;
	readonly flushes: Durations;
	/** Whether clients may connect [HTTP2]. */
	readonly isReady: boolean;
	/** How what keeps the world fares; `ok` where that is memory. */
	readonly order: OrderHealth["state"];
}

export function createMeters(): Meters {
	return {
		errors: new Map(),
		closes: new Map(),
		resumes: new Map(),
		flushes: createDurations(),
	};
}

/** Counts one more. */
export function count<Key>(counts: Map<Key, number>, key: Key): void {
	counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Counts what an event of one of this node's connections tells of. */
export function countEvent(
	{ resumes }: Meters,
	event: GatewayEvent,
	connections: Connections,
): void {
	if (event.event !== "resumed" && event.event !== "notResumed") return;
	if (!connections.get(event.connectionId)) return;
	count(resumes, event.event === "resumed" ? "resumed" : event.reason);
}

/** What they are read from. */
export interface MeterParts {
	readonly node: NodeId;
	readonly connections: Connections;
	readonly world: WorldState;
	readonly totals: NodeTotals;
	readonly meters: Meters;
	readonly isReady: boolean;
	readonly health: OrderHealth | undefined;
}

export function readMeters(parts: MeterParts): GatewayMeters {
	const { connections, world, totals, meters, isReady, health } = parts;
	return {
		...meters,
		...connectionsOf(parts),
		agents: agentsOf(parts),
		received: totals.received,
		routed: world.counts,
		deliveries: connections.countSent(),
		retainedBytes: world.retained.countBytes(),
		logBytes: world.log.bytes,
		sessionBytes: world.sessions.countBytes(),
		isReady,
		order: health?.state ?? "ok",
	};
}

function connectionsOf({ connections, world }: MeterParts) {
	const counts = { new: 0, viewer: 0, agent: 0, closing: 0 };
	let bufferedBytes = 0;
	for (const { id, phase, socket } of connections.all()) {
		bufferedBytes += socket.bufferedBytes;
		if (phase.state === "new") counts.new++;
		else if (phase.state !== "live") counts.closing++;
		else counts[world.peers.has(id) ? "agent" : "viewer"]++;
	}
	return { connections: counts, bufferedBytes };
}

function agentsOf({ node, world }: MeterParts): GatewayMeters["agents"] {
	const counts = { online: 0, detached: 0 };
	for (const { peer } of world.registry.all())
		if (peer.node === node)
			counts[peer.state === "online" ? "online" : "detached"]++;
	return counts;
}
