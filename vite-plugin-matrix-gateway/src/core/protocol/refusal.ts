import type { AgentSubscribe, ErrorCode } from "./message-types.ts";
import { isReceiptId } from "./names.ts";

/** Why a message is not done as asked; it goes back as a `gateway_error` [ERR1]. */
export interface Refusal {
	readonly code: ErrorCode;
	readonly message: string;
	readonly target_id?: string;
	readonly agentId?: string;
	readonly receipt?: string;
	/** Seconds. */
	readonly retryAfter?: number;
	/** What was refused, where its client cannot tell that otherwise. */
	readonly of?: AgentSubscribe["type"];
}

/** Tells a refusal from whatever was hoped for instead. */
export function isRefusal(value: object): value is Refusal {
	return "code" in value;
}

/** The refusal of what is not formed as the protocol says. */
export function badMessage(message: string): Refusal {
	return { code: "bad_message", message };
}

/** Of an `agent_subscribe`, each of which its client waits to be answered [SUB2]. */
export function ofSubscribe(refusal: Refusal): Refusal {
	return { ...refusal, of: "agent_subscribe" };
}

/** The refusal of what a token does not allow, to the agent that asked for it. */
export function forbid(message: string, agentId: string): Refusal {
	return { code: "forbidden", message, agentId };
}

/** So that who waits for a receipt knows that none will come [RCPT1]. */
export function withReceipt(refusal: Refusal, receipt: unknown): Refusal {
	return isReceiptId(receipt) ? { ...refusal, receipt } : refusal;
}
