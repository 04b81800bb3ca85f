/** A socket that records what the gateway does with it. */
import type { WireSocket } from "../../../src/core/edge/framing.ts";
import type { CloseStatus } from "../../../src/core/protocol/protocol.ts";
import { fromFrames } from "./frame.ts";

export interface FakeSocket extends WireSocket {
	/** Bytes that the peer has yet to take; tests set it as they like. */
	bufferedBytes: number;
	/** Whether the peer reads. While it does not, what is written waits. */
	reads: boolean;
	/** Whether the peer answers a close frame. */
	answers: boolean;
	/** Every write, as it was given. */
	readonly writes: Uint8Array[];
	/** Protocol pings that were sent. */
	readonly pings: number;
	/** The close frame that was sent. */
	readonly closing: CloseStatus | undefined;
	readonly terminated: boolean;
	/** The payloads written since the last call. */
	takeTexts(): string[];
}

/** What a socket tells of its end; a real one never does so within `close` or `terminate`. */
export interface SocketEnd {
	defer(callback: () => void): void;
	closed(code: number): void;
}

export function createFakeSocket(
	end: SocketEnd,
	compresses = false,
): FakeSocket {
	const writes: Uint8Array[] = [];
	let taken = 0;
	let pings = 0;
	let closing: CloseStatus | undefined;
	let terminated = false;

	// No matter what a test is about: nothing may follow the close frame.
	function mustBeOpen(what: string): void {
		if (closing) throw new Error(`${what} after the close frame`);
		if (terminated) throw new Error(`${what} after the end`);
	}

	return {
		bufferedBytes: 0,
		compresses,
		reads: true,
		answers: true,
		writes,
		get pings() {
			return pings;
		},
		get closing() {
			return closing;
		},
		get terminated() {
			return terminated;
		},
		writeFrames(frames) {
			mustBeOpen("a write");
			writes.push(frames);
			if (!this.reads) this.bufferedBytes += frames.byteLength;
			return this.bufferedBytes;
		},
		ping() {
			mustBeOpen("a ping");
			pings++;
		},
		close(code, reason) {
			mustBeOpen("a close frame");
			closing = { code, reason };
			end.defer(() => {
				if (this.answers) end.closed(code);
			});
		},
		terminate() {
			terminated = true;
			end.defer(() => end.closed(closing?.code ?? 1006));
		},
		takeTexts() {
			const texts = writes
				.slice(taken)
				.flatMap((frames) => fromFrames(frames, compresses));
			taken = writes.length;
			return texts;
		},
	};
}
