/** Joins one ws WebSocket to the router. */
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { ConnectionHandle, Gateway } from "../core/gateway.ts";
import type { Grant, Socket } from "../core/host.ts";
import { hasCompression } from "./compression.ts";
import { type Reader, readDirectly } from "./direct-read.ts";
import { bufferedBytes, type WriteTarget, write } from "./direct-write.ts";
import { findReceiver, isBetweenMessages, type Receiver } from "./receiver.ts";
import { readTextFrames } from "./text-frames.ts";

/** Gives a WebSocket, and the stream below it, to the gateway. */
export function connect(
	gateway: Gateway,
	webSocket: WebSocket,
	stream: Duplex,
	grant: Grant,
): void {
	const socket = new WebSocketSocket(webSocket, stream, gateway.closeTimeout);
	socket.connection = gateway.open(socket, grant);
	if (socket.receiver) readDirectly(stream, socket);
	// Listeners find their socket by `this`, or each connection would hold five closures.
	(webSocket as Joined<WebSocket>)[SOCKET] = socket;
	(stream as Joined<Duplex>)[SOCKET] = socket;
	webSocket
		.on("message", onMessage)
		.on("pong", onPong)
		.on("error", onError)
		.on("close", onClose);
	stream.on("finish", onFinish);
}

/** Ends a WebSocket that is about to close anyway, if its peer does not within so many milliseconds. */
export function cutOffAfter(webSocket: WebSocket, milliseconds: number): void {
	const timer = setTimeout(() => webSocket.terminate(), milliseconds).unref();
	webSocket.once("close", () => clearTimeout(timer));
}

/**
 * A class, since there is one for each connection and the router reads it with each write:
 * with a getter on an object of its own, 10,000 idle connections took 6 MB more, and reading
 * it was a tenth of a broadcast's CPU time.
 */
class WebSocketSocket implements Socket, WriteTarget, Reader {
	connection: ConnectionHandle | undefined;
	readonly webSocket: WebSocket;
	readonly stream: Duplex;
	readonly compresses: boolean;
	readonly receiver: Receiver | undefined;
	readonly closeTimeout: number;
	waitingBytes = 0;

	constructor(webSocket: WebSocket, stream: Duplex, closeTimeout: number) {
		this.webSocket = webSocket;
		this.stream = stream;
		this.compresses = hasCompression(webSocket);
		// What ws inflates takes it a while, and nothing that follows may overtake that.
		this.receiver = this.compresses ? undefined : findReceiver(webSocket);
		this.closeTimeout = closeTimeout;
	}

	/** Text frames of the common kind do not go through ws; all else does, in its order. */
	read(chunk: Buffer): Buffer {
		const { connection, receiver } = this;
		if (!connection || !receiver || !isBetweenMessages(receiver)) return chunk;
		return readTextFrames(chunk, receiver._maxPayload, connection);
	}

	get bufferedBytes(): number {
		return bufferedBytes(this);
	}

	// Whole frames, for many sockets the same buffer, past ws's sender: so ws's own count of
	// what waits does not hold them, but they stay in order with its close frames and pings.
	write(frames: Uint8Array): number {
		if (this.webSocket.readyState !== this.webSocket.OPEN)
			return bufferedBytes(this);
		return write(this, frames);
	}

	ping(): void {
		this.webSocket.ping();
	}

	close(code: number, reason: string): void {
		this.webSocket.close(code, reason);
	}

	terminate(): void {
		this.webSocket.terminate();
	}
}

const SOCKET = Symbol("gateway socket");

type Joined<T> = T & { [SOCKET]: WebSocketSocket };

function socketOf(emitter: object): WebSocketSocket {
	return (emitter as Joined<object>)[SOCKET];
}

function onMessage(this: WebSocket, data: unknown, isBinary: boolean): void {
	socketOf(this).connection?.receive(data as Buffer, isBinary);
}

function onPong(this: WebSocket): void {
	socketOf(this).connection?.alive();
}

// ws answers a broken frame with a close frame of its own and then waits for the peer's.
// Nothing may follow that frame, so for the router the connection ends here.
function onError(this: WebSocket, error: Error): void {
	const { connection, closeTimeout } = socketOf(this);
	connection?.closed(closeCodeOf(error));
	cutOffAfter(this, closeTimeout);
}

function onClose(this: WebSocket, code: number): void {
	socketOf(this).connection?.closed(code);
}

// Both close frames were sent, and all that is missing is the peer's end of the stream.
function onFinish(this: Duplex): void {
	const { webSocket, closeTimeout } = socketOf(this);
	cutOffAfter(webSocket, closeTimeout);
}

/** The close code that ws sends for an error of the peer's. */
function closeCodeOf({ code = "" }: Error & { code?: string }): number {
	// What cannot be inflated.
	if (code.startsWith("Z_")) return 1007;
	return CLOSE_CODES[code] ?? (code.startsWith("WS_ERR_") ? 1002 : 1006);
}

const CLOSE_CODES: Readonly<Record<string, number>> = {
	WS_ERR_INVALID_UTF8: 1007,
	WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
	WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
	WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
};
