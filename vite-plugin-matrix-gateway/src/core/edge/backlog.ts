/** Bounds what waits on one socket, so that a reader who does not read costs the others nothing [SLOW]. */
import { type Connection, drainedBytes } from "./connection.ts";
import type { Host } from "./host.ts";
import { createPulse } from "./pulse.ts";
import {
	type SnapshotBudget,
	type SnapshotSize,
	unsentSnapshot,
} from "./snapshot-budget.ts";

/** Watches the bytes that wait on each socket. */
export interface Backlog {
	/** Writes; or, where too much waits already, does nothing and returns false. */
	write(connection: Connection, bytes: Uint8Array, frames: number): boolean;
	/** The same for so many bytes that were written otherwise, after it was asked whether it is full. */
	wrote(connection: Connection, bytes: number, frames: number): void;
	/** Whether so much waits that nothing more is written. */
	isFull(connection: Connection): boolean;
	/** Whether so much more may be on its way to newcomers; then it counts until it was taken [SLOW4]. */
	admitSnapshot(connection: Connection, size: SnapshotSize): boolean;
	/**
	 * Raises a connection's bound by the size of what it is about to be sent, once in its life or
	 * whenever its client asks for it [SLOW1].
	 */
	expectSnapshot(connection: Connection, bytes: number, isOnce: boolean): void;
	remove(connection: Connection): void;
}

/** What a backlog needs. */
export interface BacklogOptions {
	readonly maxBufferedBytes: number;
	readonly budget: SnapshotBudget;
	/** Milliseconds; 0 for no limit. */
	readonly stallTimeout: number;
	tooSlow(connection: Connection): void;
}

/** How many times a stall timeout's length is looked at; where there is none, once a second. */
const CHECKS = 10;
const CHECK_INTERVAL = 1_000;

/** Who was not read in a stall of the process may have so many times the bound waiting. */
const EXCUSED = 8;

/** What is known of a connection for which bytes wait. */
interface Waiting {
	/** What it had taken when it last was seen to take something, and when that was. */
	taken: number;
	since: number;
	/** Stalls of the process until it began to wait, or was last excused. */
	stalls: number;
	/** What it had taken when it was last excused. */
	excusedAt: number;
}

/** Its timers run only while bytes wait on some socket. */
export function createBacklog(host: Host, options: BacklogOptions): Backlog {
	const { maxBufferedBytes, budget, stallTimeout, tooSlow } = options;
	const pulse = createPulse(host);
	const waiting = new Map<Connection, Waiting>();
	const interval = stallTimeout / CHECKS || CHECK_INTERVAL;
	let stopTimer: (() => void) | undefined;

	function check(): void {
		stopTimer = undefined;
		for (const [connection, wait] of waiting) checkStall(connection, wait);
		watch();
	}

	function checkStall(connection: Connection, wait: Waiting): void {
		// Whoever is too slow may take others along.
		if (!waiting.has(connection)) return;
		const taken = takenBytes(connection);
		const now = pulse.now();
		if (connection.socket.bufferedBytes === 0) waiting.delete(connection);
		else if (taken > wait.taken) Object.assign(wait, { taken, since: now });
		else if (stallTimeout > 0 && now - wait.since >= stallTimeout)
			tooSlow(connection);
	}

	function watch(): void {
		if (waiting.size === 0) {
			stopWatching();
			return;
		}
		pulse.start();
		stopTimer ??= host.setTimer(check, interval);
	}

	function stopWatching(): void {
		pulse.stop();
		stopTimer?.();
		stopTimer = undefined;
	}

	function watchStall(connection: Connection): void {
		if (waiting.has(connection)) return;
		const taken = takenBytes(connection);
		const { stalls } = pulse;
		const since = pulse.now();
		waiting.set(connection, { taken, since, stalls, excusedAt: NEVER });
		watch();
	}

	function isFull(connection: Connection): boolean {
		const excess = connection.socket.bufferedBytes - maxBufferedBytes;
		return (
			excess > 0 &&
			excess > unsentSnapshot(connection) &&
			!excuse(connection, excess)
		);
	}

	/**
	 * Who could not be read while the process stalled is not judged by what waits for it since:
	 * that raises its bound like a snapshot. So it is again in the next stall, if it has taken
	 * something meanwhile.
	 */
	function excuse(connection: Connection, excess: number): boolean {
		const wait = waiting.get(connection);
		if (!wait || excess > (EXCUSED - 1) * maxBufferedBytes) return false;
		const { stalls } = pulse;
		const taken = takenBytes(connection);
		if (stalls === wait.stalls || taken === wait.excusedAt) return false;
		Object.assign(wait, { stalls, excusedAt: taken });
		connection.snapshotEnd = connection.written;
		return true;
	}

	function wrote(
		connection: Connection,
		bytes: number,
		frames: number,
		buffered = connection.socket.bufferedBytes,
	): void {
		connection.written += bytes;
		connection.sent += frames;
		if (buffered > 0) watchStall(connection);
	}

	return {
		isFull,
		wrote,
		admitSnapshot: (connection, size) =>
			size.bytes <= maxBufferedBytes || budget.admit(connection, size),
		expectSnapshot(connection, bytes, isOnce) {
			// Or asking for rosters and reading none would raise it without end.
			if (!isOnce && unsentSnapshot(connection) > 0) return;
			const { snapshotEnd, written } = connection;
			connection.snapshotEnd = Math.max(snapshotEnd, written) + bytes;
		},
		write(connection, bytes, frames) {
			const { socket } = connection;
			// Before the write, not after it: a reader that keeps up is not judged by a batch
			// that the kernel has had no turn to take.
			if (isFull(connection)) return false;
			const buffered = socket.writeFrames(bytes);
			wrote(connection, bytes.length, frames, buffered);
			return true;
		},
		remove(connection) {
			budget.remove(connection);
			waiting.delete(connection);
			if (waiting.size === 0) stopWatching();
		},
	};
}

/** Nobody has taken fewer bytes than none. */
const NEVER = -1;

/** What waits may count as a whole until all of it is taken. */
function takenBytes(connection: Connection): number {
	return connection.socket.takenBytes ?? drainedBytes(connection);
}
