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
	readonly entries: readonly Entry[];
	add(entry: Entry): void;
	/** The gateway has the first `count` messages of the session [RES3, RES5]. */
	confirm(count: number): void;
	/** Starts over at a count. Returns what was still unconfirmed. */
	restart(count: number, entries?: readonly Entry[]): readonly Entry[];
	/** Asks no more, until something is added or confirmed. */
	rest(): void;
}

/** More than this is not out at once, characters roughly being bytes. */
const LIMIT = { entries: 10_000, characters: 2 * 1024 * 1024 };

/** How long a message is out before the client asks whether it has come, in milliseconds. */
const CONFIRM_AFTER = 5_000;

/**
 * Calls `ask` for a confirmation some time after a message went out, and at once where
 * half of the room is taken: the other half keeps the messages going until it is there.
 */
export function createUnconfirmed(ask: () => void): Unconfirmed {
	let entries: Entry[] = [];
	let characters = 0;
	let confirmed = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let isAsked = false;

	function reaches(share: number): boolean {
		return (
			entries.length >= LIMIT.entries * share ||
			characters >= LIMIT.characters * share
		);
	}

	function plan(): void {
		if (entries.length === 0 || isAsked) return;
		if (reaches(1 / 2)) askNow();
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
		get entries() {
			return entries;
		},
		add(entry) {
			entries.push(entry);
			characters += entry.text.length;
			plan();
		},
		confirm(count) {
			const gone = entries.splice(0, Math.max(0, count - confirmed));
			characters -= countCharacters(gone);
			confirmed = count;
			rest();
			plan();
		},
		restart(count, newEntries = []) {
			const old = entries;
			entries = [...newEntries];
			characters = countCharacters(entries);
			confirmed = count;
			rest();
			return old;
		},
		rest,
	};
}

function countCharacters(entries: readonly Entry[]): number {
	return entries.reduce((sum, { text }) => sum + text.length, 0);
}
