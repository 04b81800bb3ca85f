/**
 * Reads the fields of the gateway's messages, and trusts none of them: the other end may be broken,
 * old, or no gateway at all, and nothing that it sends may harm the client [CL4].
 */
import type { AgentInfo } from "../core/protocol/protocol.ts";
import type { MatrixMessage } from "./messages.ts";

/** The gateway's answer to the first message: the agent is registered, or the client is a viewer. */
export interface Answer {
	readonly connectionId: string | undefined;
	/** Milliseconds; 0 where there is no heartbeat. */
	readonly heartbeat: number;
	/** The most bytes of one message. */
	readonly maxPayload: number;
	/** Everyone who is present, the newly registered among them [REG2, REG4]. */
	readonly present: readonly AgentInfo[];
	readonly session: string | undefined;
	readonly resumed: boolean;
	/** How many of our messages the gateway has got, if the answer says so [RES3]. */
	readonly received: number | undefined;
	/** Milliseconds until the token's grant ends; undefined where that is not said. */
	readonly expires: number | undefined;
	/** What is sent, where the registration asked for it; undefined where the gateway does not say. */
	readonly subscribe: unknown;
}

/** Milliseconds. A heartbeat outside of the bounds is clamped; the default is for what is no number. */
const HEARTBEAT = { least: 1_000, most: 60_000, default: 30_000 };

/** Milliseconds. The longest time over which a gateway asks its clients to spread their return. */
const LONGEST_SPREAD = 60_000;

/** The most characters of a session's secret [RES1]. */
const LONGEST_SESSION = 256;

export function readAnswer(message: MatrixMessage): Answer {
	const { connectionId, heartbeat, maxPayload, session, resumed } = message;
	const { subscribe } = message;
	return {
		connectionId: typeof connectionId === "string" ? connectionId : undefined,
		heartbeat: toHeartbeat(heartbeat),
		maxPayload:
			isAmount(maxPayload) && maxPayload > 0
				? maxPayload
				: Number.POSITIVE_INFINITY,
		present: readPresent(message),
		session: isSession(session) ? session : undefined,
		resumed: resumed === true,
		received: readReceived(message),
		expires: readExpires(message),
		subscribe,
	};
}

/** The agents that an answer names. */
export function readPresent(message: MatrixMessage): readonly AgentInfo[] {
	const { type, agents } = message;
	const others = Array.isArray(agents) ? agents : [];
	const all = type === "agent_registered" ? [...others, message] : others;
	return all.filter(isAgent);
}

/** The count that an answer or a pong carries [RES3, RES5]. */
export function readReceived({ received }: MatrixMessage): number | undefined {
	return isCount(received) ? received : undefined;
}

/** Milliseconds until the token's grant ends; undefined where that is not said [AUTH4]. */
export function readExpires({ expires }: MatrixMessage): number | undefined {
	return isAmount(expires) ? expires * 1_000 : undefined;
}

/** Milliseconds over which to spread the return; undefined where that is not said [SH1]. */
export function readSpread(message: MatrixMessage): number | undefined {
	const { reconnectAfter } = message;
	return isAmount(reconnectAfter)
		? Math.min(reconnectAfter * 1_000, LONGEST_SPREAD)
		: undefined;
}

/** A text for people. Anything else is not converted: `String` throws on some objects from JSON. */
export function readText(value: unknown): string {
	return (typeof value === "string" && value) || "no reason given";
}

export function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && Number(value) >= 0;
}

export function isAgent(value: unknown): value is AgentInfo {
	const { agentId, role } = Object(value);
	return typeof agentId === "string" && typeof role === "string";
}

function toHeartbeat(seconds: unknown): number {
	if (seconds === 0) return 0;
	if (!isAmount(seconds)) return HEARTBEAT.default;
	const { least, most } = HEARTBEAT;
	return Math.min(Math.max(seconds * 1_000, least), most);
}

function isSession(value: unknown): value is string {
	return (
		typeof value === "string" &&
		value.length > 0 &&
		value.length <= LONGEST_SESSION
	);
}

function isAmount(value: unknown): value is number {
	return typeof value === "number" && value >= 0;
}
