/**
 * Node's own handle below a TCP socket's stream (`LibuvStreamWrap`), whose reads and writes cost
 * less than the stream's. It is not documented, so who uses it checks all that it relies on; tried
 * on Node 20, 22 and 24.
 */
import type { Duplex } from "node:stream";

/** What is used of it. */
export interface TcpHandle {
	/** Reads into this buffer from now on. */
	useUserBuffer(buffer: Buffer): void;
	/** Returns 0, or an error's number. Takes the request only where it cannot write all at once. */
	writeBuffer(request: object, bytes: Uint8Array): number;
}

/** The handle of a stream, where it has one: not TLS, whose bytes are not those of the socket. */
export function tcpHandleOf(stream: Duplex): TcpHandle | undefined {
	const { _handle, encrypted } = stream as Duplex & {
		readonly _handle?: Partial<TcpHandle> | null;
		readonly encrypted?: boolean;
	};
	return _handle?.useUserBuffer && _handle.writeBuffer && !encrypted
		? (_handle as TcpHandle)
		: undefined;
}

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
