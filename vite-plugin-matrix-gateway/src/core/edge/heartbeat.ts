import { type Connection, NO_SEAT } from "./connection.ts";
import type { Host } from "./host.ts";

/** Pings spread over their period in so many turns, of which one pings 40 of 10,000 [HB4]. */
const TURNS = 256;

/**
 * The longest between two pings, in milliseconds. Proxies cut lines on which nothing comes for
 * 30 s, some of which count each direction for itself: a ping and its pong are one of each. It
 * leaves time for a busy process, whose every turn is late, and for the way there and back.
 */
const LONGEST_PERIOD = 15_000;

/** Pings connections, and tells of those that have gone silent. */
export interface Heartbeat {
	add(connection: Connection): void;
	remove(connection: Connection): void;
}

/** What a heartbeat needs. */
export interface HeartbeatOptions {
	/** Between two judgements of one connection, in milliseconds; 0 for no heartbeat. */
	readonly interval: number;
	/** Called for a connection that gave no sign of life since its last judgement [HB2]. */
	lost(connection: Connection): void;
}

/**
 * Every connection is pinged once a round. Where the interval is longer than a round may take,
 * it has several, and the first of them judges [HB1]. The timer runs only while there are
 * connections.
 */
export function createHeartbeat(
	host: Host,
	{ interval, lost }: HeartbeatOptions,
): Heartbeat {
	// Each turn has every 256th seat. A connection knows its own: a Set for each turn and a Map
	// to find it took 79 bytes a connection, this takes about 20.
	const seats: (Connection | undefined)[] = [];
	const free: number[] = [];
	const rounds = Math.ceil(interval / LONGEST_PERIOD);
	const pause = interval / rounds / TURNS;
	let turn = 0;
	let round = 0;
	let stopTimer: (() => void) | undefined;

	function tick(): void {
		stopTimer = host.setTimer(tick, pause);
		turn = (turn + 1) % TURNS;
		if (turn === 0) round = (round + 1) % rounds;
		for (let seat = turn; seat < seats.length; seat += TURNS) {
			const connection = seats[seat];
			if (connection) beat(connection);
		}
	}

	function beat(connection: Connection): void {
		if (round > 0) connection.socket.ping();
		else if (!connection.alive) lost(connection);
		else {
			connection.alive = false;
			connection.socket.ping();
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
			stopTimer ??= host.setTimer(tick, pause);
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
