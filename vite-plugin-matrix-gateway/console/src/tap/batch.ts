/** What a tap's stream has: batches, each with what was heard since the one before. */
import {
	type BatchHead,
	HEARD_BYTES,
	KINDS,
	type Kind,
	LENGTH_AT,
	LENGTHS,
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

function readBatch(bytes: Uint8Array): Batch {
	const lengths = new DataView(bytes.buffer, bytes.byteOffset);
	const end = LENGTHS + lengths.getUint32(4);
	const head: BatchHead = JSON.parse(DECODER.decode(bytes.subarray(end)));
	// A copy: what came with it is not to be kept for as long as what was said.
	const view = new DataView(bytes.slice(LENGTHS, end).buffer);
	const heard: Unnumbered[] = [];
	for (let at = 0; at < view.byteLength; ) {
		heard.push(new Message(head, view, at));
		at += HEARD_BYTES + view.getInt32(at + LENGTH_AT);
	}
	const { dropped, hidden } = head;
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
	readonly #bytes: ArrayBufferLike;
	readonly #start: number;
	readonly #end: number;

	constructor({ at, texts, names }: BatchHead, view: DataView, begin: number) {
		const field = (place: number) => view.getInt32(begin + 4 * place);
		const agents = names[field(6)] ?? NOBODY;
		const target = texts[field(7)];
		const frame = begin + HEARD_BYTES;
		this.#bytes = view.buffer;
		this.#start = frame + field(2);
		this.#end = frame + field(3);
		this.at = at + field(0);
		this.kind = KINDS[field(1)] ?? "event";
		this.type = texts[field(4)] ?? typeOf(this.payload);
		this.conn = texts[field(5)];
		const isAnswer = this.kind === "answer";
		this.from = isAnswer ? NOBODY : agents;
		this.to = isAnswer ? agents : target === undefined ? NOBODY : [target];
	}

	get size(): number {
		return this.#end - this.#start;
	}

	get payload(): Uint8Array {
		return new Uint8Array(this.#bytes, this.#start, this.size);
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
