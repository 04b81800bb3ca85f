/**
 * Writes to a socket: below its stream where that can be and nothing waits, else by it.
 *
 * While something waits, all goes through the stream: one order. Only ws's own pongs, where they
 * wait in the stream, may be overtaken, which the protocol allows.
 */
import { copyExact } from "../core/world/broadcast-log.ts";
import {
	type TcpHandle,
	type WriteTarget,
	writeDirectly,
} from "./native-io.ts";

/** What is written to, with its stream's handle where that is to be written to. */
export interface FrameTarget extends WriteTarget {
	readonly handle: TcpHandle | undefined;
}

/**
 * Bytes of what was written here that the operating system has not taken yet. Each write counts as
 * a whole until all of it is taken, by the stream as below it. The stream is not asked where none
 * wait: with 1,000 receivers that have to be fetched into the cache it shows.
 */
export function bufferedBytesOf(target: WriteTarget): number {
	if (!target.isBehind) return 0;
	// What is held back here, its peer cannot take.
	if (target.stream.writableCorked > 0) return 0;
	const bytes = target.stream.writableLength + target.waitingBytes;
	target.isBehind = bytes > 0;
	return bytes;
}

/** Writes bytes after all that was written before. Returns what waits then. */
export function writeFrames(target: FrameTarget, bytes: Uint8Array): number {
	const { handle, stream } = target;
	// An answer to its upgrade that waits for others goes now, ahead of this [CON11].
	if (target.isBehind) stream.uncork();
	if (handle && bufferedBytesOf(target) === 0)
		return writeDirectly(handle, target, bytes);
	target.isBehind = true;
	// What waits may wait for long, and a small frame would keep all that it was cut from.
	stream.write(bytes.byteLength < SMALL ? copyExact(bytes) : bytes);
	return bufferedBytesOf(target);
}

/** Frames that share a piece of memory with others are smaller than this. */
const SMALL = 32 * 1024;
