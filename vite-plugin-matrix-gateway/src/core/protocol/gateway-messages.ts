/** The gateway's own messages as JSON. */

import type { Interest } from "./message-types.ts";
import type { ResolvedOptions } from "./options.ts";
import type { GatewayMessage } from "./protocol.ts";
import { PROTOCOL_VERSION } from "./protocol.ts";
import type { Refusal } from "./refusal.ts";

/** A part of a payload, in UTF-8 where it is bytes. */
export type Part = Uint8Array | string;

/** The options that a greeting tells. */
export type Limits = Pick<
	ResolvedOptions,
	"heartbeatInterval" | "maxPayload" | "resumeWindow"
>;

/** What every greeting tells. */
export interface Greeting {
	readonly connectionId: string;
	readonly options: Limits;
	/** The roster as JSON without brackets. */
	readonly roster: Uint8Array;
	/** What its connection is sent, where it asked for that; null for all [SUB1]. */
	readonly subscribe?: Interest | null | undefined;
	/** Seconds that the token's grant lasts, where it ends [AUTH4]. */
	readonly expires?: number | undefined;
}

/** A message to be encoded, with the roster as bytes, which are copied and not encoded anew. */
export type Parts = readonly Part[];

/** What an ack tells of the connection's session [RES1]. */
export interface SessionGreeting {
	/** The secret to resume it with, where it has one. */
	readonly session?: string;
	/** Whether this answers a resume that failed [RES4]. */
	readonly resumed?: false;
}

/** `agent_registered` [REG2], with a session where one was asked for [RES1]. */
export function registered(
	agentId: string,
	role: string,
	greeting: Greeting,
	session?: SessionGreeting,
): Parts {
	const window = session?.session && resumeWindow(greeting.options);
	const head = { type: "agent_registered", agentId, role };
	return withGreeting({ ...head, ...session, ...window }, greeting);
}

/** `agent_registered` for a session that goes on [RES3]. */
export function resumed(
	agentId: string,
	role: string,
	{
		options,
		...rest
	}: {
		readonly connectionId: string;
		readonly session: string;
		/** Messages that the gateway has got of it. */
		readonly received: number;
		/** As in a greeting. */
		readonly subscribe: Interest | null | undefined;
		readonly options: Limits;
		readonly expires: number | undefined;
	},
): string {
	const type = "agent_registered";
	return JSON.stringify({
		...{ type, agentId, role, resumed: true },
		...rest,
		...resumeWindow(options),
		...limits(options),
	});
}

/** `gateway_hello` [REG4]. */
export function hello(greeting: Greeting): Parts {
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

function withGreeting(head: object, greeting: Greeting): Parts {
	const { connectionId, options, roster, subscribe, expires } = greeting;
	const own = { connectionId, ...limits(options), subscribe, expires };
	const rest = JSON.stringify({ ...head, ...own });
	return [`${rest.slice(0, -1)},"agents":[`, roster, "]}"];
}

function limits({ heartbeatInterval, maxPayload }: Limits): object {
	return { heartbeat: heartbeatInterval / 1000, maxPayload };
}

function resumeWindow({ resumeWindow }: Limits): object {
	return { resumeWindow: resumeWindow / 1000 };
}
