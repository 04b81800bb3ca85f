/** Names on connections: register, update, take over [REG]. */
import { message, registered } from "../protocol/gateway-messages.ts";
import type { Interest } from "../protocol/message-types.ts";
import { CLOSE, DEFAULTS } from "../protocol/protocol.ts";
import type { Join, NodeId } from "./command.ts";
import { countOwn, give, settle } from "./deliver.ts";
import { createFilter } from "./filter.ts";
import { isHeld } from "./held-names.ts";
import { answerTo, filterAsked, joinAudience } from "./join-audience.ts";
import {
	type Agent,
	addAgent,
	agentJson,
	createPeer,
	findAgent,
	liveBy,
	type Peer,
	removeAgent,
} from "./peer.ts";
import {
	announceJoined,
	announceLeft,
	confirmJoined,
	leaveWorld,
} from "./presence.ts";
import { countMessage, isHeard, refuse } from "./refuse.ts";
import { resume } from "./resume.ts";
import type { WorldState } from "./state.ts";

export function applyJoin(
	state: WorldState,
	command: Join,
	node: NodeId,
): void {
	const before = state.peers.get(command.conn);
	if (!isHeard(before)) return;
	countMessage(before);
	const { everyone } = state.audiences;
	const peer = before ?? createPeer(command.conn, node, everyone);
	// One that is there may live by another token by now [AUTH6].
	if (!before) liveBy(peer, command.grant);
	if (!before && command.resume) comeBack(state, command, peer);
	else if (hasTooMany(peer, command))
		refuse(state, command, tooMany(command), true);
	else acknowledge(state, command, peer, command.isNewcomer && !before);
}

/** Goes on with a session, or where that cannot be without a loss, registers anew [RES4]. */
function comeBack(state: WorldState, command: Join, peer: Peer): void {
	const outcome = resume(state, command, peer);
	if (typeof outcome === "object") refuse(state, command, outcome, true);
	// Who wanted to resume has dropped what it was sent as a viewer.
	else if (outcome === "lost") acknowledge(state, command, peer, true);
}

function hasTooMany(peer: Peer, command: Join): boolean {
	const isFull = peer.agents.length >= mostAgents(command);
	return isFull && !findAgent(peer, command.agentId);
}

function mostAgents({ maxAgents }: Join): number {
	return maxAgents ?? DEFAULTS.maxAgentsPerConnection;
}

function tooMany(command: Join) {
	const { agentId } = command;
	const message = `a connection has at most ${mostAgents(command)} agents`;
	return { code: "too_many_agents", message, agentId } as const;
}

/** Ack, what is retained, its own joined, live: in this order [REG2]. */
function acknowledge(
	state: WorldState,
	command: Join,
	peer: Peer,
	needsRetained: boolean,
): void {
	const { conn, agentId, role, session, resume: claim } = command;
	const isKnown = state.peers.has(conn);
	const before = isKnown
		? peer.audience.filter
		: createFilter(command.grant.subscribe, command.interest);
	const asked = command.subscribe ?? (isKnown ? undefined : command.interest);
	const filter = filterAsked(state, before, asked);
	state.peers.set(conn, peer);
	joinAudience(state, peer, filter);
	// What follows the request for a session is counted, so that request's ack is not [RES2].
	const isCounted = peer.session !== undefined;
	if (session && !peer.session)
		peer.session = state.sessions.create(peer, session, claim?.digest);
	const roster = state.registry.roster(agentId);
	const retained = needsRetained
		? state.retained.all(filter)
		: state.retained.added(filter, before);
	const subscribe = answerTo(asked, filter);
	const ack = isCounted
		? encodeAck(state, command, roster, subscribe)
		: undefined;
	if (peer.session)
		for (const frame of [ack ?? [], retained ?? []].flat())
			countOwn(state, peer.session, frame);
	const isLost = claim !== undefined;
	const told = { agentId, role, roster, subscribe, ack };
	const greeting = { ...told, isLost, retained };
	state.effects.live(conn, greeting);
	settle(state);
	put(state, createAgent(state, command, peer));
}

/** The session's token is no world's to know, and the client has it. */
function encodeAck(
	{ codec, options }: WorldState,
	{ conn, agentId, role }: Join,
	roster: Uint8Array,
	subscribe: Interest | null | undefined,
): Uint8Array {
	const greeting = { connectionId: conn, options, roster, subscribe };
	return codec.encode(...registered(agentId, role, greeting));
}

function createAgent(
	{ codec }: WorldState,
	{ agentId, role, at }: Join,
	peer: Peer,
): Agent {
	const json = codec.toUtf8(agentJson(agentId, role));
	return { agentId, role, json, peer, connectedAt: at };
}

function put(state: WorldState, agent: Agent): void {
	const { role, peer } = agent;
	const previous = state.registry.add(agent);
	const isBack = previous !== undefined && isHeld(previous.peer);
	addAgent(agent);
	if (previous && previous.peer !== peer) takeFrom(state, previous, agent);
	// For itself its name was free.
	if (isBack && previous.role === role) confirmJoined(state, agent);
	if (previous?.role === role) return;
	if (previous)
		announceLeft(state, previous, "replaced", isBack ? peer : undefined);
	announceJoined(state, agent);
}

/** The newest wins, and the loser must not come back for it [REG5]. */
function takeFrom(state: WorldState, loser: Agent, winner: Agent): void {
	const { agentId, peer } = loser;
	const connectionId = peer.conn;
	const by = winner.peer.conn;
	if (!isHeld(peer))
		state.effects.emit({ event: "replaced", connectionId, agentId, by });
	removeAgent(peer, agentId);
	const text = message({ type: "gateway_replaced", agentId });
	give(state, peer, state.codec.encode(text));
	if (peer.agents.length > 0) return;
	if (peer.state === "online") {
		peer.state = "over";
		state.effects.close(peer.conn, CLOSE.replaced);
	} else state.peers.delete(peer.conn);
	leaveWorld(state, peer);
}
