import type { OutgoingMessage } from "./messages.ts";
import { isCounted } from "./session.ts";
import { createUnconfirmed, type Entry } from "./unconfirmed.ts";

/** Why a message was given up. */
export type DropReason =
	| "overflow"
	| "too_large"
	| "unconfirmed"
	| "refused"
	| "disposed";

/** A connection, as far as sending goes. */
export interface Wire {
	/** False where it does not take any more. */
	send(text: string): boolean;
	/** Asks for a `pong`, which tells what the gateway has got. */
	ping(): void;
}

/** What the gateway's answer says about sending. */
export interface Terms {
	/** Bytes that one message may have. */
	readonly maxPayload: number;
	/** Whether the gateway counts what it gets [RES2]. */
	readonly isCounting: boolean;
	/** Where a session goes on: how many of its messages the gateway has got [RES3]. */
	readonly received?: number | undefined;
}

/** What is kept of an outbox across a reload: the messages' texts. */
export interface KeptOutbox {
	readonly confirmed: number;
	/** How many of `sent` have come all the same [CL3]. */
	readonly known?: number | undefined;
	readonly sent: readonly string[];
	readonly waiting: readonly string[];
}

/** Everything that the client's user sends goes through here, in order. */
export interface Outbox {
	/** Sends a message or keeps it for later. False: it was given up. */
	send(message: OutgoingMessage): boolean;
	/** Takes back a message that has not gone out yet. */
	withdraw(message: OutgoingMessage): void;
	/** A connection is there: what the gateway has not got goes out first. */
	attach(wire: Wire, terms: Terms): void;
	/** It is gone. */
	detach(): void;
	/** Whether the gateway can have so many messages of the session. */
	mayHave(count: number | undefined): boolean;
	/** The gateway says that it has so many; what cannot be is ignored [RES5]. */
	confirm(count: number | undefined): void;
	/** What was sent under that name has come to the gateway, and what was sent before it [CL3]. */
	answered(name: string): void;
	/** No connection will ever come: gives up what is left and what is still to be sent. */
	close(reason: "refused" | "disposed"): void;
	save(): KeptOutbox;
	/** Replaces what is there by what the page before has left. */
	restore(kept: KeptOutbox): void;
}

/** A queue of at most `limit` messages in front of a connection that comes and goes. */
export function createOutbox(
	limit: number,
	onDropped: (message: OutgoingMessage, reason: DropReason) => void,
): Outbox {
	let waiting: Entry[] = [];
	let wire: Wire | undefined;
	let maxPayload = Number.POSITIVE_INFINITY;
	let isCounting = false;
	let closed: DropReason | undefined;
	const unconfirmed = createUnconfirmed(() => wire?.ping());

	/** Sends or keeps it; tells why it did neither. */
	function take(entry: Entry): DropReason | undefined {
		if (closed) return closed;
		if (isLarger(entry.text, maxPayload)) return "too_large";
		if (waiting.length === 0 && put(entry)) return undefined;
		if (waiting.length >= limit) return "overflow";
		waiting.push(entry);
		return undefined;
	}

	function put(entry: Entry): boolean {
		if (unconfirmed.isFull || !wire?.send(entry.text)) return false;
		if (isCounting && isCounted(entry.message.type)) unconfirmed.add(entry);
		return true;
	}

	function flush(): void {
		const rest = waiting.findIndex((entry) => !put(entry));
		waiting = rest < 0 ? [] : waiting.slice(rest);
	}

	function drop(entries: readonly Entry[], reason: DropReason): void {
		for (const { message } of entries) onDropped(message, reason);
	}

	/** What the gateway has not got goes out again where it is sure of that; else nobody can know. */
	function settle(received: number | undefined): readonly Entry[] {
		if (received === undefined) return giveUp();
		const { confirmed } = unconfirmed;
		const sent = unconfirmed.restart(received);
		waiting = [...sent.slice(received - confirmed), ...waiting];
		return [];
	}

	/** Lets go of what went out; returns that of which nothing was heard. */
	function giveUp(): readonly Entry[] {
		const { known } = unconfirmed;
		return unconfirmed.restart(0).slice(known);
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
		attach(newWire, terms) {
			wire = newWire;
			({ maxPayload, isCounting } = terms);
			const lost = settle(terms.received);
			const tooLarge = waiting.filter(({ text }) => isLarger(text, maxPayload));
			waiting = waiting.filter((entry) => !tooLarge.includes(entry));
			flush();
			drop(lost, "unconfirmed");
			drop(tooLarge, "too_large");
		},
		detach() {
			wire = undefined;
			unconfirmed.rest();
		},
		mayHave: unconfirmed.mayHave,
		confirm(count) {
			unconfirmed.confirm(count);
			flush();
		},
		answered: unconfirmed.answered,
		close(reason) {
			closed ??= reason;
			const sent = giveUp();
			// On a connection that is closed in good order they arrive ahead of the close.
			if (!wire) drop(sent, "unconfirmed");
			drop(waiting.splice(0), reason);
		},
		save: () => ({
			confirmed: unconfirmed.confirmed,
			known: unconfirmed.known,
			sent: unconfirmed.entries.map(({ text }) => text),
			waiting: waiting.map(({ text }) => text),
		}),
		restore(kept) {
			const entries = kept.sent.map(toEntry);
			const { confirmed, known = 0 } = kept;
			unconfirmed.restart(confirmed, { entries, known });
			waiting = kept.waiting.map(toEntry);
		},
	};
}

/** From a text that has been a message before, which `createSessionKeeper` sees to. */
function toEntry(text: string): Entry {
	return { message: JSON.parse(text), text };
}

/** Whether a text has more bytes than that; a frame that has ends the connection for good (1009). */
function isLarger(text: string, bytes: number): boolean {
	// No UTF-16 unit takes more than three bytes of UTF-8: most texts need no counting.
	return (
		text.length * 3 > bytes && new TextEncoder().encode(text).length > bytes
	);
}
