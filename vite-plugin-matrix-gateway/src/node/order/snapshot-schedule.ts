/** When the next snapshot is due, and which files it leaves without use. */
import type { Generation } from "./data-files.ts";
import type { Recovered } from "./recover.ts";

/** When a snapshot is due. */
export interface SnapshotPace {
	/** Bytes of logs that a start reads back, at least; twice the snapshot where that is more. */
	readonly bytes: number;
	/** Milliseconds. */
	readonly age: number;
	/** Milliseconds until what has failed is tried again. */
	readonly retry: number;
}

export interface SnapshotSchedule {
	/**
	 * @param written Bytes of the log that is written.
	 * @param free Bytes that are left on the disk.
	 */
	isDue(written: number, free: number): boolean;
	/** That log has ended, and another one has begun. */
	logEnded(bytes: number): void;
	/** A snapshot was cut. */
	cut(): void;
	/** It is on the disk. Returns the generation before which nothing is needed. */
	written(generation: Generation, bytes: number): Generation;
}

export function createSnapshotSchedule(
	pace: SnapshotPace,
	recovered: Pick<Recovered, "base" | "tail">,
): SnapshotSchedule {
	/** What a start would go on from. */
	let { base } = recovered;
	/** Bytes of the logs between that and the one that is written. */
	let { tail } = recovered;
	let cutAt = performance.now();

	return {
		isDue(written, free) {
			const bytes = tail + written;
			if (bytes > Math.max(pace.bytes, 2 * base.bytes)) return true;
			// Of a small disk half is room for the logs, as long as there is some for a snapshot.
			if (bytes > free && 2 * base.bytes < free) return true;
			// What a start would hardly notice is not worth the writing.
			const isWorthIt = bytes > base.bytes / 10;
			return performance.now() - cutAt > pace.age && isWorthIt;
		},
		logEnded(bytes) {
			tail += bytes;
		},
		cut() {
			cutAt = performance.now();
		},
		written(generation, bytes) {
			// The one before is kept until this one has been followed by another.
			const spare = base.generation;
			base = { generation, bytes };
			tail = 0;
			return spare;
		},
	};
}
