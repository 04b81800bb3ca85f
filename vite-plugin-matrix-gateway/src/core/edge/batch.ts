/** What is written to a slice at once, in the two forms in which connections take it [CMP1]. */
import type { Host, Socket } from "./host.ts";

/** A form is made when the first connection asks for it, and then shared by all that do. */
export interface Batch {
	/** How many frames. */
	readonly count: number;
	/** Its frames, as a socket takes them. */
	framesFor(socket: Socket): readonly Uint8Array[];
	/** The same in one piece, from one of them on. */
	bytesFor(socket: Socket, from?: number): Uint8Array;
}

export function createBatch(
	frames: readonly Uint8Array[],
	compress: Host["compress"],
): Batch {
	const plain = createForm(() => frames);
	const compressed =
		compress && createForm(() => frames.map((frame) => compress(frame)));
	const formFor = (socket: Socket) =>
		(socket.compresses && compressed) || plain;

	return {
		count: frames.length,
		framesFor: (socket) => formFor(socket).frames(),
		bytesFor: (socket, from = 0) => formFor(socket).bytesFrom(from),
	};
}

function createForm(make: () => readonly Uint8Array[]) {
	let made: readonly Uint8Array[] | undefined;
	let bytes: Uint8Array | undefined;
	let starts: readonly number[] | undefined;

	function frames(): readonly Uint8Array[] {
		made ??= make();
		return made;
	}

	return {
		frames,
		bytesFrom(from: number): Uint8Array {
			bytes ??= join(frames());
			if (from === 0) return bytes;
			starts ??= startsOf(frames());
			return bytes.subarray(starts[from] ?? bytes.byteLength);
		},
	};
}

/** Where each begins in what they are put together to, after so many bytes. */
export function startsOf(
	parts: readonly Uint8Array[],
	after = 0,
): readonly number[] {
	let end = after;
	return parts.map(({ byteLength }) => {
		end += byteLength;
		return end - byteLength;
	});
}

/** Puts frames together in one buffer; a single one is not copied. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
	const [only] = parts;
	if (only && parts.length === 1) return only;
	let length = 0;
	for (const part of parts) length += part.length;
	const joined = new Uint8Array(length);
	let offset = 0;
	for (const part of parts) {
		joined.set(part, offset);
		offset += part.length;
	}
	return joined;
}
