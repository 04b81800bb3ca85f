/**
 * Reads from a TCP socket without the stream around it.
 *
 * For each read Node allocates 64 KiB, shrinks them to what came, and lets a stream pass them
 * on. Where the bytes are done with before the next read comes, one buffer serves all sockets. It
 * is what `net.connect` offers as `onread`, for sockets that a server accepted.
 */
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { countTime, holdReading, isTurnOver } from "../read-turns.ts";
import type { TcpHandle } from "./tcp-handle.ts";
import { Unavailable } from "./unavailable.ts";

/** So many bytes of small messages take a fraction of a millisecond. */
export const PART = 4 * 1024;

/** Takes what was read. */
export interface Reader {
	/**
	 * Returns the rest, which is for the stream, unless `PART` or more was read. The chunk is
	 * overwritten by the next read.
	 */
	read(chunk: Buffer): Buffer;
	/** How many bytes of such a rest are the stream's before `read` is to see the others. */
	lengthForStream(rest: Buffer): number;
}

/**
 * Lets a reader see what comes before the stream does. All streams may share the buffer: each chunk
 * is done with before the next read.
 * @throws Unavailable where `checkReading` does, or the stream is none that can be read so.
 */
export function readDirectly(
	stream: Duplex,
	handle: TcpHandle,
	buffer: Buffer,
	reader: Reader,
): void {
	keys ??= findKeys(new Socket());
	if (Reflect.get(stream, keys.buffer) !== null)
		throw new Unavailable(
			"connections that Node reads for somebody else go by its streams",
		);
	handle.useUserBuffer(buffer);
	const target = stream as Duplex & Record<symbol, unknown>;
	target[keys.buffer] = buffer;
	target[keys.callback] = onRead;
	target[READER] = reader;
}

/** @throws Unavailable where this Node's sockets cannot be read so. */
export function checkReading(): void {
	keys ??= findKeys(new Socket());
}

const READER = Symbol("reader");

interface ReadStream extends Duplex {
	readonly [READER]: Reader;
}

/** The symbols under which Node's `onread` keeps its buffer and callback. */
interface Keys {
	readonly buffer: symbol;
	readonly callback: symbol;
}

let keys: Keys | undefined;

/** They are there, and empty, on each socket that was made without `onread`. */
function findKeys(socket: Socket): Keys {
	const symbols = Object.getOwnPropertySymbols(socket);
	const [buffer, callback, generator] = [
		"kBuffer",
		"kBufferCb",
		"kBufferGen",
	].map((name) => symbols.find(({ description }) => description === name));
	const isKnown = [buffer, callback, generator].every(
		(key) => key && Reflect.get(socket, key) === null,
	);
	if (!buffer || !callback || !isKnown)
		throw new Unavailable(
			"messages are read by Node's streams: the sockets of this Node are none that are known",
		);
	return { buffer, callback };
}

/** Node's callback for so many bytes in the buffer. False pauses the socket. */
function onRead(this: ReadStream, length: number, buffer: Buffer): boolean {
	const chunk = buffer.subarray(0, length);
	if (length < CHEAP) return take(this, chunk, Number.POSITIVE_INFINITY).goesOn;
	if (isTurnOver() && putAside(this, chunk, buffer, 0)) return true;
	return takeShare(this, chunk, buffer);
}

/** So few bytes cannot take long, and never wait. */
const CHEAP = 4 * 1024;

/** Milliseconds of a read after which what is left of it, and the next one, wait for their turn. */
const MOST = 1;

/** Takes as much of a chunk as may be at once; the rest waits until others had their turns. */
function takeShare(stream: ReadStream, chunk: Buffer, buffer: Buffer): boolean {
	const start = performance.now();
	const { goesOn, rest } = take(stream, chunk, start + MOST);
	const cost = performance.now() - start;
	countTime(cost);
	if (rest.length > 0) {
		if (putAside(stream, rest, buffer, cost)) return goesOn;
		return take(stream, rest, Number.POSITIVE_INFINITY).goesOn;
	}
	if (chunk.length === buffer.length || cost > MOST) holdReading(stream, cost);
	return goesOn;
}

function putAside(
	stream: ReadStream,
	chunk: Buffer,
	buffer: Buffer,
	cost: number,
): boolean {
	const copy = Buffer.from(chunk);
	return holdReading(stream, cost, () =>
		takeShare(stream, buffer.subarray(0, copy.copy(buffer)), buffer),
	);
}

/** What was left of a chunk when its time was over, and whether the stream wants more. */
interface Taken {
	readonly goesOn: boolean;
	readonly rest: Buffer;
}

function take(stream: ReadStream, chunk: Buffer, end: number): Taken {
	let goesOn = true;
	let rest = chunk;
	while (rest.length > 0) {
		// What is paused, or still holds what came earlier, gets this behind it.
		const isIdle = stream.readableFlowing && stream.readableLength === 0;
		const before = rest.length;
		if (isIdle) rest = stream[READER].read(rest);
		if (rest.length === 0) break;
		if (rest.length < before && performance.now() > end) break;
		if (before - rest.length >= PART) continue;
		const size = isIdle ? stream[READER].lengthForStream(rest) : rest.length;
		if (size > 0) goesOn = stream.push(Buffer.from(rest.subarray(0, size)));
		rest = rest.subarray(size);
	}
	return { goesOn, rest };
}
