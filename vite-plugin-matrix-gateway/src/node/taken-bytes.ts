import type { Duplex } from "node:stream";

/**
 * Bytes that the operating system has taken of a stream's, as Node's own timeouts on sockets see
 * it: a write that is under way counts for what was taken of it. Of TLS they are the encrypted
 * ones. Undefined where the stream has no handle that tells.
 */
export function takenBytesOf(stream: Duplex): number | undefined {
	const { _handle } = stream as Duplex & { readonly _handle?: Counts | null };
	const { bytesWritten, writeQueueSize } = _handle?._parent ?? _handle ?? {};
	if (bytesWritten === undefined || writeQueueSize === undefined)
		return undefined;
	return bytesWritten - writeQueueSize;
}

interface Counts {
	readonly bytesWritten?: number;
	readonly writeQueueSize?: number;
	/** Below TLS. */
	readonly _parent?: Counts;
}
