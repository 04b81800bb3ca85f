/** All that a world remembers. Only what applies a command changes it. */
import type { Part } from "../protocol/gateway-messages.ts";
import type { Audiences } from "./audiences.ts";
import type { BroadcastLog } from "./broadcast-log.ts";
import type { ConnectionId } from "./command.ts";
import type { Effects } from "./effects.ts";
import type { Members } from "./members.ts";
import type { WorldOptions } from "./options.ts";
import type { Peer } from "./peer.ts";
import type { Settlement } from "./receipts.ts";
import type { Registry } from "./registry.ts";
import type { Retained } from "./retained.ts";
import type { Revoked } from "./revoked.ts";
import type { Sessions } from "./sessions.ts";
import type { Timelines } from "./timelines.ts";

export type { WorldOptions };

/** Pure functions of a host: the same bytes for the same text, on every node. */
export interface Codec {
	encode(...parts: readonly Part[]): Uint8Array;
	toUtf8(text: string): Uint8Array;
}

/** What has been counted since the world began, which may be before this process. */
export interface Counts {
	/** Messages that were routed to all. */
	broadcast: number;
	/** Messages that were routed to one agent. */
	directed: number;
	/** Messages whose target was not there [RT3]. */
	undeliverable: number;
}

export interface WorldState {
	/** An object of its own, that all of it reads from: the first node of a world brings them. */
	readonly options: WorldOptions;
	readonly codec: Codec;
	/** Silent until this node takes part: what came before is of others, or is replayed. */
	effects: Effects;
	readonly members: Members;
	/** By connection. */
	readonly peers: Map<ConnectionId, Peer>;
	/** By name. */
	readonly registry: Registry;
	readonly log: BroadcastLog;
	/** Who is sent what of that. */
	readonly audiences: Audiences;
	/** Whose the places in that are. */
	readonly timelines: Timelines;
	readonly sessions: Sessions;
	readonly retained: Retained;
	/** By key. */
	readonly revoked: Revoked;
	counts: Counts;
	/** Receipts that came due in the middle of something else, and are sent after it. */
	readonly due: Settlement[];
	isSettling: boolean;
	/** Milliseconds that have passed in this world [ORD6]. */
	time: number;
}
