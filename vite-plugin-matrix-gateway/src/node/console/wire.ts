/** What the gateway tells the console's page, which is built from this as well: both are of one version. */
import type { InspectedState } from "../../core/edge/inspect.ts";
import type { GatewayMeters } from "../../core/edge/meters.ts";
import type { GatewayStatus } from "../../core/edge/status.ts";
import type { TappedKind } from "../../core/edge/tap.ts";
import type { AgentInfo } from "../../core/protocol/message-types.ts";
import type { RetainRule } from "../../core/protocol/retain-table.ts";

/** What `now` answers. */
export interface Report
	extends Pick<
		GatewayStatus,
		"status" | "order" | "node" | "uptime" | "totals"
	> {
	/** Milliseconds since 1970. */
	readonly at: number;
	readonly version: string;
	readonly world: string;
	readonly worlds: readonly string[];
	/** Those that share the world, where several do. */
	readonly nodes?: readonly string[];
	readonly rights: Rights;
	readonly figures: Figures;
	/** Upgrades and streams that were refused, by their status. */
	readonly refused: Counts;
	readonly rows: readonly RawRow[];
}

/** What whoever looks may do. */
export interface Rights {
	readonly name?: string;
	readonly overhear: boolean;
	readonly revoke: boolean;
	readonly drain: boolean;
	/** Whether the world is kept in a folder. */
	readonly isKept: boolean;
}

export interface Figures
	extends ProcessReading,
		Pick<
			GatewayMeters,
			| "received"
			| "deliveries"
			| "connections"
			| "agents"
			| "routed"
			| "bufferedBytes"
			| "retainedBytes"
			| "logBytes"
			| "sessionBytes"
		> {
	readonly flushes: { readonly count: number; readonly milliseconds: number };
	readonly errors: Counts;
	readonly closes: Counts;
	readonly resumes: Counts;
}

type Counts = Readonly<Record<string, number>>;

/** How the process fares. */
export interface ProcessReading {
	/** How late the event loop was, in milliseconds: at half of the looks, at 1 % of them, and at most. */
	readonly lag: {
		readonly p50: number;
		readonly p99: number;
		readonly max: number;
	};
	/** Milliseconds of CPU time that the process has taken in all. */
	readonly cpu: number;
	/** Bytes. */
	readonly memory: { readonly resident: number; readonly heap: number };
}

/** One connection. A list, not an object: of 5,000 it is a third of the bytes. */
export type RawRow = readonly [
	id: string,
	state: InspectedState,
	agents: readonly (readonly [agentId: string, role: string])[],
	name: string | null,
	node: string | null,
	since: number,
	last: number,
	received: number,
	receivedBytes: number,
	sent: number,
	sentBytes: number,
	buffered: number,
	windowLeft: number | null,
];

/** What `state` answers. */
export interface StateNow {
	readonly agents: readonly AgentInfo[];
	readonly retained: readonly Kept[];
	readonly retainTable: readonly (readonly [string, RetainRule])[];
}

/** A message that is retained, with its key and the agent whose it is, if it is one's. */
export interface Kept {
	readonly key: string;
	readonly agentId?: string | undefined;
	readonly text: string;
}

/** What a tap tells of: a frame, or an event that is none; in the order in which a batch numbers them. */
export const KINDS = [
	...(["broadcast", "directed", "refused"] as const),
	...(["presence", "answer", "event"] as const),
] as const satisfies readonly (TappedKind | "event")[];

export type Kind = (typeof KINDS)[number];

/**
 * What a batch of `tap` begins with: the length of its head and of what was heard, each in four bytes. Then comes all that
 * was heard, and then the head, as JSON.
 */
export const LENGTHS = 8;

/**
 * Before each frame, which is as it was made: eight numbers, each in four bytes. Milliseconds after the first, kind,
 * where in its frame the payload begins, how long the frame is, and the places of type, connection, agents and
 * target: those of the agents in `names`, of the others in `texts`; -1 is none.
 */
export const HEARD_BYTES = 32;

/** Where in those the length of the frame is. */
export const LENGTH_AT = 12;

/** What is told once in a batch. */
export interface BatchHead {
	/** When the first of them was heard. */
	readonly at: number;
	/** What the page was too slow for. */
	readonly dropped: number;
	/** What the token does not show. */
	readonly hidden: number;
	readonly texts: readonly string[];
	readonly names: readonly (readonly string[])[];
}
