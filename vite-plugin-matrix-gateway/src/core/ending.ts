/** The ends of a connection, each of which is final: whatever comes later changes nothing. */
import { type Connection, isOpen } from "./connection.ts";
import type { Hub } from "./hub.ts";
import { dismissAgents } from "./presence.ts";
import { CLOSE, type CloseStatus, type LeftReason } from "./protocol.ts";

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
	detach(hub, connection);
	connection.socket.terminate();
	remove(hub, connection);
	hub.emit({
		event: "disconnected",
		connectionId: connection.id,
		code: NO_CLOSE_FRAME,
	});
	dismissAgents(hub, connection, "heartbeat");
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
	dismissAgents(hub, connection, "closed");
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
	dismissAgents(hub, connection, reason);
}

/** Lets go of all that holds an open connection, so that nothing more is written to it. */
function detach(hub: Hub, connection: Connection): void {
	if (connection.phase.state === "new") connection.phase.hold.release();
	connection.stopDeadline?.();
	connection.stopDeadline = undefined;
	hub.outbox.remove(connection);
	hub.backlog.remove(connection);
	hub.heartbeat.remove(connection);
}

function remove(hub: Hub, connection: Connection): void {
	connection.phase = { state: "closed" };
	hub.connections.delete(connection);
	if (hub.connections.size === 0) hub.onEmpty?.();
}
