/** All that a world remembers, cut between two commands, and put back [ORD9]. */
import type { LogSnapshot } from "./broadcast-log.ts";
import type { ConnectionId, NodeId, Seen } from "./command.ts";
import type { MembersSnapshot } from "./members.ts";
import { changeOptions, type WorldOptions, worldOptionsOf } from "./options.ts";
import {
	type Agent,
	addAgent,
	agentJson,
	createPeer,
	type Peer,
} from "./peer.ts";
import type { RetainedSnapshot } from "./retained.ts";
import {
	cutSessions,
	cutWaiting,
	restoreSessions,
	type SessionSnapshot,
	type WaitingSnapshot,
} from "./session-snapshot.ts";
import type { Codec, Counts, WorldState } from "./state.ts";
import type { Timeline } from "./timelines.ts";

/**
 * Plain data: numbers, texts, bytes, arrays and objects of them, without a circle, for a host to
 * write as it likes. Frames are shared with the world, which never changes one.
 */
export interface WorldSnapshot {
	/** Those of the nodes that take part. Absent in what was cut before there were any. */
	readonly options?: WorldOptions | undefined;
	/** Milliseconds that had passed in the world [ORD6]. */
	readonly time: number;
	readonly counts: Readonly<Counts>;
	readonly members: MembersSnapshot;
	readonly peers: readonly PeerSnapshot[];
	/** The names of all agents, in the order in which they came. */
	readonly roster: readonly string[];
	readonly sessions: readonly SessionSnapshot[];
	/** In the order in which they were detached. */
	readonly waiting: readonly WaitingSnapshot[];
	readonly log: LogSnapshot;
	/** Absent in what was cut before there were any. */
	readonly timelines?: readonly Timeline[];
	readonly retained: readonly RetainedSnapshot[];
	/** Keys of tokens. Absent in what was cut before there were any. */
	readonly revoked?: readonly string[];
}

export interface PeerSnapshot {
	readonly conn: ConnectionId;
	readonly node: NodeId;
	readonly state: Peer["state"];
	readonly agents: readonly AgentSnapshot[];
	readonly seen: Seen | undefined;
	/** These are absent in what was cut before there were any. */
	readonly key?: string | undefined;
	readonly expires?: number | undefined;
	readonly subscription?: readonly string[] | undefined;
}

export interface AgentSnapshot {
	readonly agentId: string;
	readonly role: string;
	/** Milliseconds since 1970. */
	readonly connectedAt: number;
}

/** A shallow copy: O(sessions + what waits for them + retained), and no frame is copied. */
export function cutSnapshot(state: WorldState): WorldSnapshot {
	const { time, counts, members, peers, registry, sessions, log } = state;
	const froms = [...sessions.all()].map(({ since }) => since);
	return {
		options: worldOptionsOf(state.options),
		time,
		counts: { ...counts },
		members: members.cut(),
		peers: [...peers.values()].map(cutPeer),
		roster: [...registry.all()].map(({ agentId }) => agentId),
		sessions: cutSessions(sessions),
		waiting: cutWaiting(sessions),
		log: log.cut(froms.length > 0 ? least(froms) : undefined),
		timelines: state.timelines.cut(),
		retained: state.retained.cut(),
		revoked: state.revoked.cut(),
	};
}

/**
 * Makes a world what it was, in place of what it is; the order of everything in it is kept. So are
 * its options, until a node brings others that finds itself alone.
 */
export function restoreSnapshot(
	state: WorldState,
	snapshot: WorldSnapshot,
): void {
	const { members, peers, registry, log, retained, codec } = state;
	// A command that failed in the middle may have left some.
	state.due.length = 0;
	state.isSettling = false;
	if (snapshot.options) changeOptions(state.options, snapshot.options);
	state.time = snapshot.time;
	state.counts = { ...snapshot.counts };
	members.restore(snapshot.members);
	peers.clear();
	const agents = new Map<string, Agent>();
	for (const peer of snapshot.peers)
		peers.set(peer.conn, restorePeer(peer, agents, codec));
	registry.restore(snapshot.roster.map((name) => agents.get(name) as Agent));
	restoreSessions(state, snapshot.sessions, snapshot.waiting);
	log.restore(snapshot.log);
	state.timelines.restore(snapshot.timelines);
	retained.restore(snapshot.retained);
	state.revoked.restore(snapshot.revoked ?? []);
}

function cutPeer(peer: Peer): PeerSnapshot {
	const { conn, node, state, agents, seen, key, expires } = peer;
	const { subscription } = peer;
	const own = agents.map(cutAgent);
	return { conn, node, state, seen, key, expires, subscription, agents: own };
}

function cutAgent({ agentId, role, connectedAt }: Agent): AgentSnapshot {
	return { agentId, role, connectedAt };
}

/** @param agents Gets its agents, by name. */
function restorePeer(
	{ agents: own, ...snapshot }: PeerSnapshot,
	agents: Map<string, Agent>,
	{ toUtf8 }: Codec,
): Peer {
	const { conn, node, state, seen, key, expires, subscription } = snapshot;
	const peer: Peer = {
		...createPeer(conn, node),
		...{ state, seen, key, expires, subscription },
	};
	for (const { agentId, role, connectedAt } of own) {
		const json = toUtf8(agentJson(agentId, role));
		const agent = { agentId, role, json, peer, connectedAt };
		addAgent(agent);
		agents.set(agentId, agent);
	}
	return peer;
}

function least(numbers: readonly number[]): number {
	return numbers.reduce((one, other) => Math.min(one, other));
}
