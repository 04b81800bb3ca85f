/**
 * What a client and the gateway say to each other. Words that later versions may add to are open
 * [RT10], and so is what a message has beside what it names.
 */
import * as v from "valibot";
import {
	agentInfo,
	count,
	flag,
	interest,
	message,
	number,
	optional,
	text,
} from "./values.ts";

const roster = v.pipe(v.array(agentInfo), v.description("Who is registered"));

const connection = {
	connectionId: text("The connection's id, as an operator sees it"),
	heartbeat: number(
		"Seconds after which a connection that gives no sign of life is pruned, twice as many at most; 0: never",
	),
	maxPayload: count("Bytes that one message may have"),
	expires: optional(
		number(
			"Seconds that the token's grant lasts from now on; absent where it has no end",
		),
	),
};

const subscribe = (meaning: string) =>
	v.pipe(v.nullable(interest), v.description(meaning));

export const agentRegister = message(
	"agent_register",
	"To the gateway: puts an agent on this connection",
	{
		agentId: text("1 to 128 bytes of UTF-8, without control characters"),
		role: optional(v.nullable(text("What it is; without it agent"))),
		resume: optional(
			v.pipe(
				v.union([
					v.null(),
					v.boolean(),
					v.looseObject({
						session: text("As agent_registered gave it. A secret"),
						received: count("Messages got since agent_registered"),
						retained: optional(
							flag("Whether to send the retained messages too"),
						),
					}),
				]),
				v.description("true asks for a session, an object goes on with one"),
			),
		),
		subscribe: optional(
			subscribe(
				"What to be sent of what is routed; null for all; absent: what it is sent already",
			),
		),
	},
);

export const agentUnregister = message(
	"agent_unregister",
	"To the gateway: takes an agent off this connection",
	{ agentId: text("The agent's name") },
);

export const agentSubscribe = message(
	"agent_subscribe",
	"To the gateway: what to be sent of what is routed, from here on",
	{ subscribe: subscribe("null for all") },
);

export const authRefresh = message(
	"auth_refresh",
	"To the gateway: another token, before the one that it has ends",
	{ token: text("A secret") },
);

export const ping = message("ping", "To the gateway: asks for a pong", {
	received: optional(count("In a session: messages that the client has got")),
});

export const agentRegistered = message(
	"agent_registered",
	"From the gateway: the answer to agent_register",
	{
		...agentInfo.entries,
		...connection,
		agents: optional(roster),
		session: optional(text("What to resume the session with. A secret")),
		resumeWindow: optional(
			number("Seconds that the session is kept after a drop"),
		),
		resumed: optional(flag("Whether nothing was lost")),
		received: optional(
			count("Where it was resumed: messages that the gateway has got"),
		),
		subscribe: optional(
			subscribe("Where it was asked for: what is sent; null for all"),
		),
	},
);

export const agentSubscribed = message(
	"agent_subscribed",
	"From the gateway: what comes after this is what was asked for",
	{ subscribe: subscribe("What is sent from here on; null for all") },
);

export const gatewayHello = message(
	"gateway_hello",
	"From the gateway: what a viewer gets first",
	{
		protocol: count("The version of the protocol"),
		...connection,
		agents: roster,
	},
);

export const gatewayAuth = message(
	"gateway_auth",
	"From the gateway: the token of an auth_refresh is taken",
	{ expires: connection.expires },
);

export const agentJoined = message(
	"agent_joined",
	"From the gateway: an agent came",
	agentInfo.entries,
);

export const agentLeft = message(
	"agent_left",
	"From the gateway: an agent went",
	{
		...agentInfo.entries,
		reason: text(
			"Why: closed, unregistered, replaced, heartbeat, too_slow, expired or revoked",
		),
	},
);

export const gatewayError = message(
	"gateway_error",
	"From the gateway: a message was not done as asked",
	{
		code: text("For programs, such as bad_message or target_offline"),
		message: text("For people"),
		target_id: optional(text("Who was not there")),
		agentId: optional(text("Which registration was refused")),
		receipt: optional(text("The receipt that does not come")),
		of: optional(text("agent_subscribe, where that was refused")),
		retryAfter: optional(
			number("Seconds after which the message would have been done"),
		),
	},
);

export const gatewayReceipt = message(
	"gateway_receipt",
	"From the gateway: what became of a directed message that asked for it",
	{
		id: text("As the message's receipt said"),
		status: text("delivered, offline, queued or dropped"),
		target_id: text("Whom the message was for"),
	},
);

export const gatewayReplaced = message(
	"gateway_replaced",
	"From the gateway: another connection took this name",
	{ agentId: text("The agent's name") },
);

export const gatewayShutdown = message(
	"gateway_shutdown",
	"From the gateway: it is about to close all connections",
	{
		reason: text("shutdown or restart"),
		reconnectAfter: number("Seconds over which to spread the return"),
	},
);

export const pong = message("pong", "From the gateway: the answer to a ping", {
	received: optional(count("In a session: messages that the gateway has got")),
});
