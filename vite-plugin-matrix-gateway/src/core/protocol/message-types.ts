/** The shapes of the messages between a client and the gateway itself; `protocol.ts` exports them. */

/** The `code` of a `gateway_error` [ERR1]. */
export type ErrorCode =
	| "bad_message"
	| "not_text"
	| "reserved_type"
	| "target_offline"
	| "forbidden"
	| "retain_full"
	| "rate_limited"
	| "try_again"
	| "too_many_agents"
	| "unauthorized";

/** Why an agent left [PR2]. */
export type LeftReason =
	| "closed"
	| "unregistered"
	| "replaced"
	| "heartbeat"
	| "too_slow"
	| "expired"
	| "revoked";

/** An agent as others see it [REG2]. */
export interface AgentInfo {
	readonly agentId: string;
	readonly role: string;
}

/**
 * What of all that is routed a connection is sent: what both lists have. Presence, messages that are
 * directed to it and what the gateway itself says come in any case. In a list a `*` at the end of a
 * text stands for anything.
 */
export interface Interest {
	/** The only types. Absent: all. */
	readonly types?: readonly string[];
	/** Only what connections send that have registered one of these names. Absent: what anybody sends. */
	readonly from?: readonly string[];
}

/** Client to gateway: puts an agent on this connection [REG1]. */
export interface AgentRegister {
	readonly type: "agent_register";
	readonly agentId: string;
	/** @default "agent" */
	readonly role?: string;
	/** `true` asks for a session [RES1]; an object goes on with one [RES3]. */
	readonly resume?: boolean | ResumeSession;
	/**
	 * What the connection is to be sent of what is routed; null for all [SUB1].
	 * @default what it is sent already: all, where it asked for nothing else
	 */
	readonly subscribe?: Interest | null;
}

/** What `agent_register` carries to go on with a session [RES3]. */
export interface ResumeSession {
	/** As the ack gave it. A secret. */
	readonly session: string;
	/** Messages that the client has got since that ack [RES2]. */
	readonly received: number;
	/**
	 * Whether to send the retained messages too, as a reloaded page needs.
	 * @default false
	 */
	readonly retained?: boolean;
}

/** Client to gateway: takes an agent off this connection [REG3]. */
export interface AgentUnregister {
	readonly type: "agent_unregister";
	readonly agentId: string;
}

/** Client to gateway: asks to be sent something else of what is routed from here on [SUB2]. */
export interface AgentSubscribe {
	readonly type: "agent_subscribe";
	/** Null for all. */
	readonly subscribe: Interest | null;
}

/** Gateway to client: the answer, in its place: what comes after it is what was asked for [SUB2]. */
export interface AgentSubscribed {
	readonly type: "agent_subscribed";
	/** What the connection is sent from here on; null for all. */
	readonly subscribe: Interest | null;
}

/** Client to gateway: shows another token, before the one that it has ends [AUTH6]. */
export interface AuthRefresh {
	readonly type: "auth_refresh";
	/** A secret. */
	readonly token: string;
}

/** Gateway to client: the token of an `auth_refresh` is the connection's from here on [AUTH6]. */
export interface GatewayAuth {
	readonly type: "gateway_auth";
	/** Seconds that its grant lasts from now on; absent where it has no end. */
	readonly expires?: number;
}

/** Gateway to client: the answer to `agent_register` [REG2]. */
export interface AgentRegistered extends AgentInfo {
	readonly type: "agent_registered";
	readonly connectionId: string;
	/** Everyone else who is registered. Absent where a session was resumed [RES3]. */
	readonly agents?: readonly AgentInfo[];
	/** Where a session was asked for: what to resume it with [RES1]. A secret. */
	readonly session?: string;
	/** Seconds that the gateway keeps the session after a drop. */
	readonly resumeWindow?: number;
	/** The answer to a resume: whether nothing was lost [RES3, RES4]. */
	readonly resumed?: boolean;
	/** Where it was resumed: messages that the gateway has got of this client [RES2]. */
	readonly received?: number;
	/** Where the registration had it: what the connection is sent; null for all [SUB1]. */
	readonly subscribe?: Interest | null;
	/** Seconds between two judgements of who still answers [HB2]; 0 where there are none. */
	readonly heartbeat: number;
	/** Bytes that one message may have. */
	readonly maxPayload: number;
	/** Seconds that the token's grant lasts from now on; absent where it has no end [AUTH4]. */
	readonly expires?: number;
}

/** Gateway to client: what a viewer gets first [REG4]. */
export interface GatewayHello {
	readonly type: "gateway_hello";
	readonly protocol: number;
	readonly connectionId: string;
	readonly agents: readonly AgentInfo[];
	readonly heartbeat: number;
	readonly maxPayload: number;
	/** As in `AgentRegistered`. */
	readonly expires?: number;
}

/** Gateway to all: an agent came [PR1]. */
export interface AgentJoined extends AgentInfo {
	readonly type: "agent_joined";
}

/** Gateway to all: an agent went [PR2]. */
export interface AgentLeft extends AgentInfo {
	readonly type: "agent_left";
	readonly reason: LeftReason;
}

/** Gateway to one: a message of theirs was not done as asked [ERR1]. */
export interface GatewayError {
	readonly type: "gateway_error";
	readonly code: ErrorCode;
	readonly message: string;
	readonly target_id?: string;
	readonly agentId?: string;
	/** Of a directed message that asked for a receipt, which does not come then [RCPT1]. */
	readonly receipt?: string;
	/** Only with `rate_limited`: seconds after which it would have been done [ERR5, REG7]. */
	readonly retryAfter?: number;
	/** Only where it is an `agent_subscribe` that was refused. */
	readonly of?: AgentSubscribe["type"];
}

/** Gateway to one: another connection took this name [REG5]. */
export interface GatewayReplaced {
	readonly type: "gateway_replaced";
	readonly agentId: string;
}

/** Gateway to all: what comes before a shutdown's close [SH1]. */
export interface GatewayShutdown {
	readonly type: "gateway_shutdown";
	readonly reason: "shutdown" | "restart";
	/** Seconds over which to spread the return. */
	readonly reconnectAfter: number;
}

/** What became of a directed message that asked for a receipt [RCPT1, RCPT2]. */
export type ReceiptStatus = "delivered" | "offline" | "queued" | "dropped";

/** Gateway to one: a receipt that they asked for [RCPT1]. */
export interface GatewayReceipt {
	readonly type: "gateway_receipt";
	/** As the message's `receipt` said. */
	readonly id: string;
	readonly status: ReceiptStatus;
	readonly target_id: string;
}

/** Client to gateway: asks for a `pong`, since browser code sees no protocol pings [HB3]. */
export interface Ping {
	readonly type: "ping";
	/** In a session: messages that the client has got, which the gateway may let go of [RES5]. */
	readonly received?: number;
}

/** Gateway to client: the answer to `ping` [HB3]. */
export interface Pong {
	readonly type: "pong";
	/** In a session: messages that the gateway has got [RES5]. */
	readonly received?: number;
}

/** All that the gateway itself says. */
export type GatewayMessage =
	| AgentRegistered
	| AgentSubscribed
	| GatewayHello
	| AgentJoined
	| AgentLeft
	| GatewayError
	| GatewayReceipt
	| GatewayReplaced
	| GatewayShutdown
	| GatewayAuth
	| Pong;
