/** All that a world remembers, cut between two commands, and put back [ORD9]. */
import type { Audience } from "./audience.ts";
import type { Audiences, NamedAudience } from "./audiences.ts";
import type { LogSnapshot } from "./broadcast-log.ts";
import type { ConnectionId, NodeId, Seen } from "./command.ts";
import { createFilter } from "./filter.ts";
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
	firstNeeded,
	restoreSessions,
	type SessionSnapshot,
	type WaitingSnapshot,
} from "./session-snapshot.ts";
import type { Counts, WorldState } from "./state.ts";
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
	/** Of filters. Absent in what was cut before there were any. */
	readonly audiences?: readonly NamedAudience[];
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
	/** The name of its filter. */
	readonly filter?: string | undefined;
	/** What its grant let it be sent, in what was cut before there were filters. */
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
	const needed = firstNeeded(sessions);
	const from = Math.max(needed ?? log.position, log.first());
	return {
		options: worldOptionsOf(state.options),
		time,
		counts: { ...counts },
		members: members.cut(),
		peers: [...peers.values()].map(cutPeer),
		roster: [...registry.all()].map(({ agentId }) => agentId),
		sessions: cutSessions(sessions),
		waiting: cutWaiting(sessions),
		log: log.cut(needed),
		audiences: state.audiences.cut(from),
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
	const { members, peers, registry, log, retained } = state;
	// A command that failed in the middle may have left some.
	state.due.length = 0;
	state.isSettling = false;
	if (snapshot.options) changeOptions(state.options, snapshot.options);
	state.time = snapshot.time;
	state.counts = { ...snapshot.counts };
	members.restore(snapshot.members);
	peers.clear();
	state.audiences.restore(snapshot.audiences ?? []);
	const agents = new Map<string, Agent>();
	for (const peer of snapshot.peers)
		peers.set(peer.conn, restorePeer(peer, agents, state));
	registry.restore(snapshot.roster.map((name) => agents.get(name) as Agent));
	const { position } = snapshot.log;
	restoreSessions(state, snapshot.sessions, snapshot.waiting, position);
	log.restore(snapshot.log);
	state.timelines.restore(snapshot.timelines);
	retained.restore(snapshot.retained);
	state.revoked.restore(snapshot.revoked ?? []);
}

function cutPeer(peer: Peer): PeerSnapshot {
	const { conn, node, state, agents, seen, key, expires } = peer;
	const filter = peer.audience.filter?.name;
	const own = agents.map(cutAgent);
	return { conn, node, state, seen, key, expires, filter, agents: own };
}

function cutAgent({ agentId, role, connectedAt }: Agent): AgentSnapshot {
	return { agentId, role, connectedAt };
}

/** @param agents Gets its agents, by name. */
function restorePeer(
	{ agents: own, ...snapshot }: PeerSnapshot,
	agents: Map<string, Agent>,
	{ audiences, codec }: Pick<WorldState, "audiences" | "codec">,
): Peer {
	const { conn, node, state, seen, key, expires } = snapshot;
	const audience = audienceOf(audiences, snapshot);
	audience.hold();
	const peer: Peer = {
		...createPeer(conn, node, audience),
		...{ state, seen, key, expires },
	};
	for (const { agentId, role, connectedAt } of own) {
		const json = codec.toUtf8(agentJson(agentId, role));
		const agent = { agentId, role, json, peer, connectedAt };
		addAgent(agent);
		agents.set(agentId, agent);
	}
	return peer;
}

function audienceOf(
	audiences: Audiences,
	{ filter, subscription, state }: Omit<PeerSnapshot, "agents">,
): Audience {
	if (filter !== undefined) return audiences.named(filter);
	// Nothing comes to who is over.
	const allowed = state === "over" ? undefined : subscription;
	return audiences.of(createFilter(allowed, undefined));
}
