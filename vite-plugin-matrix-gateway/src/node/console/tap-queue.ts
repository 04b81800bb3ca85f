/** What a tap has heard and its console has not got yet, within a bound. */
import type { Tapped } from "../../core/edge/tap.ts";
import { payloadStart } from "../frame.ts";
import {
	type BatchHead,
	HEARD_BYTES,
	KINDS,
	LENGTH_AT,
	LENGTHS,
} from "./wire.ts";

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

/**
 * What is heard is copied at once to where it is sent from, and nothing that the gateway made is kept: messages that live
 * until the next batch would be the garbage collector's work, which at 5,000 a second was more than all else of a tap.
 */
export function createTapQueue({ messages, bytes: most }: TapBound): TapQueue {
	const texts = createPlaces<string>();
	const names = createPlaces<Tapped["agents"]>();
	let batch = createBatch(ROOM);
	let end = LENGTHS;
	let count = 0;
	let start = 0;
	let dropped = 0;
	let hidden = 0;

	function push(kind: number, one: Omit<Tapped, "kind">): void {
		const { frame, messageType, conn, agents, target } = one;
		const size = HEARD_BYTES + frame.byteLength;
		if (size > most) {
			dropped++;
			return;
		}
		while (isFullWith(size)) dropHalf();
		makeRoom(size);
		const now = Date.now();
		if (count++ === 0) start = now;
		const { view } = batch;
		view.setInt32(end, now - start);
		view.setInt32(end + 4, kind);
		view.setInt32(end + 8, kind === EVENT ? 0 : payloadStart(frame));
		view.setInt32(end + LENGTH_AT, frame.byteLength);
		view.setInt32(end + 16, texts.of(messageType));
		view.setInt32(end + 20, texts.of(conn));
		view.setInt32(end + 24, agents.length > 0 ? names.of(agents) : NONE);
		view.setInt32(end + 28, texts.of(target));
		batch.bytes.set(frame, end + HEARD_BYTES);
		end += size;
	}

	function isFullWith(more: number): boolean {
		return count >= messages || end - LENGTHS + more > most;
	}

	/**
	 * The older half, at once: to move the other one costs as much as there is. All of it, where too many of the
	 * texts are of what has gone: clients choose them.
	 */
	function dropHalf(): void {
		const isStale = texts.all.length > 2 * messages;
		const gone = Math.ceil(count / (isStale ? 1 : 2));
		let cut = LENGTHS;
		for (let left = gone; left > 0; left--)
			cut += HEARD_BYTES + batch.view.getInt32(cut + LENGTH_AT);
		batch.bytes.copyWithin(LENGTHS, cut, end);
		end -= cut - LENGTHS;
		count -= gone;
		dropped += gone;
		if (isStale) forgetTexts();
	}

	function forgetTexts(): void {
		texts.clear();
		names.clear();
	}

	function makeRoom(size: number): void {
		if (end + size <= batch.bytes.byteLength) return;
		const needed = end + size;
		const larger = createBatch(Math.max(needed, Math.min(2 * needed, most)));
		larger.bytes.set(batch.bytes.subarray(0, end));
		batch = larger;
	}

	function headOf(): BatchHead {
		const ids = names.all.map((agents) => agents.map(({ agentId }) => agentId));
		return { at: start, dropped, hidden, texts: texts.all, names: ids };
	}

	return {
		add: (tapped) => push(KINDS.indexOf(tapped.kind), tapped),
		addEvent(json) {
			push(EVENT, { ...NOBODY, frame: Buffer.from(json) });
		},
		hide() {
			hidden++;
		},
		take() {
			if (count + dropped + hidden === 0) return undefined;
			const head = Buffer.from(JSON.stringify(headOf()));
			makeRoom(head.byteLength);
			const taken = close(batch, end, head);
			// Whoever it is given to has it for as long as it takes. What comes next is likely to be as much.
			batch = createBatch(Math.max(ROOM, taken.byteLength));
			end = LENGTHS;
			count = dropped = hidden = 0;
			forgetTexts();
			return taken;
		},
	};
}

const EVENT = KINDS.indexOf("event");

const NOBODY = {
	...{ conn: undefined, agents: [], target: undefined },
	messageType: undefined,
};

/** That of nothing: who listens knows by it that it does. */
export const EMPTY_BATCH: Uint8Array = emptyBatch();

/** A batch while it is made. */
interface Batch {
	readonly bytes: Uint8Array;
	readonly view: DataView;
}

function createBatch(room: number): Batch {
	// A part of a pool would keep all of that.
	const { buffer } = Buffer.allocUnsafeSlow(room);
	return { bytes: new Uint8Array(buffer), view: new DataView(buffer) };
}

function close({ bytes, view }: Batch, end: number, head: Uint8Array) {
	view.setUint32(0, head.byteLength);
	view.setUint32(4, end - LENGTHS);
	bytes.set(head, end);
	return bytes.subarray(0, end + head.byteLength);
}

function emptyBatch(): Uint8Array {
	const empty = { at: 0, dropped: 0, hidden: 0, texts: [], names: [] };
	const head = Buffer.from(JSON.stringify(empty satisfies BatchHead));
	return close(createBatch(LENGTHS + head.byteLength), LENGTHS, head);
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
