/** Text to the few keys that the gateway reads: the only `JSON.parse` of inbound traffic. */
import { isAgentId, MAX_AGENT_ID_BYTES } from "./names.ts";
import type { ErrorCode } from "./protocol.ts";

/** The keys of a message, whose values nobody has looked at yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** A well-formed message. */
export interface Envelope {
	readonly type: string;
	/** The `target_id`, or undefined for a broadcast [RT1, RT2]. */
	readonly target: string | undefined;
	/** The whole message, for the keys that only some types have. */
	readonly message: Fields;
}

/** Why a message is not done; it goes back as a `gateway_error` [ERR1]. */
export interface Refusal {
	readonly code: ErrorCode;
	readonly message: string;
	readonly target_id?: string;
	readonly agentId?: string;
}

/** Reads a message's envelope, or says what is wrong with it [RT7]. */
export function parseEnvelope(text: string): Envelope | Refusal {
	const message = parseObject(text);
	if (!message) return badMessage("a message is one JSON object");
	const { type, target_id: target } = message;
	if (typeof type !== "string" || type === "")
		return badMessage("`type` is a string that is not empty");
	if (target === undefined || target === null)
		return { type, target: undefined, message };
	if (!isAgentId(target)) return badMessage(TARGET_RULE);
	return { type, target, message };
}

/** Tells a refusal from whatever was hoped for instead. */
export function isRefusal(value: object): value is Refusal {
	return "code" in value;
}

/** The refusal of what is not formed as the protocol says. */
export function badMessage(message: string): Refusal {
	return { code: "bad_message", message };
}

const TARGET_RULE = `\`target_id\` is absent, null, or an agentId: 1-${MAX_AGENT_ID_BYTES} UTF-8 bytes without control characters`;

function parseObject(text: string): Fields | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null && !Array.isArray(value)
			? (value as Fields)
			: undefined;
	} catch {
		return undefined;
	}
}
