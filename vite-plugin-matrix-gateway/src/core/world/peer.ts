/**
 * What the world knows of a connection that has agents, or that had them and may come back: the
 * agents, the session, and what waits for it. They point at each other, so they are in one place.
 */
import type { Grant } from "../protocol/grant.ts";
import type { Audience } from "./audience.ts";
import type { ConnectionId, NodeId, Seen } from "./command.ts";

export interface Peer {
	/** Its connection, or the one that it had last. */
	conn: ConnectionId;
	node: NodeId;
	/**
	 * - `online`: it has a connection.
	 * - `detached`: its session waits for its client.
	 * - `over`: its connection is to end, and nothing that still comes from it counts.
	 */
	state: "online" | "detached" | "over";
	/**
	 * An array that is replaced, not a Map: most have one agent, for which a Map takes 184 bytes
	 * instead of 56. There are 64 at most to look through [REG1].
	 */
	agents: readonly Agent[];
	/** Where it asked to be able to resume [RES1]. */
	session: Session | undefined;
	/** Of its connection, once that is gone, or as its node has told last. */
	seen: Seen | undefined;
	/** What its token is known by, where its grant has a key [AUTH5]. */
	key: string | undefined;
	/** When its grant ends, in milliseconds since 1970, where it does and that has not come about [AUTH4]. */
	expires: number | undefined;
	/** What it is sent of what is routed, and its session counts [SUB1]. See `joinAudience`. */
	audience: Audience;
}

/** An agent: a registered name on a peer. */
export interface Agent {
	readonly agentId: string;
	readonly role: string;
	/** Its place in a roster, as JSON; kept, since a storm of N takeovers asks for N rosters. */
	readonly json: Uint8Array;
	readonly peer: Peer;
	/** When it registered, in milliseconds since 1970. */
	readonly connectedAt: number;
}

/** A connection's claim to go on after a drop, with all its agents. */
export interface Session {
	readonly id: string;
	/** Of the token that resumes it, which no world knows. */
	readonly digest: string;
	/** Of the token that its client wanted to resume with, and may show again if the ack is lost [RES4]. */
	readonly replaces: string | undefined;
	readonly peer: Peer;
	/** Messages that came from it, which a resume's ack tells its client [RES3]. */
	received: number;
	/** The place from which frames can be given again, in which audience that is, and how many came before. */
	since: number;
	base: Audience;
	before: number;
	readonly exceptions: Exception[];
	/** Frames of its own less broadcasts that left it out, among the exceptions. */
	balance: number;
	/** What the exceptions cost to keep. */
	bytes: number;
	/**
	 * After a restart, until its client is back: the frames that it can have got. What it has got
	 * beyond was told by a process whose memory is lost, and is not what bears these numbers now [ORD17].
	 */
	bound: number | undefined;
	/** The same, while nobody knows whether something is lost. */
	doubt: Doubt | undefined;
	/** Lets the log go. */
	readonly release: () => void;
}

/** A node began and found others, of which none has spoken since: they may be gone, and some of the order. */
export interface Doubt {
	/** The frames that its client can have got, if so. */
	readonly most: number;
	/** Which of all beginnings that was. */
	readonly beginning: number;
}

/**
 * At a place of the session's audience: a frame for this session alone; another audience, from
 * there on; or neither, which leaves broadcasts out.
 */
export interface Exception {
	readonly at: number;
	readonly frame: Uint8Array | undefined;
	/** How many are left out from there on; one where it is absent. */
	readonly count?: number | undefined;
	readonly receipt?: Receipt | undefined;
	readonly turn?: Turn | undefined;
}

/** What a session counts from there on: another audience's broadcasts, from one of its places on. */
export interface Turn {
	readonly audience: Audience;
	readonly start: number;
}

/** Who asked for a receipt, and by which name. */
export interface Receipt {
	readonly id: string;
	readonly target: string;
	/** The connection that it goes to, where its sender has no session. */
	readonly conn: ConnectionId;
	/** Its sender's session, whose connection may be another by the time of the answer. */
	readonly session: Session | undefined;
}

/** A peer without agents, on a connection. */
export function createPeer(
	conn: ConnectionId,
	node: NodeId,
	audience: Audience,
): Peer {
	return {
		conn,
		node,
		state: "online",
		agents: NO_AGENTS,
		session: undefined,
		seen: undefined,
		key: undefined,
		expires: undefined,
		audience,
	};
}

/** A peer lives by that grant from here on. */
export function liveBy(
	peer: Peer,
	{ key, expires }: Pick<Peer, "key" | "expires"> | Grant,
): void {
	peer.key = key;
	peer.expires = expires;
}

export const NO_AGENTS: readonly Agent[] = [];

/** What they are called. */
export function namesOf(agents: readonly Agent[]): readonly string[] {
	return agents.map(({ agentId }) => agentId);
}

/** An agent's place in a roster. */
export function agentJson(agentId: string, role: string): string {
	return JSON.stringify({ agentId, role });
}

/** The agent of that name on a peer. */
export function findAgent(
	{ agents }: Peer,
	agentId: string,
): Agent | undefined {
	return agents.find((agent) => agent.agentId === agentId);
}

/** Puts an agent on its peer, in place of one of its name. */
export function addAgent(agent: Agent): void {
	const { peer, agentId } = agent;
	const before = peer.agents;
	// Not a spread: that one makes room for 17, 152 bytes.
	peer.agents = findAgent(peer, agentId)
		? before.map((other) => (other.agentId === agentId ? agent : other))
		: before.concat(agent);
}

/** Takes an agent off a peer. */
export function removeAgent(peer: Peer, agentId: string): void {
	const left = peer.agents.filter((agent) => agent.agentId !== agentId);
	peer.agents = left.length > 0 ? left : NO_AGENTS;
}

/** Takes all agents off a peer. */
export function removeAgents(peer: Peer): void {
	peer.agents = NO_AGENTS;
}
