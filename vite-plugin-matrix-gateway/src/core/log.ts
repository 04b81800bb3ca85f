import type { Connection } from "./connection.ts";

/** One thing that the hub has put in order: a broadcast, a directed message or an answer [LOG1]. */
export interface Entry {
	readonly frame: Uint8Array;
	/** The one connection that gets it, or undefined for all. */
	readonly to?: Connection;
	/** The one connection that a broadcast leaves out: its sender [RT1]. */
	readonly except?: Connection | undefined;
}

/** A place in the order from which the broadcasts are kept until it is released. */
export interface LogHold {
	/** The broadcasts since; undefined where the log had to let go of some [LOG2]. */
	since(): readonly Entry[] | undefined;
	release(): void;
}

/** The one order of the hub. */
export interface Log {
	/** Gives an entry its place; `deliver` is called when it has one, here at once. */
	append(entry: Entry): void;
	hold(): LogHold;
}

/** What a log needs. */
export interface LogOptions {
	/** The bytes of frames that are kept at most, oldest let go first. */
	readonly maxBytes: number;
	/** Called for each entry, in the order. */
	deliver(entry: Entry): void;
}

export function createLog({ maxBytes, deliver }: LogOptions): Log {
	let next = 0;
	// The broadcasts from position `first` on, as long as anyone holds them.
	let kept: { position: number; entry: Entry }[] = [];
	let first = 0;
	let bytes = 0;
	// Positions in the order in which they were taken, so the oldest is the first.
	const holds = new Set<{ position: number }>();

	function keep(position: number, entry: Entry): void {
		kept.push({ position, entry });
		bytes += entry.frame.byteLength;
		let dropped = 0;
		while (bytes > maxBytes) bytes -= size(kept[dropped++]);
		letGo(dropped);
	}

	function letGo(count: number): void {
		if (count === 0) return;
		first = (kept[count - 1]?.position ?? 0) + 1;
		kept.splice(0, count);
	}

	function trim(): void {
		const [oldest] = holds;
		if (!oldest) {
			kept = [];
			bytes = 0;
			first = next;
			return;
		}
		let dropped = 0;
		while ((kept[dropped]?.position ?? next) < oldest.position)
			bytes -= size(kept[dropped++]);
		letGo(dropped);
	}

	return {
		append(entry) {
			const position = next++;
			if (holds.size > 0 && !entry.to) keep(position, entry);
			deliver(entry);
		},
		hold() {
			const hold = { position: next };
			if (holds.size === 0) first = next;
			holds.add(hold);
			return {
				since() {
					if (hold.position < first) return undefined;
					return kept
						.filter(({ position }) => position >= hold.position)
						.map(({ entry }) => entry);
				},
				release() {
					holds.delete(hold);
					trim();
				},
			};
		},
	};
}

function size(item: { entry: Entry } | undefined): number {
	return item?.entry.frame.byteLength ?? 0;
}
