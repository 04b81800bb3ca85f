/**
 * The one place that chooses between Node's streams and what is faster below them: nothing else
 * imports from native/.
 */
import type { Duplex } from "node:stream";
import type { FoundEnvelope } from "../core/protocol/envelope.ts";
import { checkReading, readDirectly } from "./native/direct-read.ts";
import { checkWriting } from "./native/direct-write.ts";
import { takeScanner } from "./native/scanner.ts";
import { type TcpHandle, tcpHandleOf } from "./native/tcp-handle.ts";
import {
	type FrameReceiver,
	TextFrameReader,
} from "./native/text-frame-reader.ts";
import type { Receiver } from "./ws-receiver.ts";

export { type WriteTarget, writeDirectly } from "./native/direct-write.ts";
export type { TcpHandle };

/** Whether the gateway goes below Node's streams. */
export interface NativeIoOptions {
	/**
	 * `"auto"` reads and writes TCP sockets below Node's streams, by parts of Node that it does not
	 * document, and finds what it needs of a message in WebAssembly, as far as this Node, its limit
	 * of memory and each connection allow; what they do not is told once, as an event and in the
	 * status [HTTP1]. `"off"` leaves all of it to the streams and to ws, which is slower.
	 * @default "auto"
	 */
	readonly nativeIo?: "auto" | "off";
}

/** How far the gateway goes below Node's streams [HTTP1]. */
export interface NativeIoStatus {
	/** `limited`: part of it cannot be done here, or on some connections. */
	readonly state: "on" | "off" | "limited";
	/** What cannot be done, and why; empty unless the state is `limited`. */
	readonly reasons: readonly string[];
}

/** What a gateway does below streams. */
export interface NativeIo {
	readonly status: NativeIoStatus;
	/** Finds the envelope of a message that was read below its stream. */
	readonly findEnvelope:
		| ((payload: Uint8Array) => FoundEnvelope | undefined)
		| undefined;
	/** The handle that a stream's bytes are to be written to; undefined where the stream is. */
	handleFor(stream: Duplex): TcpHandle | undefined;
	/**
	 * Reads text frames below a stream, and leaves all others to it and to the receiver of its
	 * WebSocket. False where it cannot.
	 */
	read(
		stream: Duplex,
		receiver: Receiver | undefined,
		to: FrameReceiver,
	): boolean;
}

/**
 * Chooses for one gateway; the first that is to go below streams takes the scanner's memory.
 * @param tell Told each reason why something cannot be done, once.
 * @throws RangeError where the option is none.
 */
export function createNativeIo(
	options: NativeIoOptions,
	tell: (reason: string) => void = () => {},
): NativeIo {
	return wantsNativeIo(options) ? goBelow(tell) : OFF;
}

/**
 * Whether an option asks for it.
 * @throws RangeError where it is none.
 */
export function wantsNativeIo({ nativeIo = "auto" }: NativeIoOptions): boolean {
	if (nativeIo === "auto" || nativeIo === "off") return nativeIo === "auto";
	throw new RangeError(
		`nativeIo is "auto" or "off", but ${JSON.stringify(nativeIo)} was given`,
	);
}

const OFF: NativeIo = {
	status: { state: "off", reasons: [] },
	findEnvelope: undefined,
	handleFor: () => undefined,
	read: () => false,
};

const UNKNOWN_RECEIVER =
	"messages are read by Node's streams: the receiver of this version of ws is none that is known";

function goBelow(tell: (reason: string) => void): NativeIo {
	const reasons = new Set<string>();

	function limit(reason: string): undefined {
		if (reasons.has(reason)) return;
		reasons.add(reason);
		tell(reason);
	}

	function attempt<Result>(task: () => Result): Result | undefined {
		try {
			return task();
		} catch (error) {
			return limit((error as Error).message);
		}
	}

	const scanner = attempt(() => {
		checkReading();
		return takeScanner();
	});
	const canWrite = attempt(() => {
		checkWriting();
		return true;
	});

	return {
		get status(): NativeIoStatus {
			const state = reasons.size === 0 ? "on" : "limited";
			return { state, reasons: [...reasons] };
		},
		findEnvelope: scanner?.findEnvelope,
		handleFor(stream) {
			// One that has gone has no handle any more, and is not to be told of.
			if (!canWrite || stream.destroyed) return undefined;
			return attempt(() => tcpHandleOf(stream));
		},
		read(stream, receiver, to) {
			if (!scanner || stream.destroyed) return false;
			if (!receiver) return limit(UNKNOWN_RECEIVER) ?? false;
			const reader = new TextFrameReader(scanner, receiver, to);
			const done = attempt(() => {
				const handle = tcpHandleOf(stream);
				readDirectly(stream, handle, scanner.input, reader);
				return true;
			});
			return done ?? false;
		},
	};
}
