/** An agent that unregisters [REG3]. */
import { badMessage } from "../protocol/refusal.ts";
import type { Leave } from "./command.ts";
import { type Agent, findAgent, type Peer, removeAgent } from "./peer.ts";
import { announceLeft, leaveWorld } from "./presence.ts";
import { countMessage, isHeard, refuse } from "./refuse.ts";
import type { WorldState } from "./state.ts";

export function applyLeave(state: WorldState, command: Leave): void {
	const { conn, agentId } = command;
	const peer = state.peers.get(conn);
	if (!isHeard(peer)) return;
	countMessage(peer);
	const agent = peer && findAgent(peer, agentId);
	if (peer && agent) unregister(state, peer, agent);
	else refuse(state, command, NOT_YOURS);
}

function unregister(state: WorldState, peer: Peer, agent: Agent): void {
	const { agentId } = agent;
	removeAgent(peer, agentId);
	if (state.registry.remove(agent)) announceLeft(state, agent, "unregistered");
	if (peer.agents.length > 0) return;
	leaveWorld(state, peer);
	state.peers.delete(peer.conn);
	state.effects.nameless(peer.conn);
}

/** The answer to who unregisters a name that it has not. */
export const NOT_YOURS = badMessage(
	"`agentId` is not one that this connection registered",
);
