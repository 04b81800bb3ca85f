import { type Message, readText } from "./values.ts";

/** Texts past this many are forgotten, the oldest first. */
export const MAX_RECEIVED = 5_000;

const TEXT_LIMIT = 280;

/** The texts of all chat messages that came, in their order: who counts them sees whether one is missing. */
export interface Received {
	readonly all: readonly string[];
	apply(message: Message): void;
	/** Goes on from what another page had. */
	restore(texts: readonly string[]): void;
}

export function createReceived(): Received {
	const all: string[] = [];

	function add(text: string) {
		all.push(text);
		if (all.length > MAX_RECEIVED) all.shift();
	}

	return {
		all,
		apply({ type, text }) {
			const words = readText(text, TEXT_LIMIT);
			if (type === "chat_message" && words !== undefined) add(words);
		},
		restore(texts) {
			for (const text of texts) add(text);
		},
	};
}
