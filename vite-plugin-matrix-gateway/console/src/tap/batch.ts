/** What a tap's stream has: batches, each with what was heard since the one before. */

export const KINDS = [
	"broadcast",
	"directed",
	"refused",
	"presence",
	"answer",
	"event",
] as const;

export type Kind = (typeof KINDS)[number];

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
	/** As it was sent. */
	readonly payload: Uint8Array;
}

export interface Batch {
	readonly heard: readonly Omit<Heard, "number">[];
	/** What this page was too slow for. */
	readonly dropped: number;
	/** What the token does not show. */
	readonly hidden: number;
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

interface Head {
	readonly at: number;
	readonly dropped: number;
	readonly hidden: number;
	/** Eight numbers of each: see the gateway's tap-queue.ts. */
	readonly heard: readonly number[];
	readonly texts: readonly string[];
	readonly names: readonly (readonly string[])[];
}

const FIELDS = 8;

function readBatch(bytes: Uint8Array): Batch {
	const view = new DataView(bytes.buffer, bytes.byteOffset);
	const end = LENGTHS + view.getUint32(0);
	const head: Head = JSON.parse(DECODER.decode(bytes.subarray(LENGTHS, end)));
	// A copy: the head is not to be kept for as long as what was said.
	const frames = bytes.slice(end);
	const heard: Omit<Heard, "number">[] = [];
	let at = 0;
	for (let place = 0; place < head.heard.length; place += FIELDS) {
		const row = head.heard.slice(place, place + FIELDS);
		const length = row[3] ?? 0;
		heard.push(readOne(row, head, frames.subarray(at, at + length)));
		at += length;
	}
	return { heard, dropped: head.dropped, hidden: head.hidden };
}

function readOne(
	row: readonly number[],
	head: Head,
	frame: Uint8Array,
): Omit<Heard, "number"> {
	const [after = 0, numbered = 0, start = 0] = row;
	const [, , , , typed = -1, connected = -1, named = -1, target = -1] = row;
	const kind = KINDS[numbered] ?? "event";
	const payload = frame.subarray(start);
	const names = head.names[named] ?? [];
	const to = head.texts[target];
	const isAnswer = kind === "answer";
	return {
		...{ at: head.at + after, kind, payload },
		type: head.texts[typed] ?? typeOf(payload),
		from: isAnswer ? [] : names,
		to: isAnswer ? names : to === undefined ? [] : [to],
		conn: head.texts[connected],
	};
}

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
