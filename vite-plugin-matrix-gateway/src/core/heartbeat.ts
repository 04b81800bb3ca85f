import type { Connection } from "./connection.ts";
import type { Host } from "./host.ts";

/** Pings spread over the interval in so many turns, so that no turn pings everyone [HB4]. */
const TURNS = 64;

/** Pings connections, and tells of those that have gone silent. */
export interface Heartbeat {
	add(connection: Connection): void;
	remove(connection: Connection): void;
}

/** What a heartbeat needs. */
export interface HeartbeatOptions {
	/** Milliseconds; 0 for no heartbeat. */
	readonly interval: number;
	/** Called for a connection that gave no sign of life since its last ping [HB2]. */
	lost(connection: Connection): void;
}

/** Its timer runs only while there are connections. */
export function createHeartbeat(
	host: Host,
	{ interval, lost }: HeartbeatOptions,
): Heartbeat {
	const turns = Array.from({ length: TURNS }, () => new Set<Connection>());
	const turnOf = new Map<Connection, Set<Connection>>();
	let arrivals = 0;
	let turn = 0;
	let stopTimer: (() => void) | undefined;

	function tick(): void {
		stopTimer = host.setTimer(tick, interval / TURNS);
		turn = (turn + 1) % TURNS;
		const due = turns[turn] ?? [];
		// Deferred, so that pongs which came while the process was busy or asleep are read first.
		host.defer(() => {
			for (const connection of due) beat(connection);
		});
	}

	function beat(connection: Connection): void {
		if (!connection.alive) {
			lost(connection);
			return;
		}
		connection.alive = false;
		connection.socket.ping();
	}

	return {
		add(connection) {
			if (interval === 0) return;
			const slot = turns[arrivals++ % TURNS] as Set<Connection>;
			slot.add(connection);
			turnOf.set(connection, slot);
			stopTimer ??= host.setTimer(tick, interval / TURNS);
		},
		remove(connection) {
			turnOf.get(connection)?.delete(connection);
			turnOf.delete(connection);
			if (turnOf.size > 0) return;
			stopTimer?.();
			stopTimer = undefined;
		},
	};
}
