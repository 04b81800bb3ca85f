import { removeExpired } from "./expire.ts";
import { type Message, readAgentId, readId } from "./values.ts";

/** Someone speaks to someone else. */
export interface Conversation {
	readonly from: string;
	readonly to: string;
	since: number;
	until: number;
}

/** How long one message is seen, in milliseconds. */
const SPOKEN_TIME = 6_000;

/** Pairs that are seen at a time; the oldest gives way. */
export const MAX_CONVERSATIONS = 24;

/** Questions that an answer is waited for. */
const MAX_ASKED = 64;

/** Who speaks to whom, as far as this page hears it. */
export interface Conversations {
	readonly all: readonly Conversation[];
	apply(message: Message, now: number): void;
	expire(now: number): void;
}

export function createConversations(): Conversations {
	const all: Conversation[] = [];
	// Whose each open question is, by its `reply_to`: an answer that everyone hears names no target.
	const asked = new Map<string, string>();

	function speak(from: string, to: string, now: number) {
		const known = all.find((each) => each.from === from && each.to === to);
		if (known) Object.assign(known, { since: now, until: now + SPOKEN_TIME });
		else all.push({ from, to, since: now, until: now + SPOKEN_TIME });
		if (all.length > MAX_CONVERSATIONS) all.shift();
	}

	return {
		all,
		apply(message, now) {
			if (message.type !== "agent_message") return;
			const from = readAgentId(message);
			if (from === undefined) return;
			const answered = asked.get(readId(message.in_reply_to) ?? "");
			const to = readId(message.target_id) ?? answered;
			if (to !== undefined && to !== from) speak(from, to, now);
			remember(asked, readId(message.reply_to), from);
		},
		expire: (now) => removeExpired(all, now),
	};
}

function remember(
	asked: Map<string, string>,
	question: string | undefined,
	who: string,
) {
	if (question === undefined) return;
	asked.set(question, who);
	const [oldest] = asked.keys();
	if (asked.size > MAX_ASKED && oldest !== undefined) asked.delete(oldest);
}
