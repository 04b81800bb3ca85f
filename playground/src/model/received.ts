import { type Message, readText } from "./values.ts";

/** Texts past this many are forgotten, the oldest first. */
export const MAX_RECEIVED = 5_000;

const TEXT_LIMIT = 280;

/** The texts of the chat messages that came, in their order, to find out whether one is missing. */
export interface Received {
	readonly all: readonly string[];
	apply(message: Message): void;
}

export function createReceived(): Received {
	const all: string[] = [];
	return {
		all,
		apply({ type, text }) {
			const words = readText(text, TEXT_LIMIT);
			if (type !== "chat_message" || words === undefined) return;
			all.push(words);
			if (all.length > MAX_RECEIVED) all.shift();
		},
	};
}
