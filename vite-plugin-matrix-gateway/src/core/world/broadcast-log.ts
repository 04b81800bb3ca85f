import type { WorldOptions } from "./options.ts";

/** The broadcasts of a world in their order, as far back as somebody may ask for them [LOG]. */
export interface BroadcastLog {
	/** How many broadcasts were ordered so far, and so the place of the next one. */
	readonly position: number;
	/** The place of the oldest that is kept. */
	first(): number;
	/** What is kept of it, in bytes. */
	readonly bytes: number;
	/** Gives a broadcast its place, which it returns. */
	append(frame: Uint8Array): number;
	/** Keeps the broadcasts from here on, until each such hold was released by what it returned. */
	hold(): () => void;
	/** The broadcasts from a place on; undefined where the log had to let go of some [LOG2]. */
	since(position: number): readonly Uint8Array[] | undefined;
	/** What is kept of it from a place on, where it is, and nothing where nobody needs any. */
	cut(from?: number): LogSnapshot;
	/** Makes it what it was when that was cut, but for its holds. */
	restore(snapshot: LogSnapshot): void;
}

/** A log, as far as somebody needed it. */
export interface LogSnapshot {
	readonly position: number;
	/** The broadcasts that are the latest of it. */
	readonly kept: readonly Uint8Array[];
}

/** What keeping a frame costs besides its bytes. */
export const KEPT_OVERHEAD = 128;

/** @param options Say how much is kept at most, the oldest let go first. They may change. */
export function createBroadcastLog(
	options: Pick<WorldOptions, "maxLogBytes">,
): BroadcastLog {
	let holds = 0;
	// From kept[head] on they are the latest broadcasts.
	let kept: Uint8Array[] = [];
	let head = 0;

	function keep(frame: Uint8Array): void {
		kept.push(copyExact(frame));
		log.bytes += frame.length + KEPT_OVERHEAD;
		while (log.bytes > options.maxLogBytes && head < kept.length) {
			log.bytes -= (kept[head]?.length ?? 0) + KEPT_OVERHEAD;
			kept[head++] = NOTHING;
		}
		// Moving what is left is paid for by as many that went.
		if (head * 2 > kept.length) {
			kept = kept.slice(head);
			head = 0;
		}
	}

	/** The place of the oldest that is kept. */
	function first(): number {
		return log.position - (kept.length - head);
	}

	function clear(): void {
		kept = [];
		head = 0;
		log.bytes = 0;
	}

	const log = {
		position: 0,
		bytes: 0,
		first,
		append(frame: Uint8Array): number {
			if (holds > 0) keep(frame);
			else if (kept.length > 0) clear();
			return log.position++;
		},
		hold() {
			holds++;
			let held = true;
			return () => {
				if (held && --holds === 0) clear();
				held = false;
			};
		},
		since: (from: number) =>
			from < first() ? undefined : kept.slice(head + from - first()),
		cut: (from?: number): LogSnapshot => ({
			position: log.position,
			kept: kept.slice(
				head + Math.max(from ?? log.position, first()) - first(),
			),
		}),
		restore(snapshot: LogSnapshot) {
			clear();
			for (const frame of snapshot.kept) keep(frame);
			log.position = snapshot.position;
		},
	};
	return log;
}

/** In the place of what was let go. */
const NOTHING = new Uint8Array(0);

/** A small frame may be a view of a larger chunk, which it would keep in memory. */
export function copyExact(frame: Uint8Array): Uint8Array {
	return frame.byteLength === frame.buffer.byteLength
		? frame
		: new Uint8Array(frame);
}
