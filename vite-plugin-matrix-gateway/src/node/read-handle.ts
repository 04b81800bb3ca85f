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

/**
 * Reads nothing more of a stream, whatever Node wishes: it starts its handle again by itself, from `read`, `_read` and `resume`. Returns
 * the handle that was stopped; undefined where there is none, or somebody else has stopped it.
 */
export function stopReading(stream: Duplex): ReadHandle | undefined {
	const handle = readHandleOf(stream);
	if (!handle || isStopped(handle)) return undefined;
	handle.readStop();
	handle.readStart = nothing;
	return handle;
}

/** Reads a stream again, if Node wishes. Returns whether it was stopped. */
export function startReading(stream: Duplex): boolean {
	const handle = readHandleOf(stream);
	if (!handle || !isStopped(handle)) return false;
	freeHandle(handle);
	if (handle.reading) handle.readStart();
	return true;
}

/** Node may start it again. */
export function freeHandle(handle: ReadHandle): void {
	Reflect.deleteProperty(handle, "readStart");
}

function isStopped(handle: ReadHandle): boolean {
	return handle.readStart === nothing;
}

function nothing(): number {
	return 0;
}
