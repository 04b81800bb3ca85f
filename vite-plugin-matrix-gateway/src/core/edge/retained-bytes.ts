import type { RetainedMessages } from "../world/retained.ts";
import { join } from "./batch.ts";
import type { Host, Socket } from "./host.ts";

/** The retained messages in one piece, as a socket takes them, which all newcomers share. */
export type RetainedBytes = (
	retained: RetainedMessages,
	socket: Socket,
) => Uint8Array;

/** Made when the first newcomer is sent it: a storm of changes costs nothing. */
export function createRetainedBytes(compress: Host["compress"]): RetainedBytes {
	const plain = new WeakMap<RetainedMessages, Uint8Array>();
	const compressed = new WeakMap<RetainedMessages, Uint8Array>();

	return (retained, socket) => {
		const isCompressed = compress !== undefined && socket.compresses === true;
		const pieces = isCompressed ? compressed : plain;
		let piece = pieces.get(retained);
		if (!piece) {
			piece = join(isCompressed ? retained.map(compress) : retained);
			pieces.set(retained, piece);
		}
		return piece;
	};
}
