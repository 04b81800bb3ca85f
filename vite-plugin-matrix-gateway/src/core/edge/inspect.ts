/** Who is connected, one by one, for an operator who looks at it. It is read when somebody asks, and not before. */
import type { Order } from "../order/order.ts";
import type { AgentInfo } from "../protocol/message-types.ts";
import type { ResolvedOptions } from "../protocol/options.ts";
import type { RetainRule } from "../protocol/retain-table.ts";
import type { ConnectionId, NodeId } from "../world/command.ts";
import type { Agent, Peer, Session } from "../world/peer.ts";
import type { WorldState } from "../world/state.ts";
import type { Connection } from "./connection.ts";
import type { Connections } from "./connections.ts";
import type { Host } from "./host.ts";

/**
 * What a connection is.
 *
 * - `new`: it has not said yet what it is.
 * - `viewer`, `agent`: it takes part.
 * - `speaker`: it speaks over HTTP, for as long as that takes.
 * - `closing`: it was told to close.
 * - `detached`: it is gone, and its session waits for its client.
 */
export type InspectedState =
	| "new"
	| "viewer"
	| "agent"
	| "speaker"
	| "closing"
	| "detached";

/** One connection. Times are milliseconds since 1970. */
export interface InspectedConnection {
	readonly connectionId: ConnectionId;
	readonly state: InspectedState;
	readonly agents: readonly AgentInfo[];
	/** Of its grant, where that has one. */
	readonly name?: string;
	/** The node that it is on, or was on last; only where several share the world. */
	readonly node?: NodeId;
	readonly since: number;
	readonly lastMessageAt: number;
	/** Messages that came from it, and their bytes. */
	readonly received: number;
	readonly receivedBytes: number;
	/** Messages that were written to it, and, where it is on this node, their bytes. */
	readonly sent: number;
	readonly sentBytes: number;
	/** Bytes that wait on its socket. */
	readonly bufferedBytes: number;
	/** Of a session that waits for its client: for so many milliseconds yet. */
	readonly windowLeft?: number;
}

/** What there is. */
export interface Inspection {
	/** All on this node, and of other nodes the agents. */
	readonly connections: readonly InspectedConnection[];
	/** Frames of what is retained, each with the agent whose it is, if it is one's. */
	readonly retained: readonly {
		readonly key: string;
		readonly agentId: string | undefined;
		readonly frame: Uint8Array;
	}[];
	/** Which types are retained by themselves [RET5]. */
	readonly retainTable: ReadonlyMap<string, RetainRule>;
	/** Frames of the latest broadcasts, as far as they are kept for somebody. */
	readonly kept: readonly Uint8Array[];
}

export interface InspectionParts {
	readonly host: Host;
	readonly node: NodeId;
	readonly connections: Connections;
	readonly world: WorldState;
	readonly order: Pick<Order, "isShared">;
	readonly options: Pick<ResolvedOptions, "retain">;
}

export function readInspection(parts: InspectionParts): Inspection {
	const { connections, world } = parts;
	const rows = [...connections.all()].map((connection) =>
		rowOf(connection, parts),
	);
	const windows = new Map(world.sessions.waiting());
	for (const [conn, peer] of world.peers)
		if (!connections.get(conn) && peer.state !== "over")
			rows.push(awayRowOf(peer, windows, parts));
	return {
		connections: rows,
		retainTable: parts.options.retain,
		get retained() {
			return world.retained.cut();
		},
		get kept() {
			return world.log.cut(0).kept;
		},
	};
}

function rowOf(
	connection: Connection,
	{ node, world, order }: InspectionParts,
): InspectedConnection {
	const { id, grant, received, receivedBytes, sent } = connection;
	const agents = world.peers.get(id)?.agents ?? [];
	return {
		connectionId: id,
		state: stateOf(connection, agents.length > 0),
		agents: agents.map(infoOf),
		...(grant.name !== undefined && { name: grant.name }),
		...(order.isShared && { node }),
		since: connection.openedAt,
		lastMessageAt: connection.lastMessageAt,
		...{ received, receivedBytes, sent },
		sentBytes: connection.written,
		bufferedBytes: connection.socket.bufferedBytes,
	};
}

function stateOf(
	{ phase, socket }: Connection,
	hasAgents: boolean,
): InspectedState {
	if (socket.isDeaf) return "speaker";
	if (phase.state === "new") return "new";
	if (phase.state !== "live") return "closing";
	return hasAgents ? "agent" : "viewer";
}

/** Of one that is on another node, or whose client is away. */
function awayRowOf(
	{ conn, state, agents, session, seen, node }: Peer,
	windows: ReadonlyMap<Session, number>,
	{ world, order }: InspectionParts,
): InspectedConnection {
	const since = Math.min(...agents.map(({ connectedAt }) => connectedAt));
	const until = session && windows.get(session);
	return {
		connectionId: conn,
		state: state === "online" ? "agent" : "detached",
		agents: agents.map(infoOf),
		...(order.isShared && { node }),
		since,
		lastMessageAt: seen?.lastMessageAt ?? since,
		received: seen?.received ?? 0,
		receivedBytes: seen?.receivedBytes ?? 0,
		sent: seen?.sent ?? 0,
		sentBytes: 0,
		bufferedBytes: 0,
		...(until !== undefined && { windowLeft: Math.max(0, until - world.time) }),
	};
}

function infoOf({ agentId, role }: Agent): AgentInfo {
	return { agentId, role };
}
