/** Messages that are not done as asked [ERR1]. */
import { error } from "../protocol/gateway-messages.ts";
import { CLOSE } from "../protocol/protocol.ts";
import type { Refusal } from "../protocol/refusal.ts";
import type { ConnectionId, Refuse } from "./command.ts";
import { countOwn, settle, tell } from "./deliver.ts";
import type { Peer } from "./peer.ts";
import type { WorldState } from "./state.ts";

/** Answers a message that its node has refused. */
export function applyRefuse(
	state: WorldState,
	{ conn, frame, isCounted, isLast }: Refuse,
): void {
	const peer = state.peers.get(conn);
	if (!isHeard(peer)) return;
	if (isCounted) countMessage(peer);
	if (frame) tell(state, conn, frame);
	if (isLast) state.effects.close(conn, CLOSE.rateLimit);
}

/** Refuses what a command asks for; its sender is told where it may be [ERR2]. */
export function refuse(
	state: WorldState,
	command: { readonly conn: ConnectionId; readonly answer: boolean },
	refusal: Refusal,
	wasJoin = false,
): void {
	const { conn } = command;
	const frame = command.answer ? state.codec.encode(error(refusal)) : undefined;
	const session = state.peers.get(conn)?.session;
	if (session && frame) countOwn(state, session, frame);
	const { code, of } = refusal;
	state.effects.refused(conn, { frame, wasJoin, code, of });
	settle(state);
}

/** Whether what comes from a connection still counts. Who has no agents is no peer. */
export function isHeard(peer: Peer | undefined): boolean {
	return !peer || peer.state === "online";
}

/** A session counts each message of its client, whatever becomes of it [RES2]. */
export function countMessage(peer: Peer | undefined): void {
	if (peer?.session) peer.session.received++;
}
