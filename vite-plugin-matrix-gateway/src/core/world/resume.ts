/** A client that comes back after a drop [RES]. */
import { covers } from "../protocol/coverage.ts";
import { CLOSE, type CloseStatus } from "../protocol/protocol.ts";
import { forbid, type Refusal } from "../protocol/refusal.ts";
import type { ConnectionId, Join, NewSession, ResumeClaim } from "./command.ts";
import { countOwn, owe, settle } from "./deliver.ts";
import { canHave, isInQuestion, settleDoubt } from "./doubt.ts";
import { createFilter, type Filter } from "./filter.ts";
import { answerTo, filterAsked, joinAudience } from "./join-audience.ts";
import {
	createPeer,
	findAgent,
	liveBy,
	type Peer,
	removeAgent,
	type Session,
} from "./peer.ts";
import { dismissAgents, leaveWorld } from "./presence.ts";
import { countOrdered, framesAfter, takeReceipts } from "./session-account.ts";
import type { WorldState } from "./state.ts";

/**
 * Goes on with a session, or says that it did not: `lost`, so that the client is registered
 * anew [RES4], or `closed`, where it may not be.
 * @param newcomer The peer that it is where it is registered anew.
 */
export function resume(
	state: WorldState,
	command: Join,
	newcomer: Peer,
): "resumed" | "lost" | "closed" | Refusal {
	const claim = command.resume as ResumeClaim;
	const { conn, agentId } = command;
	const session = state.sessions.find(claim);
	const agent = session && findAgent(session.peer, agentId);
	if (isOutdated(state, command, claim)) return close(state, conn, CLOSE.busy);
	if (!session || !agent) return lose(state, command, claim.digest);
	if (!covers(command.grant, session.peer.agents))
		return forbid(NOT_ALLOWED, agentId);
	const can = canHave(state, session, claim.received);
	if (can === "unknown") return close(state, conn, CLOSE.busy);
	if (!can) return abandon(state, command, session, newcomer, "beyond");
	if (claim.received > countOrdered(session))
		return close(state, conn, CLOSE.protocolViolation);
	const missed = framesAfter(session, claim.received);
	if (!missed) return abandon(state, command, session, newcomer, "gone");
	const from = session.peer.conn;
	adopt(state, session, newcomer);
	// What waited for the client is on its way, and no more dropped for what comes now [RCPT2].
	const waited = takeReceipts(session);
	const { before, filter } = turn(state, command, session.peer);
	const retained = claim.retained
		? state.retained.all(filter)
		: state.retained.added(filter, before);
	for (const frame of retained ?? []) countOwn(state, session, frame);
	const { role } = agent;
	const { received } = session;
	state.effects.emit({ event: "resumed", connectionId: conn, from });
	const subscribe = answerTo(command.subscribe, filter);
	const told = { agentId, role, received, subscribe };
	state.effects.live(conn, { ...told, missed, retained });
	owe(state, waited, "delivered");
	settle(state);
	return "resumed";
}

/**
 * The connection that has the session of a claim, or what its client got when it could not go on with
 * it and may not know of; null where there is none.
 */
export function holderOf(
	{ sessions, registry }: Pick<WorldState, "sessions" | "registry">,
	agentId: string,
	claim: NewSession,
): ConnectionId | null {
	const session = sessions.find(claim);
	if (session) return session.peer.conn;
	const peer = registry.get(agentId)?.peer;
	return peer?.session?.replaces === claim.digest ? peer.conn : null;
}

/**
 * A client that gives up waiting tries again, elsewhere, and each try has its place when its node can
 * bring it there: one may come after another that has resumed since. It would take the session from its
 * own client, and ask for what that has confirmed. Who is really there comes back.
 */
function isOutdated(
	state: WorldState,
	{ agentId }: Join,
	claim: ResumeClaim,
): boolean {
	const { from } = claim;
	return from !== undefined && from !== holderOf(state, agentId, claim);
}

const NOT_ALLOWED = "the token does not allow every agent of this session";

/**
 * A resume that fails never beats another's connection that lives [RES4]. One that failed with
 * the same token before is the client's own, whose ack was lost.
 */
function lose(
	state: WorldState,
	command: Join,
	digest: string,
): "lost" | "closed" {
	const { conn, agentId } = command;
	const holder = state.registry.get(agentId)?.peer;
	const session = holder?.session;
	if (holder?.state !== "online" || session?.replaces === digest) {
		tellLost(state, command, "unknown");
		return "lost";
	}
	// It may be the client's own, of a history that is cut: that is known when it comes again.
	const isOpen = session !== undefined && isInQuestion(session);
	return close(state, conn, isOpen ? CLOSE.busy : CLOSE.replaced);
}

function close(
	{ effects }: WorldState,
	conn: ConnectionId,
	status: CloseStatus,
): "closed" {
	effects.close(conn, status);
	return "closed";
}

/** A session of which something is gone is over: its other agents are registered anew too. */
function abandon(
	state: WorldState,
	command: Join,
	session: Session,
	newcomer: Peer,
	reason: "gone" | "beyond",
): "lost" {
	const { agentId } = command;
	const old = session.peer;
	tellLost(state, command, reason);
	cutOff(state, old);
	const agent = findAgent(old, agentId);
	removeAgent(old, agentId);
	leaveWorld(state, old);
	dismissAgents(state, old, "expired");
	// Its name is kept for the registration that follows, so that nobody sees it leave.
	if (agent) state.registry.add({ ...agent, peer: newcomer });
	return "lost";
}

function tellLost(
	{ effects }: WorldState,
	{ conn, agentId }: Join,
	reason: "unknown" | "gone" | "beyond",
): void {
	effects.emit({ event: "notResumed", connectionId: conn, agentId, reason });
}

/** Moves a session with its agents to a new connection; nobody else sees a change. */
function adopt(state: WorldState, session: Session, newcomer: Peer): void {
	const { peer } = session;
	cutOff(state, peer);
	state.sessions.attach(session);
	settleDoubt(session);
	peer.conn = newcomer.conn;
	peer.node = newcomer.node;
	peer.state = "online";
	peer.seen = undefined;
	liveBy(peer, newcomer);
	state.peers.set(peer.conn, peer);
}

/**
 * By another token, and where the client asks for it by another interest, its session goes on after
 * all that was sent by those that held before.
 * @returns What it would be sent without the client's asking, and what it is sent.
 */
function turn(
	state: WorldState,
	command: Join,
	peer: Peer,
): { before: Filter | undefined; filter: Filter | undefined } {
	const { interest } = peer.audience.filter ?? {};
	const before = createFilter(command.grant.subscribe, interest);
	const filter = filterAsked(state, before, command.subscribe);
	joinAudience(state, peer, filter);
	return { before, filter };
}

/** Whatever still comes of the connection that a session had counts no more. */
function cutOff(state: WorldState, { conn, node, state: was }: Peer): void {
	state.peers.delete(conn);
	if (was !== "online") return;
	const { everyone } = state.audiences;
	const over = createPeer(conn, node, everyone);
	state.peers.set(conn, { ...over, state: "over" });
	state.effects.cut(conn);
}
