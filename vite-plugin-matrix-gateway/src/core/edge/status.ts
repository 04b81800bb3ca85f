/** What an operator may see of a gateway [HTTP1]. */

import type { Hub, Totals } from "../hub.ts";
import { type Agent, isOpen } from "./connection.ts";

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
	readonly status: "ok" | "draining";
	/** Seconds. */
	readonly uptime: number;
	readonly agents: readonly AgentStatus[];
	/** Connections that receive and have no agent. */
	readonly viewers: number;
	/** Connections whose socket is not closed, new and closing ones included. */
	readonly connections: number;
	readonly totals: Readonly<Totals>;
}

/** A snapshot of who is connected and what was counted. */
export function readStatus(hub: Hub, startedAt: number): GatewayStatus {
	return {
		status: hub.draining ? "draining" : "ok",
		uptime: Math.round(hub.host.now() - startedAt) / 1000,
		agents: [...hub.registry.all()].map(agentStatus),
		viewers: countViewers(hub),
		connections: hub.connections.size,
		totals: { ...hub.totals },
	};
}

function agentStatus(agent: Agent): AgentStatus {
	const { agentId, role, connection, connectedAt } = agent;
	return {
		agentId,
		role,
		connectionId: connection.id,
		state: isOpen(connection) ? "online" : "detached",
		connectedAt: iso(connectedAt),
		lastMessageAt: iso(connection.lastMessageAt),
		received: connection.received,
		sent: connection.sent,
		bufferedBytes: isOpen(connection) ? connection.socket.bufferedBytes : 0,
	};
}

function countViewers({ connections }: Hub): number {
	let viewers = 0;
	for (const { phase, agents } of connections)
		if (phase.state === "live" && agents.length === 0) viewers++;
	return viewers;
}

function iso(milliseconds: number): string {
	return new Date(milliseconds).toISOString();
}
