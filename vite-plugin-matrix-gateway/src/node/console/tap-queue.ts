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

export function createTapQueue({ messages, bytes: most }: TapBound): TapQueue {
	let waiting: Waiting[] = [];
	let times: number[] = [];
	// From waiting[head] on they wait.
	let head = 0;
	let bytes = 0;
	let dropped = 0;
	let hidden = 0;

	function push(one: Waiting): void {
		waiting.push(one);
		times.push(Date.now());
		bytes += one.frame.byteLength;
		while (waiting.length - head > messages || bytes > most) drop();
	}

	function drop(): void {
		bytes -= waiting[head++]?.frame.byteLength ?? 0;
		dropped++;
		// What is let go is not to stay in memory.
		if (head > messages) cutHead();
	}

	function cutHead(): void {
		waiting = waiting.slice(head);
		times = times.slice(head);
		head = 0;
	}

	return {
		add: push,
		addEvent(json) {
			push({ ...NOBODY, kind: "event", frame: Buffer.from(json) });
		},
		hide() {
			hidden++;
		},
		take() {
			if (head > 0) cutHead();
			if (waiting.length + dropped + hidden === 0) return undefined;
			const batch = toBatch(waiting, times, bytes, { dropped, hidden });
			waiting = [];
			times = [];
			bytes = dropped = hidden = 0;
			return batch;
		},
	};
}

type Waiting = Omit<Tapped, "kind"> & { readonly kind: HeardKind };

const NOBODY = {
	...{ conn: undefined, agents: [], target: undefined },
	messageType: undefined,
};

/** That of nothing: who listens knows by it that it does. */
export const EMPTY_BATCH: Uint8Array = toBatch([], [], 0, {
	...{ dropped: 0, hidden: 0 },
});

/** Numbers of each that was heard, in the batch's head. */
export const HEARD_FIELDS = 8;

/**
 * The length of the head and of the body, each in four bytes; the head, as JSON; and the body: the frames, one
 * after the other, as they were made. Nobody decodes them but who looks at them. In the head each is eight
 * numbers: milliseconds after the first, kind, where in its frame the payload begins, how long the frame is, and
 * of texts that stand there once the places of type, connection, agents and target; -1 is none.
 */
function toBatch(
	all: readonly Waiting[],
	times: readonly number[],
	bytes: number,
	counts: { readonly dropped: number; readonly hidden: number },
): Uint8Array {
	const texts = createPlaces<string>();
	const names = createPlaces<readonly { readonly agentId: string }[]>();
	const [start = 0] = times;
	const heard: number[] = [];
	for (const [index, one] of all.entries()) {
		const { kind, frame, messageType, conn, agents, target } = one;
		const isFrame = kind !== "event";
		heard.push(
			(times[index] ?? start) - start,
			HEARD_KINDS.indexOf(kind),
			isFrame ? payloadStart(frame) : 0,
			frame.byteLength,
			texts.of(messageType),
			texts.of(conn),
			agents.length > 0 ? names.of(agents) : -1,
			texts.of(target),
		);
	}
	const head = Buffer.from(
		JSON.stringify({
			...{ at: start, ...counts, heard, texts: texts.all },
			names: names.all.map((agents) => agents.map(({ agentId }) => agentId)),
		}),
	);
	const batch = Buffer.allocUnsafe(8 + head.byteLength + bytes);
	batch.writeUInt32BE(head.byteLength, 0);
	batch.writeUInt32BE(bytes, 4);
	batch.set(head, 8);
	let at = 8 + head.byteLength;
	for (const { frame } of all) {
		batch.set(frame, at);
		at += frame.byteLength;
	}
	return batch;
}

/** Puts each value in a list once, and says where. */
function createPlaces<Value>() {
	const places = new Map<Value, number>();
	const all: Value[] = [];
	return {
		all,
		of(value: Value | undefined): number {
			if (value === undefined) return -1;
			let place = places.get(value);
			if (place === undefined) {
				place = all.push(value) - 1;
				places.set(value, place);
			}
			return place;
		},
	};
}
