import type { OutgoingMessage } from "./messages.ts";

/** Why a message was given up. */
export type DropReason = "overflow" | "too_large" | "refused" | "disposed";

/** Puts a text on the connection; false where that does not take any more. */
export type Write = (text: string) => boolean;

/** Everything that the client's user sends goes through here, in order. */
export interface Outbox {
	/** Sends a message or keeps it for later. False: it was given up. */
	send(message: OutgoingMessage): boolean;
	/** Takes back a message that has not gone out yet. */
	withdraw(message: OutgoingMessage): void;
	/** A connection is there, until its `write` is false: what waits goes out first. */
	attach(write: Write, maxPayload: number): void;
	/** No connection will ever come: gives up what waits and what is still to be sent. */
	close(reason: "refused" | "disposed"): void;
}

interface Entry {
	readonly message: OutgoingMessage;
	readonly text: string;
}

/** A queue of at most `limit` messages in front of a connection that comes and goes. */
export function createOutbox(
	limit: number,
	onDropped: (message: OutgoingMessage, reason: DropReason) => void,
): Outbox {
	let waiting: Entry[] = [];
	let write: Write | undefined;
	let maxPayload = Number.POSITIVE_INFINITY;
	let closed: DropReason | undefined;

	/** Sends or keeps it; tells why it did neither. */
	function take(entry: Entry): DropReason | undefined {
		if (closed) return closed;
		if (isLarger(entry.text, maxPayload)) return "too_large";
		if (write?.(entry.text)) return undefined;
		if (waiting.length >= limit) return "overflow";
		waiting.push(entry);
		return undefined;
	}

	function flush(): void {
		while (waiting[0] && write?.(waiting[0].text)) waiting.shift();
	}

	return {
		send(message) {
			const reason = take({ message, text: JSON.stringify(message) });
			if (reason) onDropped(message, reason);
			return !reason;
		},
		withdraw(message) {
			waiting = waiting.filter((entry) => entry.message !== message);
		},
		attach(newWrite, newMaxPayload) {
			write = newWrite;
			maxPayload = newMaxPayload;
			const tooLarge = waiting.filter(({ text }) => isLarger(text, maxPayload));
			waiting = waiting.filter((entry) => !tooLarge.includes(entry));
			flush();
			for (const { message } of tooLarge) onDropped(message, "too_large");
		},
		close(reason) {
			closed ??= reason;
			for (const { message } of waiting.splice(0)) onDropped(message, reason);
		},
	};
}

/** Whether a text has more bytes than that; a frame that has ends the connection for good (1009). */
function isLarger(text: string, bytes: number): boolean {
	// No UTF-16 unit takes more than three bytes of UTF-8: most texts need no counting.
	return (
		text.length * 3 > bytes && new TextEncoder().encode(text).length > bytes
	);
}
