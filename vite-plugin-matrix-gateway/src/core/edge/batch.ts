/** What is broadcast with one flush, in the two forms in which connections take it [CMP1]. */
import type { Host, Socket } from "./host.ts";

/** A form is made when the first connection asks for it, and then shared by all that do. */
export interface Batch {
	/** How many frames. */
	readonly count: number;
	/** Its frames, as a socket takes them. */
	framesFor(socket: Socket): readonly Uint8Array[];
	/** The same in one piece. */
	bytesFor(socket: Socket): Uint8Array;
}

export function createBatch(
	frames: readonly Uint8Array[],
	compress: Host["compress"],
): Batch {
	let bytes: Uint8Array | undefined;
	let compressed: readonly Uint8Array[] | undefined;
	let compressedBytes: Uint8Array | undefined;

	function compressedFrames(): readonly Uint8Array[] {
		compressed ??= compress ? frames.map((frame) => compress(frame)) : frames;
		return compressed;
	}

	return {
		count: frames.length,
		framesFor: (socket) =>
			compress && socket.compresses ? compressedFrames() : frames,
		bytesFor(socket) {
			if (compress && socket.compresses) {
				compressedBytes ??= join(compressedFrames());
				return compressedBytes;
			}
			bytes ??= join(frames);
			return bytes;
		},
	};
}

/** Puts frames together in one buffer; a single one is not copied. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
	const [only] = parts;
	if (only && parts.length === 1) return only;
	let length = 0;
	for (const part of parts) length += part.byteLength;
	const joined = new Uint8Array(length);
	let offset = 0;
	for (const part of parts) {
		joined.set(part, offset);
		offset += part.byteLength;
	}
	return joined;
}
