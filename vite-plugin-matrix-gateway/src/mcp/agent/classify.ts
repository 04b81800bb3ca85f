/** What becomes of a message for an LLM: kept word for word, or condensed to the last of its kind. */
import type { MatrixMessage } from "../../client/messages.ts";

export type Kind =
	/** A bark, or what is said to the agent itself: each word counts. */
	| { readonly is: "word" }
	/** Only the last one under a key matters. */
	| { readonly is: "latest"; readonly key: string }
	/** Whatever else clients agree on. */
	| { readonly is: "other" };

/** Undefined for what is not told: the gateway's own conversation with the client, and that this agent came. */
export function classify(
	message: MatrixMessage,
	agentId: string,
): Kind | undefined {
	const { type } = message;
	if (OWN.has(type) || type.startsWith("gateway_")) return undefined;
	if (PRESENCE.has(type))
		return nameOf(message) === agentId
			? undefined
			: { is: "latest", key: `is ${nameOf(message)}` };
	if (SPOKEN.has(type) || message.target_id === agentId) return { is: "word" };
	if (OF_AGENT.has(type))
		return { is: "latest", key: `${type} ${nameOf(message)}` };
	const thing = THINGS.find((prefix) => type.startsWith(prefix));
	if (thing)
		return { is: "latest", key: thing + textOf(message.id).slice(0, MAX_NAME) };
	return { is: "other" };
}

/** Who a message says it is about, in either spelling; "" for what is no name. */
export function nameOf({ agentId, agent_id }: MatrixMessage): string {
	const name = textOf(agentId) || textOf(agent_id);
	return name.length <= MAX_NAME ? name : "";
}

/** Characters of the longest name that an agent can have, and of an object's id. */
const MAX_NAME = 128;

export function textOf(value: unknown): string {
	return typeof value === "string" ? value : "";
}

const OWN: ReadonlySet<string> = new Set(["agent_registered", "pong"]);
const PRESENCE: ReadonlySet<string> = new Set(["agent_joined", "agent_left"]);
const SPOKEN: ReadonlySet<string> = new Set([
	"bark",
	"agent_message",
	"chat_message",
	"visitor_message",
]);
const OF_AGENT: ReadonlySet<string> = new Set([
	"agent_move",
	"agent_state",
	"agent_behavior",
]);
const THINGS = ["scene_", "zone_", "world_"] as const;
