/**
 * Reads from a TCP socket without the stream around it.
 *
 * For each read Node allocates 64 KiB, shrinks them to what came, and lets a stream pass them
 * on. Where the bytes are done with before the next read comes, one buffer serves all sockets. It
 * is what `net.connect` offers as `onread`, for sockets that a server accepted.
 */
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { chargeReading, hear } from "../read-shares.ts";
import { countTime, holdReading, isTurnOver } from "../read-turns.ts";
import { findStreamBinding, type StreamBinding } from "./stream-binding.ts";
import type { TcpHandle } from "./tcp-handle.ts";
import { Unavailable } from "./unavailable.ts";

/** So many bytes of small messages take a fraction of a millisecond. */
export const PART = 4 * 1024;

/** Takes what was read. */
export interface Reader {
	/**
	 * Takes what is in the buffer from one place to another, which the next read overwrites. Returns where
	 * it stopped: what follows is for the stream, unless it took `PART` or more.
	 */
	read(start: number, end: number): number;
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
	shorten(handle, stream as ReadStream, buffer, findStreamBinding());
}

/** @throws Unavailable where this Node's sockets cannot be read so. */
export function checkReading(): void {
	keys ??= findKeys(new Socket());
	findStreamBinding();
}

const READER = Symbol("reader");

interface ReadStream extends Duplex {
	readonly [READER]: Reader;
	/** Milliseconds after which an idle socket is told; 0 or absent for none. */
	readonly timeout?: number;
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

/**
 * Has Node call us for a read, and not what its streams call for each: that looks up the stream, its
 * timeout, buffer and callback again, which was a tenth of what a small message costs. All that is
 * not bytes, as the end, is Node's as before; and where Node does not give what this takes, all is.
 */
function shorten(
	handle: TcpHandle,
	stream: ReadStream,
	buffer: Buffer,
	{ streamBaseState, kReadBytesOrError }: StreamBinding,
): void {
	const { onread } = handle;
	if (typeof onread !== "function") return;
	handle.onread = function (bytes) {
		const length = streamBaseState[kReadBytesOrError] ?? 0;
		if (length <= 0 || stream.timeout) return onread.call(this, bytes);
		if (onRead.call(stream, length, buffer)) return undefined;
		this.reading = false;
		if (!stream.destroyed) this.readStop();
		return undefined;
	};
}

/** Node's callback for so many bytes in the buffer. False pauses the socket. */
function onRead(this: ReadStream, length: number, buffer: Buffer): boolean {
	if (length < CHEAP) {
		const taken = isIdle(this) ? this[READER].read(0, length) : 0;
		// Not a pong, which everybody sends.
		if (taken > 0) hear(this);
		if (taken === length) return true;
		return takeAll(this, { buffer, start: taken, end: length });
	}
	const chunk = { buffer, start: 0, end: length };
	const isFull = length === buffer.length;
	if (!isFull) hear(this);
	if (isTurnOver() && putAside(this, chunk, isFull, 0)) return true;
	return takeShare(this, chunk, isFull);
}

/** So few bytes cannot take long, and never wait. */
const CHEAP = 4 * 1024;

/** Milliseconds of a read after which what is left of it, and the next one, wait for their turn. */
const MOST = 1;

/** What was read: from one place of the buffer to another. */
interface Chunk {
	readonly buffer: Buffer;
	readonly start: number;
	readonly end: number;
}

/**
 * Takes as much of a chunk as may be at once; the rest waits until others had their turns.
 * @param isFull Whether it is of a read that filled the buffer, and so more is there than is read. That is charged to
 *   its sender.
 */
function takeShare(stream: ReadStream, chunk: Chunk, isFull: boolean): boolean {
	const { buffer, end } = chunk;
	const begun = performance.now();
	const { goesOn, at } = take(stream, chunk, begun + MOST);
	const now = performance.now();
	const cost = now - begun;
	countTime(cost);
	if (isFull) chargeReading(stream, cost, now);
	if (at < end) {
		const rest = { buffer, start: at, end };
		if (putAside(stream, rest, isFull, cost)) return goesOn;
		return takeAll(stream, rest);
	}
	if (end === buffer.length || cost > MOST) holdReading(stream, cost, isFull);
	return goesOn;
}

function putAside(
	stream: ReadStream,
	{ buffer, start, end }: Chunk,
	isFull: boolean,
	cost: number,
): boolean {
	const copy = Buffer.from(buffer.subarray(start, end));
	return holdReading(stream, cost, isFull, () => {
		const again = { buffer, start: 0, end: copy.copy(buffer) };
		return takeShare(stream, again, isFull);
	});
}

/** Where in a chunk its time was over, and whether the stream wants more. */
interface Taken {
	readonly goesOn: boolean;
	readonly at: number;
}

function takeAll(stream: ReadStream, chunk: Chunk): boolean {
	return take(stream, chunk, Number.POSITIVE_INFINITY).goesOn;
}

/** What is paused, or still holds what came earlier, gets what comes behind that. */
function isIdle(stream: ReadStream): boolean {
	return stream.readableFlowing === true && stream.readableLength === 0;
}

function take(
	stream: ReadStream,
	{ buffer, start, end }: Chunk,
	until: number,
): Taken {
	let goesOn = true;
	let at = start;
	while (at < end) {
		const reads = isIdle(stream);
		const before = at;
		if (reads) at = stream[READER].read(at, end);
		if (at === end) break;
		if (at > before && performance.now() > until) break;
		if (at - before >= PART) continue;
		const rest = buffer.subarray(at, end);
		const size = reads ? stream[READER].lengthForStream(rest) : rest.length;
		if (size > 0) goesOn = stream.push(Buffer.from(rest.subarray(0, size)));
		at += size;
	}
	return { goesOn, at };
}
