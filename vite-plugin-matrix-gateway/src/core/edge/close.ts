/** The ends of a connection, each of which is final: whatever comes later changes nothing. */

import type { Hub } from "../hub.ts";
import {
	CLOSE,
	type CloseStatus,
	type LeftReason,
	retryClass,
} from "../protocol/protocol.ts";
import { dismissAgents } from "../world/presence.ts";
import { settleReceipts } from "../world/receipts.ts";
import type { Session } from "../world/session-account.ts";
import {
	CLOSED,
	type Connection,
	isOpen,
	NO_SOCKET,
	stopDeadline,
} from "./connection.ts";

/** The code that stands for a socket's end without a close frame (RFC 6455, section 7.4.1). */
const NO_CLOSE_FRAME = 1006;

/** How the gateway closes a connection. */
interface CloseOptions {
	/** What others are told of its agents. Default: `closed`. */
	readonly reason?: LeftReason;
	/** Milliseconds for the peer to answer. Default: `closeTimeout`. */
	readonly timeout?: number;
}

/** Writes what waits, sends the close frame, and cuts the peer off if it does not answer [SLOW3]. */
export function closeConnection(
	hub: Hub,
	connection: Connection,
	status: CloseStatus,
	options?: CloseOptions,
): void {
	if (!isOpen(connection)) return;
	// Who reads too slowly is written no more, but is closed for the reason that was given:
	// 4201 would let a loser come back for its name [REG5].
	if (!hub.backlog.isFull(connection)) hub.outbox.drain(connection);
	beginClose(hub, connection, status, options);
}

/** Closes a connection that does not read: what waits for it is dropped [SLOW1]. */
export function closeTooSlow(hub: Hub, connection: Connection): void {
	if (!isOpen(connection)) return;
	hub.totals.tooSlow++;
	beginClose(hub, connection, CLOSE.tooSlow, { reason: "too_slow" });
}

/** Ends a connection that stopped answering, without a handshake that nobody would answer [HB2]. */
export function pruneConnection(hub: Hub, connection: Connection): void {
	if (!isOpen(connection)) return;
	hub.totals.pruned++;
	const { code, reason } = CLOSE.heartbeatLost;
	hub.emit({ event: "closing", connectionId: connection.id, code, reason });
	cutOff(hub, connection);
	leave(hub, connection, code, "heartbeat");
}

/** Ends a connection at once: not a byte more, in or out [RES3]. */
export function cutOff(hub: Hub, connection: Connection): void {
	if (!isOpen(connection)) return;
	detach(hub, connection);
	connection.socket.terminate();
	remove(hub, connection);
	hub.emit({
		event: "disconnected",
		connectionId: connection.id,
		code: NO_CLOSE_FRAME,
	});
}

/** Forgets a session; what waited for its client is dropped [RES6, RCPT2]. */
export function endSession(hub: Hub, session: Session): void {
	if (!hub.sessions.remove(session)) return;
	session.connection.session = undefined;
	settleReceipts(hub, session.exceptions, "dropped");
}

/** The client of a session did not come back [RES4]. */
export function expireSession(hub: Hub, session: Session): void {
	endSession(hub, session);
	dismissAgents(hub, session.connection, "expired");
}

/** The socket is gone. */
export function connectionClosed(
	hub: Hub,
	connection: Connection,
	code: number,
): void {
	const { phase } = connection;
	if (phase.state === "closed") return;
	if (phase.state === "closing") phase.stopTimer();
	else detach(hub, connection);
	remove(hub, connection);
	hub.emit({ event: "disconnected", connectionId: connection.id, code });
	if (phase.state !== "closing") leave(hub, connection, code, "closed");
}

function beginClose(
	hub: Hub,
	connection: Connection,
	status: CloseStatus,
	{ reason = "closed", timeout = hub.options.closeTimeout }: CloseOptions = {},
): void {
	hub.emit({ event: "closing", connectionId: connection.id, ...status });
	detach(hub, connection);
	const { socket } = connection;
	const stopTimer = hub.host.setTimer(() => socket.terminate(), timeout);
	connection.phase = { state: "closing", stopTimer };
	socket.close(status.code, status.reason);
	leave(hub, connection, status.code, reason);
}

/** What a connection's end means for its agents: they are gone, or wait for their client. */
function leave(
	hub: Hub,
	connection: Connection,
	code: number,
	reason: LeftReason,
): void {
	const { session } = connection;
	if (session && !endsSession(code) && !hub.draining) {
		hub.sessions.detach(session);
		hub.emit({ event: "detached", connectionId: connection.id });
		return;
	}
	if (session) endSession(hub, session);
	dismissAgents(hub, connection, reason);
}

/** A client that says goodbye, or may not come back, does not resume [RES6]. */
function endsSession(code: number): boolean {
	return code === 1000 || retryClass(code) === "stop";
}

/** Lets go of all that holds an open connection, so that nothing more is written to it. */
function detach(hub: Hub, connection: Connection): void {
	if (connection.phase.state === "new") connection.phase.release();
	stopDeadline(connection);
	hub.outbox.remove(connection);
	hub.backlog.remove(connection);
	hub.heartbeat.remove(connection);
}

function remove(hub: Hub, connection: Connection): void {
	connection.phase = CLOSED;
	connection.socket = NO_SOCKET;
	hub.connections.delete(connection);
	if (hub.connections.size === 0) hub.onEmpty?.();
}
