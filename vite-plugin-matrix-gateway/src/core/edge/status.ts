/** What an operator may see of a gateway [HTTP1]. */
import type { Order, OrderHealth } from "../order/order.ts";
import type { Agent } from "../world/peer.ts";
import type { Counts, WorldState } from "../world/state.ts";
import type { Connection } from "./connection.ts";
import type { Connections } from "./connections.ts";
import type { Host } from "./host.ts";
import type { EdgeTotals } from "./totals.ts";

/** What has been counted since the gateway was made. */
export interface Totals extends EdgeTotals, Counts {}

/** One agent, for an operator. Times are ISO 8601; counts are its connection's. */
export interface AgentStatus {
	readonly agentId: string;
	readonly role: string;
	readonly connectionId: string;
	/** Detached: its client dropped, and may resume [RES3]. */
	readonly state: "online" | "detached";
	readonly connectedAt: string;
	readonly lastMessageAt: string;
	/** Messages that came from it. */
	readonly received: number;
	/** Messages that were written to it. */
	readonly sent: number;
	/** Bytes that wait on its socket; what grows here is slow [SLOW1]. */
	readonly bufferedBytes: number;
}

/** What `/api/gateway/status` answers [HTTP1]. */
export interface GatewayStatus {
	readonly status: "ok" | "degraded" | "draining";
	/** How what keeps the world fares; absent where that is this process's memory. */
	readonly order?: OrderHealth;
	/** Seconds. */
	readonly uptime: number;
	readonly agents: readonly AgentStatus[];
	/** Connections that receive and have no agent. */
	readonly viewers: number;
	/** Connections whose socket is not closed, new and closing ones included. */
	readonly connections: number;
	readonly totals: Readonly<Totals>;
}

/** What a status is made of. */
export interface StatusParts {
	readonly host: Host;
	readonly connections: Connections;
	readonly world: WorldState;
	readonly totals: EdgeTotals;
	readonly order: Pick<Order, "health">;
}

/** A snapshot of who is connected and what was counted. */
export function readStatus(
	{ host, connections, world, totals, order: { health } }: StatusParts,
	startedAt: number,
	isDraining: boolean,
): GatewayStatus {
	const toStatus = (agent: Agent) =>
		agentStatus(agent, connections.get(agent.peer.conn));
	return {
		status: isDraining ? "draining" : (health?.state ?? "ok"),
		uptime: Math.round(host.now() - startedAt) / 1000,
		agents: [...world.registry.all()].map(toStatus),
		viewers: countViewers(connections, world),
		connections: connections.size,
		...(health && { order: health }),
		totals: { ...totals, ...world.counts },
	};
}

/** @param connection Where it is this node's, and open. */
function agentStatus(
	{ agentId, role, connectedAt, peer }: Agent,
	connection: Connection | undefined,
): AgentStatus {
	const { received, sent, lastMessageAt } = connection ??
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
		sent,
		bufferedBytes: (isOnline && connection?.socket.bufferedBytes) || 0,
	};
}

const UNSEEN = { received: 0, sent: 0 };

function countViewers(connections: Connections, { peers }: WorldState): number {
	let viewers = 0;
	for (const { id, phase } of connections.all())
		if (phase.state === "live" && !peers.has(id)) viewers++;
	return viewers;
}

function iso(milliseconds: number): string {
	return new Date(milliseconds).toISOString();
}
