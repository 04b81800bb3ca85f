/** Bounds what newcomers, and those who come back, are sent to catch up, all together [SLOW4]. */
import { type Connection, drainedBytes } from "./connection.ts";

/** How much a connection is sent to bring it up to date. */
export interface SnapshotSize {
	readonly bytes: number;
	/** The part of it that others are sent as well, and that is in memory once. */
	readonly shared: Uint8Array | undefined;
}

/** Knows which snapshots are on their way, from one gateway or from all of a process. */
export interface SnapshotBudget {
	/** Whether one more may be sent; then it counts until its connection has taken it. */
	admit(connection: Connection, size: SnapshotSize): boolean;
	remove(connection: Connection): void;
}

export function createSnapshotBudget(maxBytes: number): SnapshotBudget {
	const sent = new Map<Connection, Uint8Array | undefined>();

	/** What all of them take, with one more; what several share counts once. */
	function bytesWith({ bytes, shared }: SnapshotSize): number {
		const distinct = new Set([shared]);
		let sum = ownBytes(bytes, shared);
		for (const [connection, part] of sent) {
			const unsent = unsentSnapshot(connection);
			if (unsent === 0) sent.delete(connection);
			else distinct.add(part);
			sum += ownBytes(unsent, part);
		}
		for (const part of distinct) sum += part?.byteLength ?? 0;
		return sum;
	}

	return {
		admit(connection, size) {
			const sum = bytesWith(size);
			// One alone may be larger than all together.
			if (sum > maxBytes && sent.size > 0) return false;
			sent.set(connection, size.shared);
			return true;
		},
		remove: (connection) => void sent.delete(connection),
	};
}

/** A newcomer is not too slow for being sent a large roster and what it missed. */
export function unsentSnapshot(connection: Connection): number {
	return Math.max(0, connection.snapshotEnd - drainedBytes(connection));
}

function ownBytes(bytes: number, shared: Uint8Array | undefined): number {
	return Math.max(0, bytes - (shared?.byteLength ?? 0));
}
