import type {
	AgentJoined,
	AgentLeft,
	AgentRegistered,
	AgentSubscribed,
	GatewayAuth,
	GatewayError,
	GatewayHello,
	GatewayReceipt,
	GatewayReplaced,
	GatewayShutdown,
	Pong,
} from "../core/protocol/protocol.ts";
import type {
	InputOf,
	OutputOf,
	StandardSchema,
} from "../messages/standard-schema.ts";
import type { WorldMessages } from "../messages/types.ts";
import type { Retain } from "./retain.ts";

/**
 * The types of message that are known, and their fields. Add your own by declaration
 * merging; `on` and `send` then know them too.
 *
 * These are promises of those who send, not checks: the gateway routes what it is
 * given, so look at a field before you trust it.
 *
 * @example
 * declare module "vite-plugin-matrix-gateway/client" {
 *   interface MatrixMessages {
 *     weather: { readonly sky: "clear" | "rain"; readonly celsius: number };
 *   }
 * }
 *
 * client.on("weather", ({ sky, celsius }) => console.log(sky, celsius));
 */
export interface MatrixMessages extends WorldMessages {
	agent_registered: AgentRegistered;
	/** What is sent from here on is what the client asked for [SUB2]. */
	agent_subscribed: AgentSubscribed;
	gateway_hello: GatewayHello;
	agent_joined: AgentJoined;
	agent_left: AgentLeft;
	gateway_error: GatewayError;
	gateway_receipt: GatewayReceipt;
	gateway_replaced: GatewayReplaced;
	gateway_shutdown: GatewayShutdown;
	/** Another token of the client's own was taken [AUTH6]. */
	gateway_auth: GatewayAuth;
	/** The answer to a `ping`, the client's own included, which it sends now and then. */
	pong: Pong;
}

/** Any message: a `type`, and whatever its sender put beside it. */
export interface MatrixMessage {
	readonly type: string;
	readonly [field: string]: unknown;
}

/** The fields that any message may carry beside its own. */
interface Envelope {
	/** The agent that it is for; without it, everyone. */
	readonly target_id?: string | null;
	/** What is kept of it for those who come later [RET]. */
	readonly retain?: Retain;
	/** Set by `request` and `deliver`: what the gateway's receipt names as its `id` [RCPT]. */
	readonly receipt?: string;
	/** Set by `request`: what the answer has to name in `in_reply_to`. */
	readonly reply_to?: string;
	/** Set by `reply`: the request that this answers. */
	readonly in_reply_to?: string;
}

/** A message of a known type as a listener gets it. */
export type MessageOf<
	T extends keyof Messages,
	Messages = MatrixMessages,
> = Messages[T] & Envelope & { readonly type: T };

/** A message on its way out. */
export interface OutgoingMessage extends Envelope {
	readonly type: string;
}

/**
 * What a message of type `M["type"]` has to have: the fields of a known type, nothing
 * more than `type` of another. Further fields are always welcome.
 */
export type Known<
	M extends OutgoingMessage,
	Messages = MatrixMessages,
> = M["type"] extends keyof Messages ? Messages[M["type"]] : unknown;

/** What listeners hear of a client with that schema, by type: of other types, what is promised. */
export type HeardBy<S extends StandardSchema> = Checked<OutputOf<S>>;

/** What may be said by it, by type. */
export type SaidBy<S extends StandardSchema> = Checked<InputOf<S>>;

type Checked<M> = ByType<M> & Omit<MatrixMessages, keyof ByType<M>>;

type ByType<M> = { [T in TypesOf<M>]: Extract<M, { readonly type: T }> };

/** The types that a union of messages names, without one that may be any text. */
type TypesOf<M> = M extends { readonly type: infer T extends string }
	? string extends T
		? never
		: T
	: never;

/** The message in a frame; undefined for what is none. */
export function parseMessage(data: unknown): MatrixMessage | undefined {
	if (typeof data !== "string") return undefined;
	try {
		const value: { readonly type?: unknown } | null = JSON.parse(data);
		const isMessage = typeof value?.type === "string";
		return isMessage ? (value as MatrixMessage) : undefined;
	} catch {
		return undefined;
	}
}
