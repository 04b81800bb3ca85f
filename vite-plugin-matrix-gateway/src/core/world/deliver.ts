/**
 * How a frame gets its place: in the sessions that count it, and by an effect on the wire, in the
 * same order. What that pushes out of a session has receipts, which come after it as a whole.
 */
import type { ReceiptStatus } from "../protocol/protocol.ts";
import type { ConnectionId } from "./command.ts";
import {
	type Agent,
	type Exception,
	NO_AGENTS,
	type Peer,
	type Receipt,
	type Session,
} from "./peer.ts";
import { receiptText } from "./receipts.ts";
import { addException } from "./session-account.ts";
import type { WorldState } from "./state.ts";

/** Whom a frame to all leaves out. */
export interface LeavesOut {
	/** A connection, and its session, which counts that. */
	readonly except?: ConnectionId | undefined;
	readonly session?: Session | undefined;
	/** All whose filter this type does not pass. Absent of what the gateway says itself, which all are sent. */
	readonly messageType?: string | undefined;
	/** The agents of its sender. */
	readonly from?: readonly Agent[] | undefined;
}

/** Sends a frame to all, but for those whom it leaves out. */
export function broadcast(
	state: WorldState,
	frame: Uint8Array,
	{ except, session, messageType, from = NO_AGENTS }: LeavesOut = {},
): void {
	const audience = session?.peer.audience;
	const at = audience?.position ?? 0;
	state.audiences.append(state.log.append(frame), messageType, from);
	if (session && audience && audience.position > at)
		count(state, session, { at, frame: undefined });
	state.effects.broadcast(frame, except, messageType, from);
	settle(state);
}

/** Sends a frame to one peer, which gets it later where it is away. */
export function give(
	state: WorldState,
	peer: Peer,
	frame: Uint8Array,
	receipt?: Receipt,
): void {
	if (peer.session) countOwn(state, peer.session, frame, receipt);
	if (peer.state === "online") state.effects.direct(peer.conn, frame);
	settle(state);
}

/** Sends a frame to one connection, whether the world knows it or not. */
export function tell(
	state: WorldState,
	conn: ConnectionId,
	frame: Uint8Array,
): void {
	const peer = state.peers.get(conn);
	if (peer) give(state, peer, frame);
	else state.effects.direct(conn, frame);
}

/** A frame belongs to a session once it is ordered, written or not [RES2]. */
export function countOwn(
	state: WorldState,
	session: Session,
	frame: Uint8Array,
	receipt?: Receipt,
): void {
	const at = session.peer.audience.position;
	count(state, session, { at, frame, receipt });
}

/** Keeps in a session what is not as its audience's broadcasts tell. */
export function count(
	state: WorldState,
	session: Session,
	exception: Exception,
): void {
	const before = session.bytes;
	owe(state, addException(session, exception), "dropped");
	owe(state, state.sessions.grew(session.bytes - before), "dropped");
}

/** Tells the sender of a message what became of it. */
export function sendReceipt(
	state: WorldState,
	receipt: Receipt,
	status: ReceiptStatus,
): void {
	state.due.push({ receipt, status });
	settle(state);
}

/** The same for messages that waited; it is sent when next something is settled. */
export function owe(
	state: WorldState,
	exceptions: readonly Exception[],
	status: "delivered" | "dropped",
): void {
	for (const { receipt } of exceptions)
		if (receipt) state.due.push({ receipt, status });
}

/**
 * Sends the receipts that are due. Each may push others out of its sender's session, whose
 * receipts push on: a chain as long as there are sessions, which the stack is not.
 */
export function settle(state: WorldState): void {
	if (state.isSettling || state.due.length === 0) return;
	state.isSettling = true;
	for (let next = 0; next < state.due.length; next++) {
		const settlement = state.due[next];
		if (!settlement) continue;
		const { conn, session } = settlement.receipt;
		const frame = state.codec.encode(receiptText(settlement));
		tell(state, session?.peer.conn ?? conn, frame);
	}
	state.due.length = 0;
	state.isSettling = false;
}
