/** The gateway's own messages as JSON text. */
import type { Refusal } from "./envelope.ts";
import type { GatewayMessage } from "./protocol.ts";
import { PROTOCOL_VERSION } from "./protocol.ts";

/** What both greetings tell. */
export interface Greeting {
	readonly connectionId: string;
	/** Milliseconds. */
	readonly heartbeatInterval: number;
	readonly maxPayload: number;
	/** The roster as JSON text: it may be long, and is not built twice. */
	readonly rosterJson: string;
}

/** `agent_registered` [REG2]. */
export function registered(
	agentId: string,
	role: string,
	greeting: Greeting,
): string {
	return withGreeting({ type: "agent_registered", agentId, role }, greeting);
}

/** `gateway_hello` [REG4]. */
export function hello(greeting: Greeting): string {
	return withGreeting(
		{ type: "gateway_hello", protocol: PROTOCOL_VERSION },
		greeting,
	);
}

/** Any other message of the gateway's. */
export function message(
	body: Exclude<
		GatewayMessage,
		{ type: "agent_registered" | "gateway_hello" | "gateway_error" }
	>,
): string {
	return JSON.stringify(body);
}

/** `gateway_error` [ERR1]. */
export function error(refusal: Refusal): string {
	return JSON.stringify({ type: "gateway_error", ...refusal });
}

function withGreeting(head: object, greeting: Greeting): string {
	const { connectionId, heartbeatInterval, maxPayload, rosterJson } = greeting;
	const heartbeat = heartbeatInterval / 1000;
	const rest = JSON.stringify({ ...head, connectionId, heartbeat, maxPayload });
	return `${rest.slice(0, -1)},"agents":${rosterJson}}`;
}
