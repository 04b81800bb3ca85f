/** Bounds what waits on one socket, so that a reader who does not read costs the others nothing [SLOW]. */
import type { Connection } from "./connection.ts";
import type { Host } from "./host.ts";

/** Watches the bytes that wait on each socket. */
export interface Backlog {
	/** Writes; or, where too much waits already, does nothing and returns false. */
	write(connection: Connection, bytes: Uint8Array, frames: number): boolean;
	/** Whether so much waits that nothing more is written. */
	isFull(connection: Connection): boolean;
	/** Raises a connection's bound by the size of what it is about to be sent [SLOW1]. */
	expectSnapshot(connection: Connection, bytes: number): void;
	remove(connection: Connection): void;
}

/** What a backlog needs. */
export interface BacklogOptions {
	readonly maxBufferedBytes: number;
	/** Milliseconds; 0 for no limit. */
	readonly stallTimeout: number;
	tooSlow(connection: Connection): void;
}

/** What the bounds of all connections may be raised by; past that a newcomer has but its own. */
const MAX_SNAPSHOT_BYTES = 256 * 1024 * 1024;

/** How many times a stall timeout's length is looked at. */
const CHECKS = 10;

/** Its timer runs only while bytes wait on some socket. */
export function createBacklog(
	host: Host,
	{ maxBufferedBytes, stallTimeout, tooSlow }: BacklogOptions,
): Backlog {
	const stalls = new Map<Connection, { drained: number; since: number }>();
	let stopTimer: (() => void) | undefined;

	function check(): void {
		stopTimer = undefined;
		for (const connection of stalls.keys()) checkStall(connection);
		watch();
	}

	function checkStall(connection: Connection): void {
		const stall = stalls.get(connection);
		if (!stall) return;
		const drained = drainedBytes(connection);
		if (connection.socket.bufferedBytes === 0) stalls.delete(connection);
		else if (drained > stall.drained)
			stalls.set(connection, { drained, since: host.now() });
		else if (host.now() - stall.since >= stallTimeout) tooSlow(connection);
	}

	function watch(): void {
		if (stalls.size > 0)
			stopTimer ??= host.setTimer(check, stallTimeout / CHECKS);
	}

	function watchStall(connection: Connection): void {
		if (stallTimeout === 0 || stalls.has(connection)) return;
		const drained = drainedBytes(connection);
		stalls.set(connection, { drained, since: host.now() });
		watch();
	}

	function isFull(connection: Connection): boolean {
		const excess = connection.socket.bufferedBytes - maxBufferedBytes;
		return excess > 0 && excess > unsentSnapshot(connection);
	}

	function unsentSnapshots(): number {
		let bytes = 0;
		for (const connection of stalls.keys()) bytes += unsentSnapshot(connection);
		return bytes;
	}

	return {
		isFull,
		expectSnapshot(connection, bytes) {
			// One at a time, or asking for rosters and reading none would raise it without end.
			if (unsentSnapshot(connection) > 0) return;
			if (bytes > maxBufferedBytes)
				if (unsentSnapshots() + bytes > MAX_SNAPSHOT_BYTES) return;
			connection.snapshotEnd = connection.written + bytes;
		},
		write(connection, bytes, frames) {
			const { socket } = connection;
			// Before the write, not after it: a reader that keeps up is not judged by a batch
			// that the kernel has had no turn to take.
			if (isFull(connection)) return false;
			const buffered = socket.write(bytes);
			connection.written += bytes.byteLength;
			connection.sent += frames;
			if (buffered > 0) watchStall(connection);
			return true;
		},
		remove(connection) {
			stalls.delete(connection);
			if (stalls.size > 0) return;
			stopTimer?.();
			stopTimer = undefined;
		},
	};
}

function drainedBytes(connection: Connection): number {
	return connection.written - connection.socket.bufferedBytes;
}

/** A newcomer is not too slow for being sent a large roster and what it missed. */
function unsentSnapshot(connection: Connection): number {
	return Math.max(0, connection.snapshotEnd - drainedBytes(connection));
}
