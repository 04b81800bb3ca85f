/** Stops what Node reads of a stream, below it, and starts it again. */
import type { Duplex } from "node:stream";

/** Of Node's handle below a socket's stream, what reads. */
export interface ReadHandle {
	/** Node's own wish to read. */
	reading: boolean;
	readonly bytesRead?: number;
	readStart(): number;
	readStop(): number;
	/** Below TLS. */
	readonly _parent?: { readonly bytesRead?: number };
}

/** That of a stream; undefined where it has none, or none any more. */
export function readHandleOf(stream: Duplex): ReadHandle | undefined {
	const { _handle } = stream as Duplex & {
		readonly _handle?: ReadHandle | null;
	};
	const canRead =
		typeof _handle?.readStart === "function" &&
		typeof _handle.readStop === "function";
	return canRead ? _handle : undefined;
}

/** Nothing more is read, whatever Node wishes: a stream starts its handle from `read`, `_read` and `resume`. */
export function stopHandle(handle: ReadHandle): void {
	handle.readStop();
	handle.readStart = nothing;
}

export function isStopped(handle: ReadHandle): boolean {
	return handle.readStart === nothing;
}

/** Node may start it again. */
export function freeHandle(handle: ReadHandle): void {
	Reflect.deleteProperty(handle, "readStart");
}

function nothing(): number {
	return 0;
}
