import type { MatrixMessage, OutgoingMessage } from "./messages.ts";

/** The fields that a reply needs of the message that it answers. */
export interface Answerable {
	readonly reply_to?: unknown;
	readonly agentId?: unknown;
	readonly agent_id?: unknown;
}

/**
 * The reply to a message: addressed to its sender, with the message's `reply_to`. Undefined where
 * the message lacks either, since any peer can send such a message.
 */
export function toReply<M extends OutgoingMessage>(
	{ reply_to, agentId, agent_id }: Answerable | MatrixMessage,
	body: M,
):
	| (M & { readonly target_id: string; readonly in_reply_to: string })
	| undefined {
	const target = agentId ?? agent_id;
	if (typeof reply_to !== "string" || typeof target !== "string" || !target)
		return undefined;
	return { ...body, target_id: target, in_reply_to: reply_to };
}

/** The message with its sender, to whom the reply goes. */
export function withSender(
	message: OutgoingMessage & Answerable,
	agentId: string | undefined,
): OutgoingMessage & Answerable {
	if (message.agentId ?? message.agent_id) return message;
	if (agentId === undefined)
		throw new TypeError("A viewer cannot make requests: it has no agentId.");
	return { ...message, agentId };
}
