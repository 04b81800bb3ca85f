/**
 * Writes to a TCP socket without the stream around it.
 *
 * A write that the kernel takes at once, as nearly all are, needs none of what a stream does for
 * it: no request object, no callback, no state. What the kernel does not take at once waits as a
 * stream's write does.
 *
 * 1,000 writes of one message took 2.6 ms of CPU time instead of 3.0, and 3.5 instead of 4.7
 * where one comes every 20 ms and finds the caches cold.
 */
import type { Duplex } from "node:stream";
import { findStreamBinding, type WriteRequest } from "./stream-binding.ts";
import type { TcpHandle } from "./tcp-handle.ts";

/** What is written to, and what is known of it. */
export interface WriteTarget {
	readonly stream: Duplex;
	/** Whether something may wait: at first the answer to its upgrade, or nothing. */
	isBehind: boolean;
	/** Bytes that were written past the stream and wait; 0 at first. */
	waitingBytes: number;
}

/**
 * Writes bytes to the handle of a target on which nothing waits. Returns what waits then.
 * @throws Unavailable where `checkWriting` does.
 */
export function writeDirectly(
	handle: TcpHandle,
	target: WriteTarget,
	bytes: Uint8Array,
): number {
	const { WriteWrap, streamBaseState, kLastWriteWasAsync } =
		findStreamBinding();
	const request = spare ?? new WriteWrap();
	const error = handle.writeBuffer(request, bytes);
	const isDone = error === 0 && streamBaseState[kLastWriteWasAsync] === 0;
	spare = isDone ? request : undefined;
	if (error !== 0) target.stream.destroy();
	else if (!isDone) waitFor(request, target, bytes);
	return target.waitingBytes;
}

/** @throws Unavailable where this Node cannot be written to so. */
export function checkWriting(): void {
	findStreamBinding();
}

/** What a write that does not wait leaves untouched, and so serves the next one too. */
let spare: WriteRequest | undefined;

function waitFor(
	request: WriteRequest,
	target: WriteTarget,
	bytes: Uint8Array,
): void {
	target.isBehind = true;
	target.waitingBytes = bytes.byteLength;
	request.buffer = bytes;
	request.oncomplete = (status) => {
		target.waitingBytes = 0;
		if (status < 0) target.stream.destroy();
	};
}
