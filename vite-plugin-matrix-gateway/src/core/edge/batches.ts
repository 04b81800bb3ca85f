/** What is written to several slices is put together once. */
import { type Batch, createBatch } from "./batch.ts";
import type { Host } from "./host.ts";

/** Batches, one for the same frames. */
export interface Batches {
	/** That of frames to which none is added while batches are asked for. */
	of(frames: readonly Uint8Array[]): Batch;
}

export function createBatches(compress: Host["compress"]): Batches {
	// By the last frame, which few different ones have in common; mostly none is asked for.
	let made: Map<Uint8Array | undefined, Made[]> | undefined;

	return {
		of(frames) {
			made ??= new Map();
			const alike = made.get(frames.at(-1)) ?? [];
			const same = alike.find((other) => areSame(other.frames, frames));
			if (same) return same.batch;
			const batch = createBatch(frames, compress);
			made.set(frames.at(-1), [...alike, { frames, batch }]);
			return batch;
		},
	};
}

interface Made {
	readonly frames: readonly Uint8Array[];
	readonly batch: Batch;
}

/** Whether they are the same frames. */
export function areSame(
	one: readonly Uint8Array[],
	other: readonly Uint8Array[],
): boolean {
	return (
		one === other ||
		(one.length === other.length &&
			one.every((frame, index) => frame === other[index]))
	);
}
