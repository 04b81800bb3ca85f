import {
	isBetweenMessages,
	missingBytes,
	type Receiver,
} from "../ws-receiver.ts";
import { PART, type Reader } from "./direct-read.ts";
import type { Scanner } from "./scanner.ts";
import {
	lengthOfOthers,
	readTextFrames,
	type TextReceiver,
} from "./text-frames.ts";

/** Who gets the messages, and what goes wrong in reading them. */
export interface FrameReceiver extends TextReceiver {
	failed(error: unknown): void;
}

/** Text frames of the common kind do not go through ws; all else does, in its order. */
export class TextFrameReader implements Reader {
	readonly #scanner: Scanner;
	readonly #receiver: Receiver;
	readonly #to: FrameReceiver;

	constructor(scanner: Scanner, receiver: Receiver, to: FrameReceiver) {
		this.#scanner = scanner;
		this.#receiver = receiver;
		this.#to = to;
	}

	read(start: number, end: number): number {
		const receiver = this.#receiver;
		if (!isBetweenMessages(receiver)) return start;
		const { _maxPayload: maxPayload } = receiver;
		const input = { start, end, maxPayload, most: PART };
		try {
			return readTextFrames(this.#scanner, input, this.#to);
		} catch (error) {
			// Nobody would catch it; and what follows may begin in the middle of a frame [ERR3].
			this.#to.failed(error);
			return end;
		}
	}

	// After a frame of another kind, or one that had to be waited for, they are read here again.
	lengthForStream(rest: Buffer): number {
		const receiver = this.#receiver;
		if (!receiver.writable) return rest.length;
		const missing = missingBytes(receiver);
		return missing > 0
			? Math.min(missing, rest.length)
			: lengthOfOthers(rest, receiver._fragmented !== 0);
	}
}
