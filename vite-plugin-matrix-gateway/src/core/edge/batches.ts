/** The batches of all groups: those that are sent the same frames share one. */
import { type Batch, createBatch } from "./batch.ts";
import type { Group } from "./group.ts";
import type { Groups } from "./groups.ts";
import type { Host } from "./host.ts";

/** What has gathered becomes what is on its way, of all groups. Returns whether that is anything. */
export function gatherBatches(
	{ everyone, filtered }: Pick<Groups, "everyone" | "filtered">,
	compress: Host["compress"],
): boolean {
	const batches = createBatches(compress);
	// All that is sent to anybody is sent to these as well.
	const isAny = everyone.frames.length > 0;
	gatherBatch(everyone, batches);
	if (isAny) for (const group of filtered()) gatherBatch(group, batches);
	return isAny;
}

function gatherBatch(group: Group, batches: Batches): void {
	const isAny = group.frames.length > 0;
	group.batch = isAny ? batches.of(group) : undefined;
	if (isAny) group.frames = [];
}

/** Batches of what has gathered. */
export interface Batches {
	of(group: Group): Batch;
}

export function createBatches(compress: Host["compress"]): Batches {
	// By the last frame, which few different ones have in common; mostly none is asked for.
	let made: Map<Uint8Array | undefined, Made[]> | undefined;

	return {
		of({ frames }) {
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

function areSame(
	one: readonly Uint8Array[],
	other: readonly Uint8Array[],
): boolean {
	return (
		one === other ||
		(one.length === other.length &&
			one.every((frame, index) => frame === other[index]))
	);
}
