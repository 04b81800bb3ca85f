/** What a tap's stream has: batches, each with what was heard since the one before. */
import {
	type BatchHead,
	HEARD_FIELDS,
	KINDS,
	type Kind,
} from "../../../src/node/console/wire.ts";

/** One thing that happened. */
export interface Heard {
	/** In the order in which it came to this page. */
	readonly number: number;
	readonly at: number;
	readonly kind: Kind;
	readonly type: string;
	readonly from: readonly string[];
	readonly to: readonly string[];
	readonly conn: string | undefined;
	/** Bytes of what was sent. */
	readonly size: number;
	/** As it was sent. */
	readonly payload: Uint8Array;
}

/** What is not numbered yet. */
export type Unnumbered = Omit<Heard, "number"> & { number: number };

export interface Batch extends Pick<BatchHead, "dropped" | "hidden"> {
	readonly heard: readonly Unnumbered[];
}

/** Cuts a stream into batches. */
export async function* readBatches(
	body: ReadableStream<Uint8Array>,
): AsyncGenerator<Batch> {
	const reader = body.getReader();
	let rest: Uint8Array = new Uint8Array(0);
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) return;
			rest = rest.byteLength === 0 ? value : join(rest, value);
			for (
				let size = sizeOf(rest);
				size <= rest.byteLength;
				size = sizeOf(rest)
			) {
				yield readBatch(rest.subarray(0, size));
				rest = rest.subarray(size);
			}
		}
	} finally {
		// Also where nobody reads on.
		await reader.cancel().catch(() => {});
	}
}

/** With its two lengths; what is not there yet has no end. */
function sizeOf(bytes: Uint8Array): number {
	if (bytes.byteLength < LENGTHS) return Number.POSITIVE_INFINITY;
	const view = new DataView(bytes.buffer, bytes.byteOffset);
	return LENGTHS + view.getUint32(0) + view.getUint32(4);
}

const LENGTHS = 8;

function readBatch(bytes: Uint8Array): Batch {
	const view = new DataView(bytes.buffer, bytes.byteOffset);
	const end = LENGTHS + view.getUint32(0);
	const head: BatchHead = JSON.parse(
		DECODER.decode(bytes.subarray(LENGTHS, end)),
	);
	// A copy: the head is not to be kept for as long as what was said.
	const frames = bytes.slice(end);
	const { heard: rows, dropped, hidden } = head;
	const heard: Unnumbered[] = [];
	let at = 0;
	for (let row = 0; row < rows.length; row += HEARD_FIELDS) {
		const length = rows[row + 3] ?? 0;
		heard.push(new Message(head, row, frames, at, at + length));
		at += length;
	}
	return { heard, dropped, hidden };
}

/** A class: 5,000 a second come, and of most nobody ever reads what they say. */
class Message implements Unnumbered {
	number = 0;
	readonly at: number;
	readonly kind: Kind;
	readonly type: string;
	readonly from: readonly string[];
	readonly to: readonly string[];
	readonly conn: string | undefined;
	readonly #frames: Uint8Array;
	readonly #start: number;
	readonly #end: number;

	constructor(
		{ at, heard, texts, names }: BatchHead,
		row: number,
		frames: Uint8Array,
		begin: number,
		end: number,
	) {
		const text = (field: number) => texts[heard[row + field] ?? -1];
		const agents = names[heard[row + 6] ?? -1] ?? NOBODY;
		const target = text(7);
		this.#frames = frames;
		this.#start = begin + (heard[row + 2] ?? 0);
		this.#end = end;
		this.at = at + (heard[row] ?? 0);
		this.kind = KINDS[heard[row + 1] ?? -1] ?? "event";
		this.type = text(4) ?? typeOf(this.payload);
		this.conn = text(5);
		const isAnswer = this.kind === "answer";
		this.from = isAnswer ? NOBODY : agents;
		this.to = isAnswer ? agents : target === undefined ? NOBODY : [target];
	}

	get size(): number {
		return this.#end - this.#start;
	}

	get payload(): Uint8Array {
		return this.#frames.subarray(this.#start, this.#end);
	}
}

const NOBODY: readonly string[] = [];

/** Of what the gateway says itself, which is little. */
function typeOf(payload: Uint8Array): string {
	try {
		const { type, event } = JSON.parse(DECODER.decode(payload));
		return String(type ?? event ?? "");
	} catch {
		return "";
	}
}

function join(one: Uint8Array, other: Uint8Array): Uint8Array {
	const both = new Uint8Array(one.byteLength + other.byteLength);
	both.set(one);
	both.set(other, one.byteLength);
	return both;
}

const DECODER = new TextDecoder();

/** What was said, as text. */
export function textOf({ payload }: Pick<Heard, "payload">): string {
	return DECODER.decode(payload);
}
