/**
 * Reads from a TCP socket without the stream around it.
 *
 * For each read Node allocates 64 KiB, shrinks them to what came, and lets a stream pass them
 * on. Where the bytes are done with before the next read comes, one buffer serves all sockets:
 * a sixth of the CPU time of a directed message of 200 bytes. It is what `net.connect` offers as
 * `onread`, for sockets that a server accepted.
 *
 * None of it is documented for these, so what we know is checked, and a stream that is not like
 * that (TLS, or a Node that has changed) goes on as before.
 */
import type { Duplex } from "node:stream";

/** Takes what was read. */
export interface Reader {
	/** Returns the rest, for the stream. The chunk is overwritten by the next read. */
	read(chunk: Buffer): Buffer;
}

/** As much as Node reads at once. */
const buffer = Buffer.allocUnsafeSlow(64 * 1024);

/** Lets a reader see what comes before the stream does. Returns whether it will. */
export function readDirectly(stream: Duplex, reader: Reader): boolean {
	const socket = stream as DirectSocket;
	const { _handle: handle, encrypted } = socket;
	const [bufferKey, callbackKey] = keysOf(socket);
	if (encrypted || !handle?.useUserBuffer) return false;
	if (!bufferKey || !callbackKey) return false;
	Object.assign(socket, { [bufferKey]: buffer, [callbackKey]: onRead });
	socket[READER] = reader;
	handle.useUserBuffer(buffer);
	return true;
}

const READER = Symbol("reader");

interface DirectSocket extends Duplex {
	readonly _handle?: { useUserBuffer?(buffer: Buffer): void } | null;
	readonly encrypted?: boolean;
	[READER]: Reader;
}

/** The symbols under which Node's `onread` keeps its buffer and callback. */
let keys: readonly (symbol | undefined)[] | undefined;

function keysOf(socket: object): readonly (symbol | undefined)[] {
	if (keys) return keys;
	const symbols = Object.getOwnPropertySymbols(socket);
	keys = ["kBuffer", "kBufferCb"].map((name) =>
		symbols.find(({ description }) => description === name),
	);
	return keys;
}

/** Node's callback for so many bytes in the buffer. False pauses the socket. */
function onRead(this: DirectSocket, length: number): boolean {
	const chunk = buffer.subarray(0, length);
	// What is paused, or still holds what came earlier, gets this behind it.
	const isIdle = this.readableFlowing && this.readableLength === 0;
	const rest = isIdle ? this[READER].read(chunk) : chunk;
	return rest.length === 0 || this.push(Buffer.from(rest));
}
