/**
 * The tests' framing: four bytes of length, then the payload. A batch is taken apart again.
 * A compressed frame has its first bit set, and its payload the wrong way round.
 */

import { join } from "../../../src/core/edge/batch.ts";

const HEADER = 4;
const COMPRESSED = 0x80;

/** Makes one frame of a payload's parts, which shares no memory with them. */
export function toFrame(
	...parts: readonly (Uint8Array | string)[]
): Uint8Array {
	const bytes = join(
		parts.map((part) =>
			typeof part === "string" ? new TextEncoder().encode(part) : part,
		),
	);
	const frame = new Uint8Array(HEADER + bytes.byteLength);
	new DataView(frame.buffer).setUint32(0, bytes.byteLength);
	frame.set(bytes, HEADER);
	return frame;
}

/** Makes a compressed frame of a plain one. */
export function toCompressed(frame: Uint8Array): Uint8Array {
	if (isCompressed(frame)) throw new Error("compressed twice");
	const compressed = new Uint8Array(frame);
	compressed.subarray(HEADER).reverse();
	compressed[0] = COMPRESSED | (frame[0] ?? 0);
	return compressed;
}

/** Whether a frame, the first of several, is compressed. */
export function isCompressed(frame: Uint8Array): boolean {
	return ((frame[0] ?? 0) & COMPRESSED) !== 0;
}

/** The bytes of a frame for a payload of so many bytes. */
export function frameSize(payload: string): number {
	return toFrame(payload).byteLength;
}

/** Takes whole frames apart, all compressed or none; throws where they are not, or not whole. */
export function fromFrames(frames: Uint8Array, compresses = false): string[] {
	const texts: string[] = [];
	const view = new DataView(frames.buffer, frames.byteOffset);
	for (let offset = 0; offset < frames.byteLength; ) {
		const start = offset + HEADER;
		const compressed = isCompressed(frames.subarray(offset));
		if (compressed !== compresses) throw new Error("a frame of the other form");
		offset = start + (view.getUint32(offset) & 0x7fffffff);
		if (offset > frames.byteLength) throw new Error("a frame was cut");
		const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
		const payload = frames.slice(start, offset);
		texts.push(text.decode(compressed ? payload.reverse() : payload));
	}
	return texts;
}
