import type { Writable } from "node:stream";
import type { WebSocket } from "ws";

/** What we know of ws's `Receiver`, a `Writable` of which nothing else is public; as of ws 8.23. */
export interface Receiver extends Writable {
	readonly _state: number;
	/** What has come of a frame, or of its head, and is not all there. */
	_buffers: Buffer[];
	_bufferedBytes: number;
	_mask: Buffer | undefined;
	/** Of the frame whose head has come. */
	readonly _payloadLength: number;
	readonly _fin: boolean;
	/** The opcode of a message of which not all frames have come, else 0; and their payloads. */
	readonly _fragmented: number;
	_fragments: Buffer[];
	readonly _maxPayload: number;
}

/** How many bytes of its head a receiver waits for, by `_state`; a payload's are in its head. */
const HEAD_LENGTHS = [2, 2, 8, 4] as const;
const GET_DATA = 4;

/** The receiver of a WebSocket; undefined where this version of ws has none that we know. */
export function findReceiver(webSocket: WebSocket): Receiver | undefined {
	const { _receiver } = webSocket as WebSocket & { _receiver?: Receiver };
	const isKnown =
		typeof _receiver?._maxPayload === "number" &&
		typeof _receiver._payloadLength === "number" &&
		Array.isArray(_receiver._buffers) &&
		Array.isArray(_receiver._fragments);
	return isKnown ? _receiver : undefined;
}

/** Whether it has done all that it was given, and would take a frame as the next one. */
export function isBetweenMessages(receiver: Receiver): boolean {
	return (
		receiver._state === 0 &&
		receiver._bufferedBytes === 0 &&
		receiver._fragmented === 0 &&
		receiver.writable
	);
}

/** How many bytes are missing of the part of a frame that it has begun to read; 0 between two. */
export function missingBytes(receiver: Receiver): number {
	const { _state, _bufferedBytes, _payloadLength } = receiver;
	if (_state === 0 && _bufferedBytes === 0) return 0;
	const length = _state === GET_DATA ? _payloadLength : HEAD_LENGTHS[_state];
	// What it is busy with ends when it likes.
	return (length ?? Number.POSITIVE_INFINITY) - _bufferedBytes;
}

/** Has a receiver read nothing more, forget what it has, and tell its WebSocket why. */
export function failReceiver(receiver: Receiver, error: Error): void {
	receiver._buffers = [];
	receiver._bufferedBytes = 0;
	receiver._fragments = [];
	receiver.destroy(error);
}
