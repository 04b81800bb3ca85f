/**
 * Joined and left [PR]. They strictly alternate for an agentId because each is sent only
 * where the registry says that something changed.
 */
import {
	type Agent,
	type Connection,
	removeAgents,
} from "../edge/connection.ts";
import type { Hub } from "../hub.ts";
import { message } from "../protocol/gateway-messages.ts";
import type { LeftReason } from "../protocol/protocol.ts";

/** Tells everyone that an agent is there. */
export function announceJoined(hub: Hub, agent: Agent): void {
	const { agentId, role, connection } = agent;
	hub.emit({ event: "joined", connectionId: connection.id, agentId, role });
	announce(hub, message({ type: "agent_joined", agentId, role }));
}

/** Tells everyone that an agent is gone. */
export function announceLeft(hub: Hub, agent: Agent, reason: LeftReason): void {
	const { agentId, role, connection } = agent;
	const connectionId = connection.id;
	hub.emit({ event: "left", connectionId, agentId, role, reason });
	// Who is replaced is there again at once, with what belongs to it [RET3].
	if (reason !== "replaced") hub.retained.forgetAgent(agentId);
	announce(hub, message({ type: "agent_left", agentId, role, reason }));
}

/** Takes all agents off a connection that has ended. */
export function dismissAgents(
	hub: Hub,
	connection: Connection,
	reason: LeftReason,
): void {
	for (const agent of connection.agents)
		if (hub.registry.remove(agent)) announceLeft(hub, agent, reason);
	removeAgents(connection);
}

function announce(hub: Hub, text: string): void {
	// While draining everyone leaves at once, and everyone has been told so [PR3].
	if (!hub.draining) hub.log.append({ frame: hub.host.encode(text) });
}
