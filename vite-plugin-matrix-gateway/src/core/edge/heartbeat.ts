import type { Connection } from "./connection.ts";
import type { Host } from "./host.ts";

/** Pings spread over the interval in so many turns, of which one pings 40 of 10,000 [HB4]. */
const TURNS = 256;

/** The seat of a connection that has none. */
export const NO_SEAT = -1;

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
	// Each turn has every 256th seat. A connection knows its own: a Set for each turn and a Map
	// to find it took 79 bytes a connection, this takes about 20.
	const seats: (Connection | undefined)[] = [];
	const free: number[] = [];
	let turn = 0;
	let stopTimer: (() => void) | undefined;

	function tick(): void {
		stopTimer = host.setTimer(tick, interval / TURNS);
		turn = (turn + 1) % TURNS;
		for (let seat = turn; seat < seats.length; seat += TURNS) {
			const connection = seats[seat];
			if (!connection) continue;
			if (!connection.alive) lost(connection);
			else {
				connection.alive = false;
				connection.socket.ping();
			}
		}
	}

	function clear(): void {
		seats.length = 0;
		free.length = 0;
		stopTimer?.();
		stopTimer = undefined;
	}

	return {
		add(connection) {
			if (interval === 0) return;
			connection.seat = free.pop() ?? seats.length;
			seats[connection.seat] = connection;
			stopTimer ??= host.setTimer(tick, interval / TURNS);
		},
		remove(connection) {
			const { seat } = connection;
			if (seat === NO_SEAT) return;
			seats[seat] = undefined;
			connection.seat = NO_SEAT;
			free.push(seat);
			if (free.length === seats.length) clear();
		},
	};
}
