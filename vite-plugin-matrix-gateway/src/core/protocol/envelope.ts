/** A message's bytes to the few keys that the gateway reads: the only `JSON.parse` of inbound traffic. */
import { isTooDeep, MAX_DEPTH } from "./depth.ts";
import { isAgentId, MAX_AGENT_ID_BYTES, nameForm } from "./names.ts";
import { badMessage, type Refusal, withReceipt } from "./refusal.ts";

/** The keys of a message, whose values nobody has looked at yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** The agent that a message names. `agent_id` is an alias, since half of today's senders write it [REG1]. */
export function agentIdOf(fields: Fields): unknown {
	return fields.agentId ?? fields.agent_id;
}

/** A well-formed message. */
export interface Envelope {
	readonly type: string;
	/** The `target_id`, or undefined for a broadcast [RT1, RT2]. */
	readonly target: string | undefined;
	/** What it says of being retained, and what it asks to be told; unchecked. */
	readonly retain: unknown;
	readonly receipt: unknown;
	/**
	 * The whole message, for the keys that only some types have. To ask for it may parse it, once;
	 * it has to be asked for while the message is received, since its bytes are overwritten then.
	 */
	message(): Fields;
}

/**
 * What `JSON.parse` would find: `type`, a string that is not empty, and `target_id`, another or
 * absent.
 */
export interface FoundEnvelope {
	readonly type: string;
	readonly target: string | undefined;
}

/** What reading an envelope asks of a host. */
export interface EnvelopeReader {
	/**
	 * Finds a message's envelope without parsing all of it. It may be undefined for any message,
	 * which is parsed then; it has to be for what is not one valid JSON object with a `type`, or
	 * deeper than MAX_DEPTH, and where there is `retain` or `receipt` [RT7].
	 */
	readonly findEnvelope?:
		| ((payload: Uint8Array) => FoundEnvelope | undefined)
		| undefined;
	/** Reads UTF-8, which has been found valid; a BOM at its start stays. */
	fromUtf8(bytes: Uint8Array): string;
}

/**
 * Reads a message's envelope, or says what is wrong with it [RT7]. Nearly all messages are routed
 * by `type` and `target_id` alone; what the host does not find, and what more is asked of, is parsed.
 */
export function readEnvelope(
	reader: EnvelopeReader,
	payload: Uint8Array,
): Envelope | Refusal {
	const found = reader.findEnvelope?.(payload);
	if (!found) return parseEnvelope(reader.fromUtf8(payload));
	const { type, target } = found;
	if (target !== undefined && !isAgentId(target))
		return badMessage(TARGET_RULE);
	return new LazyEnvelope(reader, payload, type, target);
}

function parseEnvelope(text: string): Envelope | Refusal {
	const message = parseObject(text);
	if (!message) return badMessage("a message is one JSON object");
	const { type, target_id, retain, receipt } = message;
	if (isTooDeep(text)) return withReceipt(badMessage(DEPTH_RULE), receipt);
	if (typeof type !== "string" || type === "")
		return badMessage("`type` is a string that is not empty");
	const target = target_id ?? undefined;
	if (target !== undefined && !isAgentId(target))
		return withReceipt(badMessage(TARGET_RULE), receipt);
	return { type, target, retain, receipt, message: () => message };
}

/** An envelope whose message nobody has parsed yet. */
class LazyEnvelope implements Envelope {
	readonly retain = undefined;
	readonly receipt = undefined;
	readonly type: string;
	readonly target: string | undefined;
	readonly #reader: EnvelopeReader;
	readonly #payload: Uint8Array;
	#message: Fields | undefined;

	constructor(
		reader: EnvelopeReader,
		payload: Uint8Array,
		type: string,
		target: string | undefined,
	) {
		this.#reader = reader;
		this.#payload = payload;
		this.type = type;
		this.target = target;
	}

	message(): Fields {
		// A host that found an envelope has seen that it is an object.
		this.#message ??= parseObject(this.#reader.fromUtf8(this.#payload)) ?? {};
		return this.#message;
	}
}

const TARGET_RULE = `\`target_id\` is absent, null, or an agentId: ${nameForm(MAX_AGENT_ID_BYTES)}`;

const DEPTH_RULE = `objects and arrays lie in each other at most ${MAX_DEPTH} deep`;

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
