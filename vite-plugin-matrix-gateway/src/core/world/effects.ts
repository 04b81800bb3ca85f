/** What a world tells the edge of one node. Effects are calls, in their order; ids of other nodes' connections mean nothing there. */
import type { Grant } from "../protocol/grant.ts";
import type { ErrorCode, Interest } from "../protocol/message-types.ts";
import type { CloseStatus } from "../protocol/protocol.ts";
import type { Refusal } from "../protocol/refusal.ts";
import type { ConnectionId, NodeId } from "./command.ts";
import type { WorldEvent } from "./events.ts";
import type { Agent } from "./peer.ts";
import type { RetainedMessages } from "./retained.ts";

export interface Effects {
	/**
	 * Writes a frame to all who receive, but for one, and for those whose filter it does not pass.
	 * @param messageType Absent of what the gateway itself says, which all are sent.
	 * @param from The agents of its sender.
	 */
	broadcast(
		frame: Uint8Array,
		except: ConnectionId | undefined,
		messageType: string | undefined,
		from: readonly Agent[],
	): void;
	/** Writes a frame to one. */
	direct(conn: ConnectionId, frame: Uint8Array): void;
	/** The same for all viewers [RT2]. */
	mirror(
		frame: Uint8Array,
		except: ConnectionId,
		messageType: string | undefined,
		from: readonly Agent[],
	): void;
	/** Answers a ping; in a session with how many messages came of it [RES5]. */
	pong(conn: ConnectionId, received: number | undefined): void;
	/** Answers a registration that was done; from here on the connection receives [REG2, RES3]. */
	live(conn: ConnectionId, welcome: Greeting | Resumption): void;
	/** Answers a message that was not done; without a frame it was one error too many [ERR2]. */
	refused(conn: ConnectionId, refused: Refused): void;
	/** The last agent of a connection unregistered [REG3]. */
	nameless(conn: ConnectionId): void;
	/** Closes a connection, with the closing handshake. */
	close(conn: ConnectionId, status: CloseStatus): void;
	/** Ends a connection at once [RES3]. */
	cut(conn: ConnectionId): void;
	/**
	 * What a token allows is another thing, for who has no agent too [AUTH5].
	 * @param here In this world; undefined where that is nothing.
	 * @param grant In whatever world.
	 */
	regranted(
		key: string,
		here: Grant | undefined,
		grant: Grant | undefined,
	): void;
	/**
	 * A connection is sent what it asked for from here on [SUB2]. Of one without an agent the world
	 * does not know what it is sent: it is told what it asks for.
	 */
	subscribed(
		conn: ConnectionId,
		subscribed: Subscribed | { readonly interest: Interest },
	): void;
	/** Another token of a connection has its place, or was refused there [AUTH6]. */
	renewed(conn: ConnectionId, isDone: boolean): void;
	/** A session waits for its client: time counts from here on [ORD6]. */
	waiting(): void;
	/** A node takes part from here on: nothing was told to anybody on it before. */
	began(node: NodeId): void;
	/** A node has told that it lives. */
	ticked(node: NodeId): void;
	/** All connections of a node have been told that it goes [SH1]. */
	drained(node: NodeId): void;
	/** A node takes part no more, or never did, though it has not said that it goes [ORD13]. */
	ended(node: NodeId, reason: EndReason): void;
	/** For the log; it never throws. */
	emit(event: WorldEvent): void;
}

/** What an agent's connection is answered that asked to be sent something else. */
export interface Subscribed {
	readonly answer: Uint8Array;
	/** What is retained and only now sent to it. */
	readonly retained: RetainedMessages | undefined;
}

/** Why a node is out of its world. */
export interface EndReason {
	/**
	 * - `fenced`: the others went on without it.
	 * - `lost`: what it has applied is not in the order any more.
	 * - `options`: its options are not those of the others.
	 */
	readonly code: "fenced" | "lost" | "options";
	/** One sentence for an operator, without a secret. */
	readonly message: string;
}

/** An agent was registered. */
export interface Greeting {
	readonly agentId: string;
	readonly role: string;
	/** Everyone else, as JSON without brackets. */
	readonly roster: Uint8Array;
	/** The answer as the session counts it, where it does: without the session's token. */
	readonly ack: Uint8Array | undefined;
	/** What it is sent, where it asked for that; null for all. */
	readonly subscribe: Interest | null | undefined;
	/** Whether a resume failed, and this is a session anew [RES4]. */
	readonly isLost: boolean;
	readonly retained: RetainedMessages | undefined;
}

/** A session goes on. */
export interface Resumption {
	readonly agentId: string;
	readonly role: string;
	/** Messages that came from its client. */
	readonly received: number;
	/** What its client has not got. */
	readonly missed: readonly Uint8Array[];
	/** As in a greeting. */
	readonly subscribe: Interest | null | undefined;
	readonly retained: RetainedMessages | undefined;
}

/** A message that was not done. */
export interface Refused {
	readonly frame: Uint8Array | undefined;
	/** Whether it was a registration. */
	readonly wasJoin: boolean;
	/** Why, as its answer says. */
	readonly code: ErrorCode;
	/** What was refused, where its client waits for an answer to each [SUB2]. */
	readonly of: Refusal["of"];
}
