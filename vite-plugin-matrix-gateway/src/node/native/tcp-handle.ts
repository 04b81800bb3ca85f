/**
 * Node's own handle below a TCP socket's stream (`LibuvStreamWrap`), whose reads and writes cost
 * less than the stream's. It is not documented, so who uses it checks all that it relies on; tried
 * on Node 20, 22 and 24.
 */
import type { Duplex } from "node:stream";
import { Unavailable } from "./unavailable.ts";

/** What is used of it. */
export interface TcpHandle {
	/** Reads into this buffer from now on. */
	useUserBuffer(buffer: Buffer): void;
	/** What Node calls for each read, on the handle. */
	onread?: OnRead | undefined;
	/** Whether the stream wants more. */
	reading: boolean;
	readStop(): number;
	/** Returns 0, or an error's number. Takes the request only where it cannot write all at once. */
	writeBuffer(request: object, bytes: Uint8Array): number;
}

/** May return the buffer for the next read. */
export type OnRead = (
	this: TcpHandle,
	bytes: ArrayBuffer | undefined,
) => unknown;

/**
 * The handle of a stream.
 * @throws Unavailable where it has none that is known: nor has TLS, whose bytes are not the socket's.
 */
export function tcpHandleOf(stream: Duplex): TcpHandle {
	const { _handle, encrypted } = stream as Duplex & {
		readonly _handle?: Partial<TcpHandle> | null;
		readonly encrypted?: boolean;
	};
	if (encrypted)
		throw new Unavailable("connections over TLS go by Node's streams");
	const isKnown =
		typeof _handle?.useUserBuffer === "function" &&
		typeof _handle.writeBuffer === "function";
	if (!isKnown)
		throw new Unavailable(
			"connections whose stream has no handle that is known go by Node's streams",
		);
	return _handle as TcpHandle;
}
