/** Joins one ws WebSocket to the router. */
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { Gateway } from "../core/gateway.ts";
import type { Grant, Socket } from "../core/host.ts";
import { hasCompression } from "./compression.ts";

/** Gives a WebSocket, and the stream below it, to the gateway. */
export function connect(
	gateway: Gateway,
	webSocket: WebSocket,
	stream: Duplex,
	grant: Grant,
): void {
	const connection = gateway.open(
		new WebSocketSocket(webSocket, stream),
		grant,
	);
	webSocket.on("message", (data, isBinary) => {
		connection.receive(data as Buffer, isBinary);
	});
	webSocket.on("pong", connection.alive);
	// ws answers a broken frame with a close frame of its own and then waits for the peer's.
	// Nothing may follow that frame, so for the router the connection ends here.
	webSocket.on("error", (error) => {
		connection.closed(closeCodeOf(error));
		cutOffAfter(webSocket, gateway.closeTimeout);
	});
	// Both close frames were sent, and all that is missing is the peer's end of the stream.
	stream.once("finish", () => cutOffAfter(webSocket, gateway.closeTimeout));
	webSocket.on("close", connection.closed);
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
class WebSocketSocket implements Socket {
	readonly #webSocket: WebSocket;
	readonly #stream: Duplex;
	readonly compresses: boolean;

	constructor(webSocket: WebSocket, stream: Duplex) {
		this.#webSocket = webSocket;
		this.#stream = stream;
		this.compresses = hasCompression(webSocket);
	}

	get bufferedBytes(): number {
		return this.#stream.writableLength;
	}

	// Whole frames, for many sockets the same buffer: straight to the stream that ws itself
	// writes to, so they stay in order with its close frames and pings.
	write(frames: Uint8Array): void {
		if (this.#webSocket.readyState === this.#webSocket.OPEN)
			this.#stream.write(frames);
	}

	ping(): void {
		this.#webSocket.ping();
	}

	close(code: number, reason: string): void {
		this.#webSocket.close(code, reason);
	}

	terminate(): void {
		this.#webSocket.terminate();
	}
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
