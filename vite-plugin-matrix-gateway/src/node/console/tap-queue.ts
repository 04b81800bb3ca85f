/** What a tap has heard and its console has not got yet, within a bound. */
import type { Tapped, TappedKind } from "../../core/edge/tap.ts";
import { payloadStart } from "../frame.ts";

/** What the console is told of: a frame, or an event that is none. */
export type HeardKind = TappedKind | "event";

/** In the order in which a batch numbers them. */
export const HEARD_KINDS: readonly HeardKind[] = [
	...(["broadcast", "directed", "refused"] as const),
	...(["presence", "answer", "event"] as const),
];

export interface TapQueue {
	add(tapped: Tapped): void;
	/** An event, as JSON. */
	addEvent(json: string): void;
	/** One more that the grant does not show. */
	hide(): void;
	/** All of it, as one batch; undefined where there is nothing. */
	take(): Uint8Array | undefined;
}

/** What waits for a console that does not read: past that the oldest are let go, and counted. */
export interface TapBound {
	readonly messages: number;
	readonly bytes: number;
}

export const TAP_BOUND: TapBound = {
	messages: 20_000,
	bytes: 16 * 1024 * 1024,
};

interface Waiting {
	readonly at: number;
	readonly kind: HeardKind;
	readonly payload: Uint8Array;
	readonly from: readonly string[];
	readonly to: readonly string[];
	readonly conn: string | undefined;
	readonly messageType?: string | undefined;
}

export function createTapQueue({ messages, bytes: most }: TapBound): TapQueue {
	let waiting: Waiting[] = [];
	// From waiting[head] on they wait.
	let head = 0;
	let bytes = 0;
	let dropped = 0;
	let hidden = 0;

	function push(one: Waiting): void {
		waiting.push(one);
		bytes += one.payload.byteLength;
		while (waiting.length - head > messages || bytes > most) drop();
	}

	function drop(): void {
		bytes -= waiting[head++]?.payload.byteLength ?? 0;
		dropped++;
		// What is let go is not to stay in memory.
		if (head > messages) {
			waiting = waiting.slice(head);
			head = 0;
		}
	}

	return {
		add({ frame, ...of }) {
			const payload = frame.subarray(payloadStart(frame));
			push({ ...of, at: Date.now(), payload });
		},
		addEvent(json) {
			const payload = Buffer.from(json);
			const of = { from: [], to: [], conn: undefined };
			push({ at: Date.now(), kind: "event", payload, ...of });
		},
		hide() {
			hidden++;
		},
		take() {
			const all = waiting.slice(head);
			if (all.length + dropped + hidden === 0) return undefined;
			const batch = toBatch(all, bytes, { dropped, hidden });
			waiting = [];
			head = bytes = dropped = hidden = 0;
			return batch;
		},
	};
}

/** That of nothing: who listens knows by it that it does. */
export const EMPTY_BATCH: Uint8Array = toBatch([], 0, {
	dropped: 0,
	hidden: 0,
});

/**
 * The length of the head and of the payloads, each in four bytes; the head, as JSON; and the payloads,
 * one after the other, as they were sent: nobody decodes them but who looks at them.
 */
function toBatch(
	all: readonly Waiting[],
	bytes: number,
	counts: { readonly dropped: number; readonly hidden: number },
): Uint8Array {
	const start = all[0]?.at ?? 0;
	const heard = all.map(
		({ at, kind, payload, from, to, conn, messageType }) => [
			...[at - start, HEARD_KINDS.indexOf(kind), payload.byteLength],
			...[messageType ?? null, from, to, conn ?? null],
		],
	);
	const head = Buffer.from(JSON.stringify({ at: start, ...counts, heard }));
	const batch = Buffer.allocUnsafe(8 + head.byteLength + bytes);
	batch.writeUInt32BE(head.byteLength, 0);
	batch.writeUInt32BE(bytes, 4);
	batch.set(head, 8);
	let at = 8 + head.byteLength;
	for (const { payload } of all) {
		batch.set(payload, at);
		at += payload.byteLength;
	}
	return batch;
}
