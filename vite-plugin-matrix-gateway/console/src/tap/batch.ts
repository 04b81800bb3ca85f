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

type Row = readonly [
	after: number,
	kind: number,
	length: number,
	type: string | null,
	from: readonly string[],
	to: readonly string[],
	conn: string | null,
];

function readBatch(bytes: Uint8Array): Batch {
	const view = new DataView(bytes.buffer, bytes.byteOffset);
	let at = LENGTHS + view.getUint32(0);
	const head = JSON.parse(DECODER.decode(bytes.subarray(LENGTHS, at)));
	// A copy: the head is not to be kept for as long as what was said.
	const payloads = bytes.slice(at);
	at = 0;
	const rows: readonly Row[] = head.heard;
	const heard = rows.map(([after, kind, length, type, from, to, conn]) => {
		const payload = payloads.subarray(at, at + length);
		at += length;
		return {
			at: head.at + after,
			kind: KINDS[kind] ?? "event",
			type: type ?? typeOf(payload),
			...{ from, to, payload },
			conn: conn ?? undefined,
		};
	});
	return { heard, dropped: head.dropped, hidden: head.hidden };
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
