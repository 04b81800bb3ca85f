import type { Connection } from "../edge/connection.ts";
import type { Receipt } from "./receipts.ts";

/** One thing that the hub has put in order: a broadcast, a directed message or an answer [LOG1]. */
export interface Entry {
	readonly frame: Uint8Array;
	/** The frames that `frame` is made of, where it is several: a snapshot [RET1]. */
	readonly frames?: readonly Uint8Array[];
	/** What `to` is written, where that has been made already [CMP1]. */
	readonly wire?: Uint8Array;
	/** The one connection that gets it, or undefined for all. */
	readonly to?: Connection;
	/** The one connection that a broadcast leaves out: its sender [RT1]. */
	readonly except?: Connection | undefined;
	/** Whether a session counts it: a pong, a resume's ack and its replay it does not [RES2]. */
	readonly uncounted?: boolean;
	/** Who is told what becomes of it, where it waits for a detached session [RCPT2]. */
	readonly receipt?: Receipt | undefined;
}

/** The one order of the hub. */
export interface Log {
	/** How many broadcasts were ordered so far, and so the place of the next one. */
	readonly position: number;
	/**
	 * Gives an entry its place; `deliver` is called when it has one, here at once. What that appends
	 * in turn comes after it: each entry is delivered and counted as a whole.
	 */
	append(entry: Entry): void;
	/** Keeps the broadcasts from here on, until each such hold was released by what it returned. */
	hold(): () => void;
	/** The broadcasts from a place on; undefined where the log had to let go of some [LOG2]. */
	since(position: number): readonly Uint8Array[] | undefined;
}

/** What a log needs. */
export interface LogOptions {
	/** The bytes of broadcasts that are kept at most, oldest let go first. */
	readonly maxBytes: number;
	/** Called for each entry, in the order, with the count of broadcasts before it. */
	deliver(entry: Entry, position: number): void;
}

/** What keeping a frame costs besides its bytes. */
export const KEPT_OVERHEAD = 128;

export function createLog({ maxBytes, deliver }: LogOptions): Log {
	let position = 0;
	let holds = 0;
	let bytes = 0;
	// The broadcasts from `first` on are kept[head] and what follows.
	let first = 0;
	let kept: Uint8Array[] = [];
	let head = 0;
	// What was appended while another was delivered.
	let waiting: Entry[] = [];
	let isDelivering = false;

	function place(entry: Entry): void {
		const at = position;
		if (!entry.to) {
			position++;
			if (holds > 0) keep(entry.frame);
		}
		deliver(entry, at);
	}

	function placeWaiting(): void {
		const entries = waiting;
		waiting = [];
		for (const entry of entries) place(entry);
	}

	function keep(frame: Uint8Array): void {
		kept.push(copyExact(frame));
		bytes += frame.byteLength + KEPT_OVERHEAD;
		while (bytes > maxBytes && head < kept.length) {
			bytes -= (kept[head]?.byteLength ?? 0) + KEPT_OVERHEAD;
			kept[head++] = NOTHING;
			first++;
		}
		// Moving what is left is paid for by as many that went.
		if (head * 2 > kept.length) {
			kept = kept.slice(head);
			head = 0;
		}
	}

	function clear(): void {
		kept = [];
		head = 0;
		bytes = 0;
	}

	return {
		get position() {
			return position;
		},
		append(entry) {
			if (isDelivering) {
				waiting.push(entry);
				return;
			}
			isDelivering = true;
			try {
				place(entry);
				while (waiting.length > 0) placeWaiting();
			} finally {
				isDelivering = false;
			}
		},
		hold() {
			if (holds++ === 0) first = position;
			let held = true;
			return () => {
				if (held && --holds === 0) clear();
				held = false;
			};
		},
		since: (from) =>
			from < first ? undefined : kept.slice(head + from - first),
	};
}

/** In the place of what was let go. */
const NOTHING = new Uint8Array(0);

/** A small frame may be a view of a larger chunk, which it would keep in memory. */
export function copyExact(frame: Uint8Array): Uint8Array {
	return frame.byteLength === frame.buffer.byteLength
		? frame
		: new Uint8Array(frame);
}
