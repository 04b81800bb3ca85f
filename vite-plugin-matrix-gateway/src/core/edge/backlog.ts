/** Bounds what waits on one socket, so that a reader who does not read costs the others nothing [SLOW]. */
import type { Connection } from "./connection.ts";
import type { Host } from "./host.ts";
import { createSnapshotBudget, type SnapshotSize } from "./snapshot-budget.ts";

/** Watches the bytes that wait on each socket. */
export interface Backlog {
	/** Writes; or, where too much waits already, does nothing and returns false. */
	write(connection: Connection, bytes: Uint8Array, frames: number): boolean;
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
	readonly maxSnapshotBytes: number;
	/** Milliseconds; 0 for no limit. */
	readonly stallTimeout: number;
	tooSlow(connection: Connection): void;
}

/** How many times a stall timeout's length is looked at. */
const CHECKS = 10;

/** Its timer runs only while bytes wait on some socket. */
export function createBacklog(host: Host, options: BacklogOptions): Backlog {
	const { maxBufferedBytes, maxSnapshotBytes, stallTimeout, tooSlow } = options;
	const budget = createSnapshotBudget(maxSnapshotBytes, unsentSnapshot);
	const stalls = new Map<Connection, { taken: number; since: number }>();
	let stopTimer: (() => void) | undefined;

	function check(): void {
		stopTimer = undefined;
		for (const connection of stalls.keys()) checkStall(connection);
		watch();
	}

	function checkStall(connection: Connection): void {
		const stall = stalls.get(connection);
		if (!stall) return;
		const taken = takenBytes(connection);
		if (connection.socket.bufferedBytes === 0) stalls.delete(connection);
		else if (taken > stall.taken)
			stalls.set(connection, { taken, since: host.now() });
		else if (host.now() - stall.since >= stallTimeout) tooSlow(connection);
	}

	function watch(): void {
		if (stalls.size > 0)
			stopTimer ??= host.setTimer(check, stallTimeout / CHECKS);
	}

	function watchStall(connection: Connection): void {
		if (stallTimeout === 0 || stalls.has(connection)) return;
		const taken = takenBytes(connection);
		stalls.set(connection, { taken, since: host.now() });
		watch();
	}

	function isFull(connection: Connection): boolean {
		const excess = connection.socket.bufferedBytes - maxBufferedBytes;
		return excess > 0 && excess > unsentSnapshot(connection);
	}

	return {
		isFull,
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
			connection.written += bytes.byteLength;
			connection.sent += frames;
			if (buffered > 0) watchStall(connection);
			return true;
		},
		remove(connection) {
			budget.remove(connection);
			stalls.delete(connection);
			if (stalls.size > 0) return;
			stopTimer?.();
			stopTimer = undefined;
		},
	};
}

function drainedBytes({ written, socket }: Connection): number {
	return written - socket.bufferedBytes;
}

/** What waits may count as a whole until all of it is taken. */
function takenBytes(connection: Connection): number {
	return connection.socket.takenBytes ?? drainedBytes(connection);
}

/** A newcomer is not too slow for being sent a large roster and what it missed. */
function unsentSnapshot(connection: Connection): number {
	return Math.max(0, connection.snapshotEnd - drainedBytes(connection));
}
