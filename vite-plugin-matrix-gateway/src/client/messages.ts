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
import type { Retain } from "./retain.ts";

/** A point in the world, in its own units; `y` is up. */
export interface Position {
	readonly x: number;
	readonly y?: number;
	readonly z: number;
}

/** Who a message is about; senders use either spelling. */
export interface AboutAgent {
	readonly agentId?: string;
	readonly agent_id?: string;
}

/** What a scene object looks like. */
export interface SceneObject {
	readonly kind?: "box" | "sphere" | "cone" | "cylinder" | "gltf";
	/** Where a `gltf` is loaded from. */
	readonly url?: string;
	readonly position?: Position;
	/** A factor for all axes, or one for each. */
	readonly scale?: number | Required<Position>;
	/** Radians about the vertical. */
	readonly rotation?: number;
	readonly color?: string;
	/** How much it shines by itself, 0 to 1. */
	readonly glow?: number;
	readonly label?: string;
}

/** A task of an agent. */
export interface Task extends AboutAgent {
	readonly task_id: string;
	readonly title?: string;
	readonly status?: string;
	/** What was done to it. */
	readonly action?: string;
	readonly priority?: string;
}

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
export interface MatrixMessages {
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

	agent_state: AboutAgent & {
		readonly state: "idle" | "working" | "waiting" | "thinking" | "active";
		readonly current_task?: string;
		/** 0 to 1. */
		readonly glow_intensity?: number;
	};
	agent_move: AboutAgent & {
		readonly position: Position;
		/** Radians about the vertical. */
		readonly facing?: number;
		readonly speed?: number;
	};
	agent_behavior: AboutAgent & {
		readonly behavior:
			| "idle"
			| "wander"
			| "ponder"
			| "inspect"
			| "converse"
			| "place"
			| "return_home";
		/** Seconds. */
		readonly duration?: number;
	};
	bark: AboutAgent & {
		readonly text: string;
		readonly emotion?: "calm" | "excited" | "uncertain";
		readonly animation?: string;
	};
	agent_message: AboutAgent & { readonly text: string };
	scene_add: SceneObject & { readonly id: string };
	scene_update: SceneObject & { readonly id: string };
	scene_remove: { readonly id: string };
	scene_clear: object;
	scene_batch: { readonly messages: readonly MatrixMessage[] };
	zone_add: {
		readonly id: string;
		readonly position: Position;
		readonly radius?: number;
		readonly label?: string;
		readonly color?: string;
	};
	zone_remove: { readonly id: string };
	world_register: { readonly id: string; readonly name?: string };
	world_load: { readonly id: string };
	world_unregister: { readonly id: string };
	task_created: Task;
	task_update: Task;
	task_action: Task;
	payment_flow: {
		readonly from: string;
		readonly to: string;
		readonly amount: number;
		readonly unit?: string;
	};
	system_status: { readonly status: string; readonly text?: string };
	visitor_message: {
		readonly text: string;
		readonly name?: string;
		/** ISO 8601. */
		readonly timestamp?: string;
	};
	chat_message: AboutAgent & {
		readonly text: string;
		/** ISO 8601. */
		readonly timestamp?: string;
	};
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
export type MessageOf<T extends keyof MatrixMessages> = MatrixMessages[T] &
	Envelope & { readonly type: T };

/** A message on its way out. */
export interface OutgoingMessage extends Envelope {
	readonly type: string;
}

/**
 * What a message of type `M["type"]` has to have: the fields of a known type, nothing
 * more than `type` of another. Further fields are always welcome.
 */
export type Known<M extends OutgoingMessage> =
	M["type"] extends keyof MatrixMessages ? MatrixMessages[M["type"]] : unknown;

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
