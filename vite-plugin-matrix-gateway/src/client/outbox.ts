import type { Clock } from "./clock.ts";
import type { Connection } from "./connection.ts";
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

/** What sending needs of a connection; a `pong` tells what the gateway has received. */
export type SendingConnection = Pick<Connection, "send" | "ping">;

/** What the gateway's answer says about sending. */
export interface Terms {
	/** The most bytes of one message. */
	readonly maxPayload: number;
	/** Whether the gateway counts what it receives [RES2]. */
	readonly isCounting: boolean;
	/** Where a session is resumed: how many of its messages the gateway has received [RES3]. */
	readonly received?: number | undefined;
}

/** What is kept of an outbox across a reload: the messages' texts. */
export interface KeptOutbox {
	readonly confirmed: number;
	/** How many of `sent` are known to have arrived all the same [CL3]. */
	readonly known?: number | undefined;
	readonly sent: readonly string[];
	readonly waiting: readonly string[];
}

/** Everything that the client's user sends goes through here, in order. */
export interface Outbox {
	/** Sends a message, or keeps it until it can be sent. False: it was given up. */
	send(message: OutgoingMessage): boolean;
	/** Takes back a message that has not gone out yet. */
	withdraw(message: OutgoingMessage): void;
	/** There is a connection: what the gateway has not received is sent first. */
	connected(connection: SendingConnection, terms: Terms): void;
	/** It has ended. */
	disconnected(): void;
	/** Whether the gateway can have received so many messages of the session. */
	mayHave(count: number | undefined): boolean;
	/** The gateway says that it has so many; an impossible count is ignored [RES5]. */
	confirm(count: number | undefined): void;
	/** The message that was sent under that name has arrived, and so have those before it [CL3]. */
	answered(name: string): void;
	/** There will be no more connections: gives up what waits, and what is still to be sent. */
	close(reason: "refused" | "disposed"): void;
	save(): KeptOutbox;
	/** Replaces what is there by what the page before has kept. */
	restore(kept: KeptOutbox): void;
}

/** A queue of at most `limit` messages in front of a connection that comes and goes. */
export function createOutbox(
	limit: number,
	onDropped: (message: OutgoingMessage, reason: DropReason) => void,
	clock: Clock,
): Outbox {
	let waiting: Entry[] = [];
	let connection: SendingConnection | undefined;
	let maxPayload = Number.POSITIVE_INFINITY;
	let isCounting = false;
	let closed: DropReason | undefined;
	const unconfirmed = createUnconfirmed(() => connection?.ping(), clock);

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
		if (unconfirmed.isFull || !connection?.send(entry.text)) return false;
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

	/** Sends again what the gateway has not received, where that is known. Returns what may be lost. */
	function sendAgain(received: number | undefined): readonly Entry[] {
		if (received === undefined) return giveUp();
		const { confirmed } = unconfirmed;
		const sent = unconfirmed.restart(received);
		waiting = [...sent.slice(received - confirmed), ...waiting];
		return [];
	}

	/** Forgets what was sent; returns the messages that may not have arrived. */
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
		connected(newConnection, terms) {
			connection = newConnection;
			({ maxPayload, isCounting } = terms);
			const lost = sendAgain(terms.received);
			const tooLarge = waiting.filter(({ text }) => isLarger(text, maxPayload));
			waiting = waiting.filter((entry) => !tooLarge.includes(entry));
			flush();
			drop(lost, "unconfirmed");
			drop(tooLarge, "too_large");
		},
		disconnected() {
			connection = undefined;
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
			// On a connection that is closed with a handshake they arrive before the close frame.
			if (!connection) drop(sent, "unconfirmed");
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

/** From a text that is a message, which `createSessionKeeper` has checked. */
function toEntry(text: string): Entry {
	return { message: JSON.parse(text), text };
}

/** Whether a text has more bytes than that; the gateway closes the connection for such a message (1009). */
function isLarger(text: string, bytes: number): boolean {
	// No UTF-16 unit takes more than three bytes of UTF-8: most texts need no counting.
	return (
		text.length * 3 > bytes && new TextEncoder().encode(text).length > bytes
	);
}
