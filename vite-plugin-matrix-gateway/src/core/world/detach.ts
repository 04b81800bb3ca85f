/** Connections that end: their agents are gone, or wait for their client [RES3]. */
import { CLOSE, type LeftReason, retryClass } from "../protocol/protocol.ts";
import type { Detach, NodeId } from "./command.ts";
import { holdNames } from "./held-names.ts";
import type { Peer, Session } from "./peer.ts";
import { dismissAgents, leaveWorld } from "./presence.ts";
import { bind } from "./session-account.ts";
import type { WorldState } from "./state.ts";

export function applyDetach(state: WorldState, command: Detach): void {
	const { conn, code, reason, seen } = command;
	const peer = state.peers.get(conn);
	if (!peer || peer.state === "detached") return;
	if (peer.state === "over") {
		state.peers.delete(conn);
		return;
	}
	peer.seen = seen;
	// That has come about: its client is asked for another token, and has its time to come back with it.
	if (code === CLOSE.tokenExpired.code) peer.expires = undefined;
	end(state, peer, code, reason);
}

/** All connections of a node are gone, that it has said so or vanished. */
export function detachNode(state: WorldState, node: NodeId): void {
	for (const [conn, peer] of state.peers) {
		if (peer.node !== node || peer.state === "detached") continue;
		if (peer.state === "over") state.peers.delete(conn);
		else end(state, peer, NO_CLOSE_FRAME, "closed");
	}
}

/**
 * Nodes have ended, and others go on for them: all of their agents wait for their clients, since
 * all of these come back at once. Nobody sees a change unless one does not.
 */
export function awaitAll(
	state: WorldState,
	isGone: (node: NodeId) => boolean,
): void {
	for (const session of state.sessions.all())
		if (isGone(session.peer.node)) bind(session);
	const gone: Peer[] = [];
	for (const [conn, peer] of state.peers) {
		if (!isGone(peer.node) || peer.state === "detached") continue;
		if (peer.state === "over") state.peers.delete(conn);
		else gone.push(peer);
	}
	// Where there is no room for all, names that nobody can resume go first.
	for (const peer of gone)
		if (!peer.session) wait(state, peer, holdNames(state, peer));
	for (const peer of gone)
		if (peer.state === "online" && peer.session)
			wait(state, peer, peer.session);
}

/** The last node goes, and nobody is left to come back to. */
export function endAll(state: WorldState): void {
	for (const peer of [...state.peers.values()])
		if (peer.session) expire(state, peer.session);
}

/** The client of a session did not come back [RES4]. */
export function expire(state: WorldState, session: Session): void {
	const { peer } = session;
	leaveWorld(state, peer);
	state.peers.delete(peer.conn);
	dismissAgents(state, peer, "expired");
}

/**
 * Ticks are so far apart at most. A node that is not the clock does not know how much of one has
 * passed when it appends, and a session never waits for less than its window.
 */
export const MAX_TICK = 500;

/** The code that stands for a socket's end without a close frame (RFC 6455, section 7.4.1). */
export const NO_CLOSE_FRAME = 1006;

function end(
	state: WorldState,
	peer: Peer,
	code: number,
	reason: LeftReason,
): void {
	const { session } = peer;
	if (session && !endsSession(code) && !state.members.areDraining()) {
		state.effects.emit({ event: "detached", connectionId: peer.conn });
		wait(state, peer, session);
		return;
	}
	state.peers.delete(peer.conn);
	leaveWorld(state, peer);
	dismissAgents(state, peer, reason);
}

function wait(state: WorldState, peer: Peer, session: Session): void {
	const slack = state.members.isClock(peer.node) ? 0 : MAX_TICK;
	const until = state.time + state.options.resumeWindow + slack;
	peer.state = "detached";
	const oldest = state.sessions.detach(session, until);
	state.effects.waiting();
	if (oldest) expire(state, oldest);
}

/** A client that says goodbye, or may not come back, does not resume [RES6]. */
function endsSession(code: number): boolean {
	return code === 1000 || retryClass(code) === "stop";
}
