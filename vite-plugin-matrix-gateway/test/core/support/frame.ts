/** The tests' framing: four bytes of length, then the payload. A batch is taken apart again. */

const HEADER = 4;

/** Makes one frame, which shares no memory with the payload. */
export function toFrame(payload: Uint8Array | string): Uint8Array {
	const bytes =
		typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
	const frame = new Uint8Array(HEADER + bytes.byteLength);
	new DataView(frame.buffer).setUint32(0, bytes.byteLength);
	frame.set(bytes, HEADER);
	return frame;
}

/** The bytes of a frame for a payload of so many bytes. */
export function frameSize(payload: string): number {
	return toFrame(payload).byteLength;
}

/** Takes whole frames apart; throws where they are not whole. */
export function fromFrames(frames: Uint8Array): string[] {
	const texts: string[] = [];
	const view = new DataView(frames.buffer, frames.byteOffset);
	for (let offset = 0; offset < frames.byteLength; ) {
		const start = offset + HEADER;
		offset = start + view.getUint32(offset);
		if (offset > frames.byteLength) throw new Error("a frame was cut");
		const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
		texts.push(text.decode(frames.subarray(start, offset)));
	}
	return texts;
}
