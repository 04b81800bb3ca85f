/** What an operator may see of a gateway [HTTP1]. */
import type { Order, OrderHealth } from "../order/order.ts";
import type { NodeId } from "../world/command.ts";
import type { NodeCounts, NodeTotals } from "../world/node-counts.ts";
import type { Agent } from "../world/peer.ts";
import type { Counts, WorldState } from "../world/state.ts";
import type { Connection } from "./connection.ts";
import type { Connections } from "./connections.ts";
import type { Host } from "./host.ts";
import { findLoudest, type LoudSender } from "./loudest.ts";
import { countsOf } from "./node-report.ts";
import { createTotals } from "./totals.ts";

/** What has been counted since the gateway was made. */
export interface Totals extends NodeTotals, Counts {}

/** One agent, for an operator. Times are ISO 8601; counts are its connection's. */
export interface AgentStatus {
	readonly agentId: string;
	readonly role: string;
	readonly connectionId: string;
	/** The node that it is on, or was on last; only where several share the world. */
	readonly node?: NodeId;
	/** Detached: its client dropped, and may resume [RES3]. */
	readonly state: "online" | "detached";
	readonly connectedAt: string;
	readonly lastMessageAt: string;
	/** Messages that came from it. */
	readonly received: number;
	/** Bytes of these. */
	readonly receivedBytes: number;
	/** Messages that were written to it. */
	readonly sent: number;
	/** Bytes that wait on its socket; what grows here is slow [SLOW1]. */
	readonly bufferedBytes: number;
}

/** One of several nodes that share a world, as it has told within the last second. */
export interface NodeStatus extends NodeCounts {
	readonly id: NodeId;
}

/** What `/api/gateway/status` answers [HTTP1]. */
export interface GatewayStatus {
	readonly status: "ok" | "degraded" | "behind" | "draining";
	/** The node that answers; only where several share the world, as the next. */
	readonly node?: NodeId;
	/** All nodes, the one first that has been there for longest. */
	readonly nodes?: readonly NodeStatus[];
	/** How what keeps the world fares; absent where that is this process's memory. */
	readonly order?: OrderHealth;
	/** Seconds. */
	readonly uptime: number;
	readonly agents: readonly AgentStatus[];
	/** Connections to this node that receive and have no agent. */
	readonly viewers: number;
	/** Connections to this node whose socket is not closed, new and closing ones included. */
	readonly connections: number;
	/** Of the connections to this node those who have sent the most in the last 5 to 10 s, five at most. */
	readonly loudest: readonly LoudSender[];
	readonly totals: Readonly<Totals>;
}

/** What a status is made of. */
export interface StatusParts {
	readonly host: Host;
	readonly node: NodeId;
	readonly connections: Connections;
	readonly world: WorldState;
	readonly totals: NodeTotals;
	readonly order: Pick<Order, "health" | "isShared">;
}

/** A snapshot of who is connected and what was counted. */
export function readStatus(
	parts: StatusParts,
	startedAt: number,
	isDraining: boolean,
): GatewayStatus {
	const { host, node, connections, world, order } = parts;
	const { health, isShared } = order;
	const own = countsOf(parts);
	const toStatus = (agent: Agent) => ({
		...agentStatus(agent, connections.get(agent.peer.conn)),
		...(isShared && { node: agent.peer.node }),
	});
	return {
		status: isDraining ? "draining" : (health?.state ?? "ok"),
		...(isShared && { node, nodes: nodesOf(parts, own) }),
		uptime: Math.round(host.now() - startedAt) / 1000,
		agents: [...world.registry.all()].map(toStatus),
		viewers: own.viewers,
		connections: own.connections,
		...(health && { order: health }),
		loudest: findLoudest({ host, connections, world }),
		totals: { ...own.totals, ...world.counts },
	};
}

/** Of itself it knows what is, of the others what they have told. */
function nodesOf({ node, world }: StatusParts, own: NodeCounts): NodeStatus[] {
	return world.members.all().map((id) => ({
		id,
		...(id === node ? own : (world.members.countsOf(id) ?? UNTOLD)),
	}));
}

const UNTOLD: NodeCounts = {
	connections: 0,
	viewers: 0,
	totals: createTotals(),
};

/** @param connection Where it is this node's, and open. */
function agentStatus(
	{ agentId, role, connectedAt, peer }: Agent,
	connection: Connection | undefined,
): AgentStatus {
	const { received, receivedBytes, sent, lastMessageAt } = connection ??
		peer.seen ?? { ...UNSEEN, lastMessageAt: connectedAt };
	const isOnline = peer.state === "online";
	return {
		agentId,
		role,
		connectionId: peer.conn,
		state: isOnline ? "online" : "detached",
		connectedAt: iso(connectedAt),
		lastMessageAt: iso(lastMessageAt),
		received,
		receivedBytes: receivedBytes ?? 0,
		sent,
		bufferedBytes: (isOnline && connection?.socket.bufferedBytes) || 0,
	};
}

const UNSEEN = { received: 0, receivedBytes: 0, sent: 0 };

function iso(milliseconds: number): string {
	return new Date(milliseconds).toISOString();
}
