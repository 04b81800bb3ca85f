/**
 * What can be asked of a world. A command is plain data: all that its effect depends on, besides
 * the state that it meets, was decided before and is carried in it [ORD2].
 */
import type { Grant } from "../protocol/grant.ts";
import type { Interest } from "../protocol/message-types.ts";
import type { LeftReason } from "../protocol/protocol.ts";
import type { NodeCounts } from "./node-counts.ts";
import type { WorldOptions } from "./options.ts";

/** A connection, on whatever node. */
export type ConnectionId = string;

/** One process that takes part in a world. A process that comes back has another id [ORD5]. */
export type NodeId = string;

/** What one message or event asks for. */
export type Command =
	| Publish
	| Send
	| Refuse
	| Join
	| Leave
	| Detach
	| Subscribe
	| Ping
	| Renew
	| Regrant
	| Revoke
	| Disconnect
	| Tick
	| Up
	| Drain
	| Down
	| Gone
	| Epoch;

/** The commands of one flush of one node. It counts if its number is that node's next [ORD5]. */
export interface Entry {
	readonly node: NodeId;
	readonly sequence: number;
	readonly commands: readonly Command[];
}

/** What its sender has to be, for a message to be routed. Absent in what was written before it was asked. */
export interface SenderRule {
	/** Whether it has to be an agent's connection. */
	readonly needsAgent?: boolean | undefined;
	/** Names of which each has to be one of its own agents [RT8]. */
	readonly speaksFor?: readonly string[] | undefined;
}

/** What is read of a message that is to be routed. */
export interface Routed extends SenderRule {
	/** Its `type`, for those who are not sent all. Absent in what was written before there were any. */
	readonly messageType?: string | undefined;
}

/** A message to all [RT1]. */
export interface Publish extends Routed {
	readonly type: "publish";
	readonly conn: ConnectionId;
	readonly frame: Uint8Array;
	/** Whether its sender gets it too. */
	readonly echo: boolean;
	/** What is to be retained, where the message or the host's table says so. */
	readonly retain: RetainRequest | undefined;
	/** Whether its sender may be told of an error [ERR2]; so in the commands below. */
	readonly answer: boolean;
}

/** What a message asks to be done with a key [RET]. */
export interface RetainRequest {
	readonly action: "set" | "append" | "clear" | "clear-all";
	readonly key: string;
	readonly scope: "world" | "agent";
	/** The agent that the message names, which is the key's owner if it is the sender's. */
	readonly named: string | undefined;
	/** Whether the message itself asks, and so is told where that cannot be. */
	readonly isExplicit: boolean;
}

/** A message to one agent [RT2]. */
export interface Send extends Routed {
	readonly type: "send";
	readonly conn: ConnectionId;
	readonly target: string;
	readonly frame: Uint8Array;
	/** The receipt's id, where one is asked for [RCPT1]. */
	readonly receipt: string | undefined;
	/** Whether browsers get a copy. */
	readonly isMirrored: boolean;
	readonly answer: boolean;
}

/** A message that was not done, with its answer where it may be answered [ERR1, ERR2]. */
export interface Refuse {
	readonly type: "refuse";
	readonly conn: ConnectionId;
	readonly frame: Uint8Array | undefined;
	/** Whether a session counts the message [RES2]. */
	readonly isCounted: boolean;
	/** Whether it was one error too many, which closes the connection [ERR2]. */
	readonly isLast: boolean;
}

/** An agent registers, with a session or none, or to go on with one [REG, RES]. */
export interface Join {
	readonly type: "join";
	readonly conn: ConnectionId;
	readonly agentId: string;
	readonly role: string;
	readonly grant: Grant;
	/** Milliseconds since 1970. */
	readonly at: number;
	/** Whether nothing was sent to the connection yet, so that it needs what is retained. */
	readonly isNewcomer: boolean;
	/** The session that it gets, where it asked for one and has none. */
	readonly session: NewSession | undefined;
	/** The session that it wants to go on with. */
	readonly resume: ResumeClaim | undefined;
	readonly answer: boolean;
	/** What it wants to be sent; without a list all, and absent where that stays what it is [SUB1]. */
	readonly subscribe?: Interest | undefined;
	/** What its connection was sent without an agent; absent for all. */
	readonly interest?: Interest | undefined;
	/** Agents that its connection may have; absent in what is older: the default. */
	readonly maxAgents?: number | undefined;
}

/** What a session begins with. */
export interface NewSession {
	readonly id: string;
	/** Of the token that resumes it. */
	readonly digest: string;
}

/** What a client shows to go on with a session [RES3]. */
export interface ResumeClaim extends NewSession {
	/** Messages that it has got. */
	readonly received: number;
	/** Whether it wants what is retained as well. */
	readonly retained: boolean;
	/**
	 * The connection that had the session when the claim was made, as its node knew it (see
	 * `holderOf`); null for none. Absent in what was written before there was any.
	 */
	readonly from?: ConnectionId | null;
}

/** An agent unregisters [REG3]. */
export interface Leave {
	readonly type: "leave";
	readonly conn: ConnectionId;
	readonly agentId: string;
	readonly answer: boolean;
}

/** A connection that registered an agent has ended. */
export interface Detach {
	readonly type: "detach";
	readonly conn: ConnectionId;
	readonly code: number;
	readonly reason: LeftReason;
	readonly seen: Seen;
}

/** What a connection had done when it was last seen, for the status [HTTP1]. */
export interface Seen {
	readonly received: number;
	readonly sent: number;
	/** Milliseconds since 1970. */
	readonly lastMessageAt: number;
	/** Absent in what is older. */
	readonly receivedBytes?: number;
}

/** A client asks to be sent something else of what is routed [SUB2]. */
export interface Subscribe {
	readonly type: "subscribe";
	readonly conn: ConnectionId;
	/** Without a list for all. */
	readonly interest: Interest;
	readonly answer: boolean;
}

/** A client asks for a `pong` [HB3]. */
export interface Ping {
	readonly type: "ping";
	readonly conn: ConnectionId;
	/** Messages of its session that it has got [RES5]. */
	readonly received: number | undefined;
}

/** A connection has shown another token, which was judged [AUTH6]. */
export interface Renew {
	readonly type: "renew";
	readonly conn: ConnectionId;
	/** As in a `Join`. */
	readonly grant: Grant;
	readonly answer: boolean;
}

/** What a token allows is another thing from here on, for all that lives by it [AUTH5]. */
export interface Regrant {
	readonly type: "regrant";
	readonly key: string;
	/** With all that it allows; undefined where that is nothing. */
	readonly grant: Grant | undefined;
	/** Whether it is for this world [WLD4]. */
	readonly isForWorld: boolean;
}

/** A token is good for nothing any more [AUTH5]. */
export interface Revoke {
	readonly type: "revoke";
	readonly key: string;
}

/** An operator ends a connection: the one that has an agent, or the one of that id. */
export interface Disconnect {
	readonly type: "disconnect";
	readonly conn: ConnectionId | undefined;
	readonly agentId: string | undefined;
}

/** So many milliseconds have passed; only the first member's count [ORD6]. */
export interface Tick {
	readonly type: "tick";
	readonly ms: number;
	/**
	 * Milliseconds since 1970, by which grants end [AUTH4]. Absent in what was written before they
	 * did.
	 */
	readonly at?: number | undefined;
	/** Where several nodes share the world: how this one is [HTTP1]. Such a tick is its sign of life [ORD14]. */
	readonly report?: NodeReport | undefined;
}

/** How a node is. */
export interface NodeReport extends NodeCounts {
	/** Connections of its agents, as they were last seen: some of them in each report. */
	readonly seen: readonly (readonly [ConnectionId, Seen])[];
}

/** A node takes part from here on, if its options are those of the others who do. */
export interface Up {
	readonly type: "up";
	readonly options?: WorldOptions | undefined;
	/** Nodes that have ended without a word, for which it stands in; their connections are over. */
	readonly replaces?: Replaced | undefined;
}

/** Which nodes: by name, or all that there were. */
export type Replaced = readonly NodeId[] | "all";

/** A node tells its connections that it goes [SH1]. */
export interface Drain {
	readonly type: "drain";
	readonly frame: Uint8Array;
	/** Whether nobody goes on for it: then its sessions end with it. */
	readonly isFinal: boolean;
}

/** A node has closed its connections and takes part no more. */
export interface Down {
	readonly type: "down";
}

/** Another node has vanished: its connections have ended. Void where it has spoken since [ORD14]. */
export interface Gone {
	readonly type: "gone";
	readonly node: NodeId;
	/** The number of the last entry of that node that was seen by whom misses it. */
	readonly seen: number;
}

/**
 * History was cut here: what came after this place before is lost, and what comes now is other than
 * what some clients were told [ORD17].
 */
export interface Epoch {
	readonly type: "epoch";
	/** Which of all that were; the same on all nodes. */
	readonly number: number;
}
