/** What a host's sockets take: frames, many in one write; or messages, one by one. */
import type { Part } from "../protocol/gateway-messages.ts";
import { join } from "./batch.ts";
import type { Host, Socket } from "./host.ts";

/** A socket that takes frames, and can all that the edge asks. */
export interface WireSocket extends Socket {
	terminate(): void;
	writeFrames(frames: Uint8Array): number;
	readonly bufferedBytes: number;
}

/** The host's own encoding; or where it has none, one that is taken apart again at each socket. */
export function encoderOf({
	encode,
	toUtf8,
}: Pick<Host, "encode" | "toUtf8">): (...parts: readonly Part[]) => Uint8Array {
	return encode ?? ((...parts) => withLength(parts, toUtf8));
}

/** A frame as a socket takes it: compressed, where it is that [CMP1]. */
export function forWire(
	{ compress }: Pick<Host, "compress">,
	{ compresses }: Socket,
	frame: Uint8Array,
): Uint8Array {
	return compress && compresses ? compress(frame) : frame;
}

/** The socket itself where it takes frames, or one in front of it that takes them apart. */
export function toWireSocket(socket: Socket): WireSocket {
	return isWireSocket(socket) ? socket : new MessageSocket(socket);
}

function isWireSocket(socket: Socket): socket is WireSocket {
	return (
		socket.writeFrames !== undefined &&
		socket.terminate !== undefined &&
		socket.bufferedBytes !== undefined
	);
}

/** Four bytes of length, then the payload. */
const HEADER = 4;

function withLength(
	parts: readonly Part[],
	toUtf8: Host["toUtf8"],
): Uint8Array {
	const payload = join(
		parts.map((part) => (typeof part === "string" ? toUtf8(part) : part)),
	);
	const frame = new Uint8Array(HEADER + payload.byteLength);
	new DataView(frame.buffer).setUint32(0, payload.byteLength);
	frame.set(payload, HEADER);
	return frame;
}

class MessageSocket implements WireSocket {
	readonly #socket: Socket;

	constructor(socket: Socket) {
		this.#socket = socket;
	}

	get bufferedBytes(): number {
		return this.#socket.bufferedBytes ?? 0;
	}

	writeFrames(frames: Uint8Array): number {
		const view = new DataView(frames.buffer, frames.byteOffset);
		for (let offset = 0; offset < frames.byteLength; ) {
			const start = offset + HEADER;
			offset = start + view.getUint32(offset);
			this.#socket.send?.(frames.slice(start, offset));
		}
		return this.bufferedBytes;
	}

	ping(): void {
		this.#socket.ping();
	}

	close(code: number, reason: string): void {
		this.#socket.close(code, reason);
	}

	terminate(): void {
		if (this.#socket.terminate) this.#socket.terminate();
		else this.#socket.close(TERMINATED, "");
	}
}

/** What a host that cannot end a socket without a handshake closes it with: an error of ours. */
const TERMINATED = 1011;
