import type { Writable } from "node:stream";
import type { WebSocket } from "ws";

/** What we read of ws's `Receiver`, a `Writable` of which nothing else is public; as of ws 8. */
export interface Receiver {
	readonly writable: boolean;
	readonly _state: number;
	readonly _bufferedBytes: number;
	readonly _fragmented: number;
	readonly _maxPayload: number;
}

/** The receiver of a WebSocket; undefined where this version of ws has none that we know. */
export function findReceiver(webSocket: WebSocket): Receiver | undefined {
	const { _receiver } = webSocket as WebSocket & { _receiver?: Receiver };
	return typeof _receiver?._maxPayload === "number" ? _receiver : undefined;
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

/**
 * Lets the receiver of a WebSocket read nothing after an error. By itself it goes on with the
 * chunks that came while it was inflating, from the middle of a frame, and throws (ws 8.23): any
 * client that compresses could end the process.
 */
export function stopAtErrors(webSocket: WebSocket): void {
	const { _receiver } = webSocket as WebSocket & { _receiver?: Writable };
	if (_receiver) _receiver._write = writeUnlessErrored;
}

type Write = Writable["_write"];

function writeUnlessErrored(this: Writable, ...args: Parameters<Write>): void {
	const [, , done] = args;
	const { _write } = Object.getPrototypeOf(this) as { readonly _write: Write };
	if (this.errored) done();
	else _write.apply(this, args);
}
