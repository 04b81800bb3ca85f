import type { OutgoingMessage } from "./messages.ts";

/** A message, and its text as it goes out. */
export interface Entry {
	readonly message: OutgoingMessage;
	readonly text: string;
}

/** What went out in a session, and may have to go out again, until the gateway has it. */
export interface Unconfirmed {
	/** Whether something has to be confirmed before more may go out. */
	readonly isFull: boolean;
	/** How many messages of the session are confirmed. */
	readonly confirmed: number;
	/** How many of the entries have come by what was heard of them [CL3]. */
	readonly known: number;
	readonly entries: readonly Entry[];
	add(entry: Entry): void;
	/** Whether the gateway can have the first `count` messages of the session. */
	mayHave(count: number | undefined): boolean;
	/** It says that it has; what cannot be is ignored [RES5]. */
	confirm(count: number | undefined): void;
	/** An answer or a receipt has come, by the name that its message asked for it with [CL3]. */
	answered(name: string): void;
	/** Starts over at a count. Returns what was still unconfirmed. */
	restart(count: number, kept?: KeptEntries): readonly Entry[];
	/** Asks no more, until something is added or confirmed. */
	rest(): void;
}

/** What another page has left of them. */
export interface KeptEntries {
	readonly entries: readonly Entry[];
	readonly known: number;
}

/** More than this is not out at once, characters roughly being bytes. */
const LIMIT = { entries: 10_000, characters: 2 * 1024 * 1024 };

/** How long a message is out before the client asks whether it has come, in milliseconds. */
const CONFIRM_AFTER = 5_000;

/**
 * Calls `ask` for a confirmation some time after a message went out, and at once where half
 * of the room is taken: the other half keeps the messages going until it is there. An answer
 * that confirms nothing is not followed by a question at once: that would be answered at once.
 */
export function createUnconfirmed(ask: () => void): Unconfirmed {
	let entries: Entry[] = [];
	let characters = 0;
	let confirmed = 0;
	let known = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;
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
		else timer ??= setTimeout(askNow, CONFIRM_AFTER);
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
		clearTimeout(timer);
		timer = undefined;
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
			// The first of that name: what comes after it may not have come yet.
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
