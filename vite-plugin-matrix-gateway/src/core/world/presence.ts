/**
 * Joined and left [PR]. They strictly alternate for an agentId because each is sent only
 * where the registry says that something changed.
 */
import { message } from "../protocol/gateway-messages.ts";
import type { LeftReason } from "../protocol/protocol.ts";
import { broadcast, give, owe, settle } from "./deliver.ts";
import { type Agent, type Peer, removeAgents, type Session } from "./peer.ts";
import type { WorldState } from "./state.ts";

/** Tells everyone that an agent is there. */
export function announceJoined(state: WorldState, agent: Agent): void {
	announce(state, emitJoined(state, agent));
}

/** Tells an agent alone, who for all others was there all the time [SH3]. */
export function confirmJoined(state: WorldState, agent: Agent): void {
	give(state, agent.peer, state.codec.encode(emitJoined(state, agent)));
}

function emitJoined(state: WorldState, { agentId, role, peer }: Agent): string {
	const connectionId = peer.conn;
	state.effects.emit({ event: "joined", connectionId, agentId, role });
	return message({ type: "agent_joined", agentId, role });
}

/** Tells everyone that an agent is gone, but for one who has not been told that it was there. */
export function announceLeft(
	state: WorldState,
	agent: Agent,
	reason: LeftReason,
	except?: Peer,
): void {
	const { agentId, role, peer } = agent;
	const connectionId = peer.conn;
	state.effects.emit({ event: "left", connectionId, agentId, role, reason });
	// Who is replaced is there again at once, with what belongs to it [RET3].
	if (reason !== "replaced") state.retained.forgetAgent(agentId);
	const text = message({ type: "agent_left", agentId, role, reason });
	announce(state, text, except);
}

/** Takes all agents off a peer that is no more. */
export function dismissAgents(
	state: WorldState,
	peer: Peer,
	reason: LeftReason,
): void {
	for (const agent of peer.agents)
		if (state.registry.remove(agent)) announceLeft(state, agent, reason);
	removeAgents(peer);
}

/** A peer is no more, or nothing that comes of it counts: it has no session, and is sent nothing. */
export function leaveWorld(state: WorldState, peer: Peer): void {
	if (peer.session) endSession(state, peer.session);
	peer.audience.release();
	peer.audience = state.audiences.everyone;
}

/** Forgets a session; what waited for its client is dropped [RES6, RCPT2]. */
export function endSession(state: WorldState, session: Session): void {
	if (!state.sessions.remove(session)) return;
	session.peer.session = undefined;
	owe(state, session.exceptions, "dropped");
	settle(state);
}

function announce(state: WorldState, text: string, except?: Peer): void {
	// While draining everyone leaves at once, and everyone has been told so [PR3].
	if (state.members.areDraining()) return;
	const frame = state.codec.encode(text);
	const { conn, session } = except ?? {};
	broadcast(state, frame, { except: conn, session });
}
