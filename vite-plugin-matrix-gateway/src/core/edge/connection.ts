/** One socket's life, and the agents that speak through it. */

import type { Snapshot } from "../world/retained.ts";
import type { Session } from "../world/session-account.ts";
import type { ErrorBudget } from "./error-budget.ts";
import { NO_SEAT } from "./heartbeat.ts";
import type { Grant, Socket } from "./host.ts";
import type { OwnFrames } from "./outbox.ts";
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
	| {
			readonly state: "new";
			/** Where in the log it opened, with the roster and the retained messages of there [REG6]. */
			readonly since: number;
			readonly roster: Uint8Array;
			readonly retained: Snapshot;
			/** Lets the log go. */
			readonly release: () => void;
	  }
	| { readonly state: "live" }
	| { readonly state: "closing"; readonly stopTimer: () => void }
	| { readonly state: "closed" };

/** The phases that hold nothing of their own are one object each, for all connections. */
export const LIVE: Phase = { state: "live" };
export const CLOSED: Phase = { state: "closed" };

/** Stands for a socket that is gone, so that who waits for its client keeps nothing of it. */
export const NO_SOCKET: Socket = {
	bufferedBytes: 0,
	write: () => 0,
	ping() {},
	close() {},
	terminate() {},
};

/** An agent: a registered name on a connection. */
export interface Agent {
	readonly agentId: string;
	readonly role: string;
	/** Its place in a roster, as JSON; kept, since a storm of N takeovers asks for N rosters. */
	readonly json: Uint8Array;
	readonly connection: Connection;
	/** When it registered, in milliseconds since 1970. */
	readonly connectedAt: number;
}

/** A socket's life in the gateway. */
export interface Connection {
	readonly id: string;
	socket: Socket;
	readonly grant: Grant;
	/**
	 * An array that is replaced, not a Map: a viewer has none and most agents' connections one, for
	 * which a Map takes 184 bytes instead of 0 and 56. There are 64 at most to look through [REG1].
	 */
	agents: readonly Agent[];
	phase: Phase;
	/** Stops the registration deadline, where one runs [REG4]. */
	stopDeadline: (() => void) | undefined;
	/** Whether it gave a sign of life since the last ping [HB2]. */
	alive: boolean;
	/** Where the heartbeat has it. */
	seat: number;
	/** Messages that came from it, and when the last did. */
	received: number;
	lastMessageAt: number;
	/** Frames and bytes that were written to it. */
	sent: number;
	written: number;
	/** `written` at the end of its snapshot, or of a stall; the unsent part raises its bound [SLOW1]. */
	snapshotEnd: number;
	/** What it gets besides, or instead of, the shared batch; mostly nothing. */
	own: OwnFrames | undefined;
	/** Where it asked to be able to resume [RES1]. */
	session: Session | undefined;
	/** Made when it first errs [ERR2]. */
	errors: ErrorBudget | undefined;
	/** Made when it first registers [REG7]. */
	registrations: Bucket | undefined;
}

/** A connection whose socket has just opened. */
export function createConnection(
	id: string,
	socket: Socket,
	grant: Grant,
	phase: Phase,
	now: number,
): Connection {
	return {
		id,
		socket,
		grant,
		agents: NO_AGENTS,
		phase,
		stopDeadline: undefined,
		alive: true,
		seat: NO_SEAT,
		received: 0,
		lastMessageAt: now,
		sent: 0,
		written: 0,
		snapshotEnd: 0,
		own: undefined,
		session: undefined,
		errors: undefined,
		registrations: undefined,
	};
}

const NO_AGENTS: readonly Agent[] = [];

/** The agent of that name on a connection. */
export function findAgent(
	{ agents }: Connection,
	agentId: string,
): Agent | undefined {
	return agents.find((agent) => agent.agentId === agentId);
}

/** Puts an agent on its connection, in place of one of its name. */
export function addAgent(agent: Agent): void {
	const { connection, agentId } = agent;
	const before = connection.agents;
	// Not a spread: that one makes room for 17, 152 bytes.
	connection.agents = findAgent(connection, agentId)
		? before.map((other) => (other.agentId === agentId ? agent : other))
		: before.concat(agent);
}

/** Takes an agent off a connection. */
export function removeAgent(connection: Connection, agentId: string): void {
	const left = connection.agents.filter((agent) => agent.agentId !== agentId);
	connection.agents = left.length > 0 ? left : NO_AGENTS;
}

/** Takes all agents off a connection. */
export function removeAgents(connection: Connection): void {
	connection.agents = NO_AGENTS;
}

/** Ends the wait for a registration, where one runs [REG4]. */
export function stopDeadline(connection: Connection): void {
	connection.stopDeadline?.();
	connection.stopDeadline = undefined;
}

/** Whether it still takes part: neither closing nor closed. */
export function isOpen(connection: Connection): boolean {
	return connection.phase.state === "new" || connection.phase.state === "live";
}
