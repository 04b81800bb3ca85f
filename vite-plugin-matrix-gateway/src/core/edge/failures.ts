/**
 * What becomes of errors of the gateway's own, which are bugs: what one message met costs its
 * connection; what befell the state that all share ends the gateway, not the process [ERR3].
 */
import { CLOSE } from "../protocol/protocol.ts";
import type { NodeTotals } from "../world/node-counts.ts";
import type { Closer } from "./close.ts";
import type { Connection } from "./connection.ts";
import type { Connections } from "./connections.ts";
import type { GatewayEvent } from "./events.ts";
import type { Host } from "./host.ts";

export interface Failures {
	/** Whether the gateway's state cannot be relied on any more. */
	isBroken(): boolean;
	/** Closes the connection whose message met an error. */
	fail(connection: Connection, error: unknown): void;
	/** Closes everyone: the state is broken. */
	break(error: unknown): void;
	/** Does it, and breaks where that throws; nothing is done once it is broken. */
	guard(work: () => void): void;
}

/** What they need. */
export interface FailureParts {
	readonly connections: Connections;
	readonly totals: NodeTotals;
	/** Made later than this. */
	readonly closer: () => Closer;
	/** Whether the gateway is. Until then errors are its maker's. */
	isMade(): boolean;
	emit(event: GatewayEvent): void;
	/** Told of the error that broke the gateway; it never throws. */
	broken(error: unknown): void;
}

export function createFailures(parts: FailureParts): Failures {
	const { connections, totals, emit } = parts;
	let isBroken = false;

	function breakDown(error: unknown): void {
		if (isBroken) return;
		// What is replayed has broken nothing yet: whoever replays it may do without.
		if (!parts.isMade()) throw error;
		isBroken = true;
		for (const connection of [...connections.all()]) closeOrCut(connection);
		parts.broken(error);
	}

	function closeOrCut(connection: Connection): void {
		try {
			parts.closer().close(connection, CLOSE.internalError);
		} catch {
			connection.socket.terminate();
		}
	}

	return {
		isBroken: () => isBroken,
		fail(connection, error) {
			totals.failed++;
			emit({ event: "failed", connectionId: connection.id, error });
			closeOrCut(connection);
		},
		break: breakDown,
		guard(work) {
			if (isBroken) return;
			try {
				work();
			} catch (error) {
				breakDown(error);
			}
		},
	};
}

/** A host whose callbacks are guarded: what one of them throws ends the gateway, not the process. */
export function guardHost(host: Host, { guard }: Failures): Host {
	const services: Pick<Host, "setTimer" | "defer"> = {
		setTimer: (callback, milliseconds) =>
			host.setTimer(() => guard(callback), milliseconds),
		defer: (callback) => host.defer(() => guard(callback)),
	};
	// Not a spread, which would lose the methods of a host that is an instance of a class.
	return Object.assign(Object.create(host), services);
}
