/** One socket's life in this process. */
import type { Grant } from "../protocol/grant.ts";
import type { Interest } from "../protocol/message-types.ts";
import type { ConnectionId } from "../world/command.ts";
import type { RetainedMessages } from "../world/retained.ts";
import type { ErrorBudget } from "./error-budget.ts";
import type { WireSocket } from "./framing.ts";
import type { Group } from "./group.ts";
import type { IntakeAccount } from "./intake.ts";
import type { RecentBytes } from "./recent-bytes.ts";
import { type Member, NO_PLACE } from "./slice.ts";
import type { Bucket } from "./token-bucket.ts";

/**
 * Where a connection stands in its life.
 *
 * - `new`: nothing is sent to it; it may yet register or become a viewer [REG2, REG4].
 * - `live`: it receives.
 * - `closing`: the gateway has sent its close frame; nothing counts any more.
 * - `closed`: the socket is gone.
 */
export type Phase =
	| NewPhase
	| { readonly state: "live" }
	| { readonly state: "closing"; readonly stopTimer: () => void }
	| { readonly state: "closed" };

export interface NewPhase extends Cut {
	readonly state: "new";
	/** Lets the log go. */
	readonly release: () => void;
	/** Whether it is to be a viewer, once this node takes part. */
	isViewer?: boolean;
}

/** A place in the order, as its group counts, with the roster and the retained messages of there [REG6]. */
export interface Cut {
	readonly since: number;
	readonly roster: Uint8Array;
	readonly retained: RetainedMessages;
}

/** A registration that is on its way through the order. */
export interface PendingJoin {
	/** Whether its answer is to hold the session's token. */
	readonly wantsToken: boolean;
	/** The token of the session that it begins, if it begins one. */
	readonly fresh: string | undefined;
	/** The token that it wants to resume with. */
	readonly claimed: string | undefined;
}

/** What one connection gets besides, or instead of, what waits for its slice. */
export interface OwnFrames {
	/** How many of the slice's frames it has been written, or were there before it took part. */
	from: number;
	/** Whether there is a frame for it alone, which is written ahead of its slice. */
	isUrgent: boolean;
	readonly items: OwnItem[];
	/** Frames that are there besides the items: a snapshot is many in one. */
	extra: number;
}

/** At a place in the slice's frames: a frame that goes before it, or none, which leaves that one out. */
export interface OwnItem {
	readonly at: number;
	readonly frame: Uint8Array | undefined;
}

/** The phases that hold nothing of their own are one object each, for all connections. */
export const LIVE: Phase = { state: "live" };
export const CLOSED: Phase = { state: "closed" };

/** The seat of a connection that has none. */
export const NO_SEAT = -1;

/** A socket's life in the gateway. While it receives broadcasts it is in a slice of its group. */
export interface Connection
	extends IntakeAccount,
		RecentBytes,
		Member<Connection> {
	readonly id: ConnectionId;
	readonly socket: WireSocket;
	/** What its token allows. */
	grant: Grant;
	/** Judges another token for it; absent where its host knows of none [AUTH6]. */
	readonly refresh: Refresh | undefined;
	phase: Phase;
	/** Stops the registration deadline, where one runs [REG4]. */
	stopDeadline: (() => void) | undefined;
	/** Registrations that are on their way through the order, oldest first. */
	pending: PendingJoin[] | undefined;
	/** Whether the deadline passed while there were some. */
	isOverdue: boolean;
	/** Whether it ever asked to be registered: only then may the world know it. */
	hasJoined: boolean;
	/** What its session is resumed with, where it has one [RES1]. A secret. */
	token: string | undefined;
	/** Whether it gave a sign of life since the last ping [HB2]. */
	alive: boolean;
	/** Where the heartbeat has it. */
	seat: number;
	/** What it is sent of what is broadcast, with all who are sent the same. */
	group: Group;
	/** What its client asks to be sent; undefined for all [SUB1]. */
	interest: Interest | undefined;
	/** The same, of the last message that asked and may be on its way through the order. */
	asked: Interest | undefined;
	/** When its socket opened. */
	readonly openedAt: number;
	/** Messages and bytes that came from it, and when the last did. */
	received: number;
	receivedBytes: number;
	lastMessageAt: number;
	/** Frames and bytes that were written to it. */
	sent: number;
	written: number;
	/** `written` at the end of its snapshot, or of a stall; the unsent part raises its bound [SLOW1]. */
	snapshotEnd: number;
	/** What it gets besides, or instead of, what waits for its slice; mostly nothing. */
	own: OwnFrames | undefined;
	/** Made when it first errs [ERR2]. */
	errors: ErrorBudget | undefined;
	/** Made when it first registers [REG7]. */
	registrations: Bucket | undefined;
	/** Made when it first asks to be sent something else [SUB4]. */
	subscriptions: Bucket | undefined;
	/** Made when it first shows another token [AUTH6]. */
	renewal: Renewal | undefined;
}

/**
 * Says what another token allows, or null for nothing. Rejects where that cannot be told; it may
 * take its time.
 */
export type Refresh = (token: string) => Promise<Grant | null>;

/** What came of the tokens that a connection has shown since it opened. */
export interface Renewal {
	readonly rate: Bucket;
	/** Whether one is being judged, or on its way through the order. */
	isUnderWay: boolean;
	/** What it allows, once that is known. */
	grant: Grant | undefined;
}

/** A connection whose socket has just opened. */
export function createConnection(
	id: ConnectionId,
	socket: WireSocket,
	grant: Grant,
	group: Group,
	phase: Phase,
	now: number,
	refresh?: Refresh,
): Connection {
	return {
		// First what each write asks for, side by side: of 1,000 receivers each line of the processor's
		// cache that it has to fetch is seen.
		socket,
		group,
		slice: undefined,
		place: NO_PLACE,
		sent: 0,
		written: 0,
		own: undefined,
		id,
		grant,
		refresh,
		phase,
		stopDeadline: undefined,
		pending: undefined,
		isOverdue: false,
		hasJoined: false,
		token: undefined,
		alive: true,
		seat: NO_SEAT,
		interest: undefined,
		asked: undefined,
		openedAt: now,
		received: 0,
		receivedBytes: 0,
		lastMessageAt: now,
		messageDebt: 0,
		byteDebt: 0,
		recentWindow: 0,
		recentBytes: 0,
		earlierBytes: 0,
		snapshotEnd: 0,
		errors: undefined,
		registrations: undefined,
		subscriptions: undefined,
		renewal: undefined,
	};
}

/** Ends the wait for a registration, where one runs [REG4]. */
export function stopDeadline(connection: Connection): void {
	connection.stopDeadline?.();
	connection.stopDeadline = undefined;
}

/** Bytes of what was written to it that do not wait any more. */
export function drainedBytes({ written, socket }: Connection): number {
	return written - socket.bufferedBytes;
}

/** Whether it still takes part: neither closing nor closed. */
export function isOpen(connection: Connection): boolean {
	return connection.phase.state === "new" || connection.phase.state === "live";
}
