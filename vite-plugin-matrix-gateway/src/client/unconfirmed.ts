import type { Clock } from "./clock.ts";
import type { OutgoingMessage } from "./messages.ts";

/** A message, and its text as it goes out. */
export interface Entry {
	readonly message: OutgoingMessage;
	readonly text: string;
}

/** What was sent in a session and is not confirmed: it may have to be sent again. */
export interface Unconfirmed {
	/** Whether something has to be confirmed before more may be sent. */
	readonly isFull: boolean;
	/** How many messages of the session are confirmed. */
	readonly confirmed: number;
	/** How many of the entries are known to have arrived, by an answer or a receipt [CL3]. */
	readonly known: number;
	readonly entries: readonly Entry[];
	add(entry: Entry): void;
	/** Whether the gateway can have received the first `count` messages of the session. */
	mayHave(count: number | undefined): boolean;
	/** It says that it has; an impossible count is ignored [RES5]. */
	confirm(count: number | undefined): void;
	/** An answer or a receipt has come that names a message [CL3]. */
	answered(name: string): void;
	/** Starts over at a count. Returns what was still unconfirmed. */
	restart(count: number, kept?: KeptEntries): readonly Entry[];
	/** Stops asking, until something is added or confirmed. */
	rest(): void;
}

/** What another page has kept of them. */
export interface KeptEntries {
	readonly entries: readonly Entry[];
	readonly known: number;
}

/** The most that is unconfirmed at a time; characters are roughly bytes. */
const LIMIT = { entries: 10_000, characters: 2 * 1024 * 1024 };

/** Milliseconds after which the client asks whether a message has arrived. */
const CONFIRM_AFTER = 5_000;

/**
 * Calls `ask` for a confirmation some time after a message was sent, and at once where half of
 * the room is taken: the other half lets messages go on until the answer is there. After an answer
 * that confirms nothing it waits, since the next answer would come as quickly and say the same.
 */
export function createUnconfirmed(ask: () => void, clock: Clock): Unconfirmed {
	let entries: Entry[] = [];
	let characters = 0;
	let confirmed = 0;
	let known = 0;
	let endTimer: (() => void) | undefined;
	let isAsked = false;

	function reaches(share: number): boolean {
		return (
			entries.length >= LIMIT.entries * share ||
			characters >= LIMIT.characters * share
		);
	}

	function plan(mayBeNow: boolean): void {
		if (entries.length === 0 || isAsked) return;
		if (mayBeNow && reaches(1 / 2)) askNow();
		else endTimer ??= clock.setTimer(askNow, CONFIRM_AFTER);
	}

	function askNow(): void {
		stopTimer();
		isAsked = true;
		ask();
	}

	function rest(): void {
		stopTimer();
		isAsked = false;
	}

	function mayHave(count = Number.NaN): boolean {
		return count >= confirmed && count <= confirmed + entries.length;
	}

	function stopTimer(): void {
		endTimer?.();
		endTimer = undefined;
	}

	return {
		get isFull() {
			return reaches(1);
		},
		get confirmed() {
			return confirmed;
		},
		get known() {
			return known;
		},
		get entries() {
			return entries;
		},
		add(entry) {
			entries.push(entry);
			characters += entry.text.length;
			plan(true);
		},
		mayHave,
		confirm(count) {
			const gone = mayHave(count)
				? entries.splice(0, Number(count) - confirmed)
				: [];
			characters -= countCharacters(gone);
			known = Math.max(0, known - gone.length);
			confirmed += gone.length;
			rest();
			plan(gone.length > 0);
		},
		answered(name) {
			// The first of that name: those after it may not have arrived yet.
			const index = entries.findIndex(
				({ message }) => message.receipt === name || message.reply_to === name,
			);
			known = Math.max(known, index + 1);
		},
		restart(count, kept = NOTHING) {
			const old = entries;
			entries = [...kept.entries];
			known = kept.known;
			characters = countCharacters(entries);
			confirmed = count;
			rest();
			return old;
		},
		rest,
	};
}

const NOTHING: KeptEntries = { entries: [], known: 0 };

function countCharacters(entries: readonly Entry[]): number {
	return entries.reduce((sum, { text }) => sum + text.length, 0);
}
