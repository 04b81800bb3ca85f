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

/**
 * What a host's socket is for the edge: itself, or one in front of it that fills in what it has not,
 * and takes frames apart where it takes messages.
 * @throws TypeError where it cannot take what its host makes.
 */
export function toWireSocket(
	{ encode }: Pick<Host, "encode">,
	socket: Socket,
): WireSocket {
	if (encode && socket.writeFrames)
		return isComplete(socket) ? socket : new FrameSocket(socket);
	if (!encode && socket.send) return new MessageSocket(socket);
	throw new TypeError(
		encode
			? "The host has `encode`, so its sockets have to have `writeFrames`."
			: "The host has no `encode`, so its sockets have to have `send`.",
	);
}

function isComplete(socket: Socket): socket is WireSocket {
	return socket.terminate !== undefined && socket.bufferedBytes !== undefined;
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

/** A socket with all that the edge asks, in front of one that may have less. */
abstract class Front implements WireSocket {
	protected readonly socket: Socket;

	constructor(socket: Socket) {
		this.socket = socket;
	}

	abstract writeFrames(frames: Uint8Array): number;

	get bufferedBytes(): number {
		return this.socket.bufferedBytes ?? 0;
	}

	get takenBytes(): number | undefined {
		return this.socket.takenBytes;
	}

	ping(): void {
		this.socket.ping();
	}

	close(code: number, reason: string): void {
		this.socket.close(code, reason);
	}

	terminate(): void {
		if (this.socket.terminate) this.socket.terminate();
		else this.socket.close(TERMINATED, "");
	}
}

class FrameSocket extends Front {
	get compresses(): boolean {
		return this.socket.compresses ?? false;
	}

	writeFrames(frames: Uint8Array): number {
		this.socket.writeFrames?.(frames);
		return this.bufferedBytes;
	}
}

class MessageSocket extends Front {
	writeFrames(frames: Uint8Array): number {
		const view = new DataView(frames.buffer, frames.byteOffset);
		for (let offset = 0; offset < frames.byteLength; ) {
			const start = offset + HEADER;
			offset = start + view.getUint32(offset);
			// A copy: all receivers share the frames, and a host may do as it likes with a message.
			this.socket.send?.(frames.slice(start, offset));
		}
		return this.bufferedBytes;
	}
}

/** What a host that cannot end a socket without a handshake closes it with: an error of ours. */
const TERMINATED = 1011;
