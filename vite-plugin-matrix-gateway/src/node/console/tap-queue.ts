/** What a tap has heard and its console has not got yet, within a bound. */
import type { Tapped } from "../../core/edge/tap.ts";
import { payloadStart } from "../frame.ts";
import { type BatchHead, HEARD_FIELDS, KINDS, type Kind } from "./wire.ts";

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

/** Bytes for which there is room at first. */
const ROOM = 64 * 1024;

/** Which of the numbers of each is the length of its frame. */
const LENGTH_FIELD = 3;

/**
 * What is heard is copied at once, and nothing that the gateway made is kept: messages that live for a tenth of a
 * second would be the garbage collector's work, which at 5,000 a second was more than all else of a tap.
 */
export function createTapQueue({ messages, bytes: most }: TapBound): TapQueue {
	const texts = createPlaces<string>();
	const names = createPlaces<Tapped["agents"]>();
	let body = Buffer.allocUnsafeSlow(Math.min(ROOM, most));
	let bytes = 0;
	let heard: number[] = [];
	let start = 0;
	let dropped = 0;
	let hidden = 0;

	function push(kind: Kind, one: Omit<Tapped, "kind">): void {
		const { frame, messageType, conn, agents, target } = one;
		const { byteLength } = frame;
		if (byteLength > most) {
			dropped++;
			return;
		}
		while (isFullWith(byteLength)) dropHalf();
		const now = Date.now();
		if (heard.length === 0) start = now;
		copy(frame);
		heard.push(
			now - start,
			KINDS.indexOf(kind),
			kind === "event" ? 0 : payloadStart(frame),
			byteLength,
			texts.of(messageType),
			texts.of(conn),
			agents.length > 0 ? names.of(agents) : NONE,
			texts.of(target),
		);
	}

	function isFullWith(more: number): boolean {
		return heard.length / HEARD_FIELDS >= messages || bytes + more > most;
	}

	/**
	 * The older half, at once: to move the other one costs as much as there is. All of it, where too many of the
	 * texts are of what has gone: clients choose them.
	 */
	function dropHalf(): void {
		const isStale = texts.all.length > 2 * messages;
		const count = Math.ceil(heard.length / HEARD_FIELDS / (isStale ? 1 : 2));
		const end = count * HEARD_FIELDS;
		let cut = 0;
		for (let at = LENGTH_FIELD; at < end; at += HEARD_FIELDS)
			cut += heard[at] ?? 0;
		body.copyWithin(0, cut, bytes);
		bytes -= cut;
		heard = heard.slice(end);
		dropped += count;
		if (isStale) forgetTexts();
	}

	function forgetTexts(): void {
		texts.clear();
		names.clear();
	}

	function copy(frame: Uint8Array): void {
		if (bytes + frame.byteLength > body.byteLength) {
			const larger = Buffer.allocUnsafeSlow(
				Math.min(most, 2 * (bytes + frame.byteLength)),
			);
			body.copy(larger, 0, 0, bytes);
			body = larger;
		}
		body.set(frame, bytes);
		bytes += frame.byteLength;
	}

	return {
		add: (tapped) => push(tapped.kind, tapped),
		addEvent(json) {
			push("event", { ...NOBODY, frame: Buffer.from(json) });
		},
		hide() {
			hidden++;
		},
		take() {
			if (heard.length + dropped + hidden === 0) return undefined;
			const named = names.all.map((agents) =>
				agents.map(({ agentId }) => agentId),
			);
			const batch = toBatch(
				{ at: start, dropped, hidden, heard, texts: texts.all, names: named },
				body.subarray(0, bytes),
			);
			heard = [];
			bytes = dropped = hidden = 0;
			forgetTexts();
			return batch;
		},
	};
}

const NOBODY = {
	...{ conn: undefined, agents: [], target: undefined },
	messageType: undefined,
};

/** That of nothing: who listens knows by it that it does. */
export const EMPTY_BATCH: Uint8Array = toBatch(
	{ at: 0, dropped: 0, hidden: 0, heard: [], texts: [], names: [] },
	new Uint8Array(0),
);

/**
 * The length of the head and of the body, each in four bytes; the head, as JSON; and the body: the frames, one
 * after the other, as they were made. Nobody decodes them but who looks at them.
 */
function toBatch(told: BatchHead, body: Uint8Array): Uint8Array {
	const head = Buffer.from(JSON.stringify(told));
	const batch = Buffer.allocUnsafeSlow(8 + head.byteLength + body.byteLength);
	batch.writeUInt32BE(head.byteLength, 0);
	batch.writeUInt32BE(body.byteLength, 4);
	batch.set(head, 8);
	batch.set(body, 8 + head.byteLength);
	return batch;
}

const NONE = -1;

/** Puts each value in a list once, and says where. */
function createPlaces<Value>() {
	const places = new Map<Value, number>();
	const all: Value[] = [];
	return {
		all,
		of(value: Value | undefined): number {
			if (value === undefined) return NONE;
			let place = places.get(value);
			if (place === undefined) {
				place = all.push(value) - 1;
				places.set(value, place);
			}
			return place;
		},
		clear(): void {
			places.clear();
			all.length = 0;
		},
	};
}
