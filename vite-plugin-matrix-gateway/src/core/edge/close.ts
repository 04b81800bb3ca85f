/** The ends of a connection, each of which is final: whatever comes later changes nothing. */
import {
	CLOSE,
	type CloseStatus,
	type LeftReason,
} from "../protocol/protocol.ts";
import type { Command } from "../world/command.ts";
import { NO_CLOSE_FRAME } from "../world/detach.ts";
import type { NodeTotals } from "../world/node-counts.ts";
import type { Backlog } from "./backlog.ts";
import { CLOSED, type Connection, isOpen, stopDeadline } from "./connection.ts";
import type { Connections } from "./connections.ts";
import type { GatewayEvent } from "./events.ts";
import type { GrantClock } from "./grant-clock.ts";
import type { Groups } from "./groups.ts";
import type { Heartbeat } from "./heartbeat.ts";
import type { Host } from "./host.ts";
import type { Loudest } from "./loudest.ts";
import { count, type Meters } from "./meters.ts";
import { seenOf } from "./node-report.ts";
import type { Outbox } from "./outbox.ts";
import type { Ticker } from "./ticker.ts";

export interface Closer {
	/** Writes what waits, sends the close frame, and cuts the peer off if it does not answer [SLOW3]. */
	close(connection: Connection, status: CloseStatus, timeout?: number): void;
	/** Writes what waits for an open connection, unless it reads too slowly. */
	drain(connection: Connection): void;
	/** Closes a connection that does not read: what waits for it is dropped [SLOW1]. */
	closeTooSlow(connection: Connection): void;
	/** Ends a connection that stopped answering, without a handshake that nobody would answer [HB2]. */
	prune(connection: Connection): void;
	/** Ends a connection at once: not a byte more, in or out [RES3]. */
	cutOff(connection: Connection): void;
	/** The socket is gone. */
	closed(connection: Connection, code: number): void;
}

/** What closing needs. */
export interface CloserParts {
	readonly host: Host;
	/** Milliseconds for a peer to answer a close frame. */
	readonly closeTimeout: number;
	readonly connections: Connections;
	readonly totals: NodeTotals;
	readonly meters: Meters;
	readonly outbox: Outbox;
	readonly groups: Groups;
	readonly backlog: Backlog;
	readonly heartbeat: Heartbeat;
	readonly grantClock: GrantClock;
	readonly ticker: Ticker;
	loudest(): Loudest | undefined;
	append(command: Command): void;
	emit(event: GatewayEvent): void;
}

export function createCloser(parts: CloserParts): Closer {
	const { host, closeTimeout, connections, totals, append, emit } = parts;
	const { outbox, groups, backlog, heartbeat, grantClock, ticker } = parts;
	const { closes } = parts.meters;

	/** Lets go of all that holds an open connection, so that nothing more is written to it. */
	function release(connection: Connection): void {
		if (connection.phase.state === "new") connection.phase.release();
		stopDeadline(connection);
		outbox.remove(connection);
		groups.leave(connection);
		backlog.remove(connection);
		heartbeat.remove(connection);
		grantClock.forget(connection);
	}

	function begin(
		connection: Connection,
		status: CloseStatus,
		reason: LeftReason,
		timeout = closeTimeout,
	): void {
		const loudest = reason === "too_slow" ? parts.loudest() : undefined;
		const { id: connectionId } = connection;
		emit({
			...{ event: "closing", connectionId, ...status },
			...(loudest && { loudest }),
		});
		count(closes, status.code);
		release(connection);
		const { socket } = connection;
		const stopTimer = host.setTimer(() => socket.terminate(), timeout);
		connection.phase = { state: "closing", stopTimer };
		// First, since it has to be done also where the host's socket throws.
		detach(connection, status.code, reason);
		socket.close(status.code, status.reason);
	}

	/** Ends it without a close frame. */
	function cut(connection: Connection, code: number): void {
		release(connection);
		connection.socket.terminate();
		connection.phase = CLOSED;
		connections.remove(connection);
		const { id: connectionId } = connection;
		emit({ event: "disconnected", connectionId, code });
	}

	/** Only of who has asked to be registered may the world know. */
	function detach(
		connection: Connection,
		code: number,
		reason: LeftReason,
	): void {
		const { id: conn, hasJoined } = connection;
		if (!hasJoined) return;
		const seen = seenOf(connection);
		ticker.sync();
		append({ type: "detach", conn, code, reason, seen });
	}

	function drain(connection: Connection): void {
		if (isOpen(connection) && !backlog.isFull(connection))
			outbox.drain(connection);
	}

	return {
		drain,
		close(connection, status, timeout) {
			if (!isOpen(connection)) return;
			// Who reads too slowly is written no more, but is closed for the reason that was given:
			// 4201 would let a loser come back for its name [REG5].
			drain(connection);
			begin(connection, status, "closed", timeout);
		},
		closeTooSlow(connection) {
			if (!isOpen(connection)) return;
			totals.tooSlow++;
			begin(connection, CLOSE.tooSlow, "too_slow");
		},
		prune(connection) {
			if (!isOpen(connection)) return;
			totals.pruned++;
			const { code, reason } = CLOSE.heartbeatLost;
			emit({ event: "closing", connectionId: connection.id, code, reason });
			count(closes, code);
			cut(connection, NO_CLOSE_FRAME);
			detach(connection, code, "heartbeat");
		},
		cutOff(connection) {
			if (!isOpen(connection)) return;
			count(closes, NO_CLOSE_FRAME);
			cut(connection, NO_CLOSE_FRAME);
			detach(connection, NO_CLOSE_FRAME, "closed");
		},
		closed(connection, code) {
			const { phase } = connection;
			if (phase.state === "closed") return;
			if (phase.state === "closing") phase.stopTimer();
			else release(connection);
			connection.phase = CLOSED;
			connections.remove(connection);
			const { id: connectionId } = connection;
			emit({ event: "disconnected", connectionId, code });
			if (phase.state === "closing") return;
			count(closes, code);
			detach(connection, code, "closed");
		},
	};
}
