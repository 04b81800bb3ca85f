import type { Scanner } from "./scanner.ts";

const FINAL = 0x80;
const OPCODE = 0x0f;
const FIRST_CONTROL = 8;
const FINAL_TEXT = 0x81;
const MASKED = 0x80;
const MASK_LENGTH = 4;

/** Takes the payload of one text frame, which is gone after the call. */
export interface TextReceiver {
	receive(payload: Uint8Array, isBinary: false): void;
}

/** What frames are read off. */
export interface FrameInput {
	/** Where they begin in the scanner's input, and where it ends. */
	readonly start: number;
	readonly end: number;
	/** The longest payload that is read here. */
	readonly maxPayload: number;
	/** After so many bytes others have their turn. */
	readonly most: number;
}

/**
 * Reads frames as long as they are what nearly every frame is: whole and masked text of one frame,
 * all of it there (RFC 6455, section 5.2). Returns where it stopped: at the end, when it has read as
 * many bytes as asked for, or else before one for whoever knows what is fragmented, compressed, too
 * long or broken.
 */
export function readTextFrames(
	{ input: buffer, view, unmask }: Pick<Scanner, "input" | "view" | "unmask">,
	{ start, end, maxPayload, most }: FrameInput,
	to: TextReceiver,
): number {
	const enough = start + most;
	let at = start;
	while (at < end && at < enough && buffer[at] === FINAL_TEXT) {
		const code = buffer[at + 1] ?? 0;
		const length = payloadLength(buffer, at, end, code & ~MASKED);
		const from = at + ((code & ~MASKED) === 126 ? 4 : 2) + MASK_LENGTH;
		const next = from + length;
		if (!(next <= end) || length > maxPayload || code < MASKED) break;
		const payload = view(from, next);
		if (!unmask(payload)) {
			// Masked again, as ws expects it, which closes with 1007.
			unmask(payload);
			break;
		}
		to.receive(payload, false);
		at = next;
	}
	return at;
}

/**
 * How many bytes at the start of a chunk are frames that `readTextFrames` does not read: the first,
 * whatever it is, and all up to a text after a message's end.
 */
export function lengthOfOthers(
	chunk: Buffer,
	isWithinMessage: boolean,
): number {
	let at = 0;
	let isWithin = isWithinMessage;
	do {
		const first = chunk[at] ?? 0;
		if ((first & OPCODE) < FIRST_CONTROL) isWithin = first < FINAL;
		at = endOfFrame(chunk, at);
		if (!(at < chunk.length)) return chunk.length;
	} while (isWithin || chunk[at] !== FINAL_TEXT);
	return at;
}

/** NaN where it is not in the chunk. */
function endOfFrame(chunk: Buffer, start: number): number {
	const code = chunk[start + 1] ?? Number.NaN;
	const short = code & ~MASKED;
	const head = short === 126 ? 4 : short === 127 ? 10 : 2;
	const mask = code < MASKED ? 0 : MASK_LENGTH;
	if (short === 127 && start + head <= chunk.length)
		return start + head + mask + Number(chunk.readBigUInt64BE(start + 2));
	return start + head + mask + payloadLength(chunk, start, chunk.length, short);
}

/** NaN where it is not there, or more than a chunk holds. */
function payloadLength(
	chunk: Buffer,
	start: number,
	end: number,
	code: number,
): number {
	if (code < 126) return code;
	if (code === 127 || start + 4 > end) return Number.NaN;
	return chunk.readUInt16BE(start + 2);
}
