/** Who has sent the most lately, for the log: others may have been closed for what they were sent of it. */
import type { ConnectionId } from "../world/command.ts";
import type { WorldState } from "../world/state.ts";
import type { Connections } from "./connections.ts";
import type { Host } from "./host.ts";
import { recentBytesOf } from "./recent-bytes.ts";

/** Of all connections to this node that are there yet, the one that has sent the most lately. */
export interface Loudest {
	readonly connectionId: ConnectionId;
	/** The first of its agents, if it has one. */
	readonly agentId?: string;
	/** Its part of what all have sent, from 0 to 1. */
	readonly share: number;
}

/** What finding it takes. */
export interface LoudestParts {
	readonly host: Host;
	readonly connections: Connections;
	/** Made later than this. */
	readonly world: () => WorldState;
}

/** A thousand may be closed at once, and each answer looks at all. */
const LASTS = 100;

/** Finds it; undefined where nobody has sent anything lately. */
export function createLoudest({
	host,
	connections,
	world,
}: LoudestParts): () => Loudest | undefined {
	let foundAt: number | undefined;
	let found: Loudest | undefined;

	function find(): Loudest | undefined {
		const [first] = findLoudest({ host, connections, world: world() }, 1);
		if (!first) return undefined;
		const { bytes: _, ...loudest } = first;
		return loudest;
	}

	return () => {
		const now = host.now();
		if (foundAt === undefined || now - foundAt >= LASTS) {
			found = find();
			foundAt = now;
		}
		return found;
	};
}

/** One of those who have sent the most in the last 5 to 10 s. */
export interface LoudSender extends Loudest {
	/** Bytes of messages that came from it in that time. */
	readonly bytes: number;
}

/** So many are told of. */
const MOST = 5;

/** Finds them, the loudest first, and so many at most. */
export function findLoudest(
	{
		host,
		connections,
		world,
	}: Pick<LoudestParts, "host" | "connections"> & {
		readonly world: WorldState;
	},
	most = MOST,
): LoudSender[] {
	const now = host.now();
	let total = 0;
	let found: { readonly connectionId: ConnectionId; readonly bytes: number }[] =
		[];
	for (const connection of connections.all()) {
		const bytes = recentBytesOf(connection, now);
		total += bytes;
		if (bytes <= (found[most - 1]?.bytes ?? 0)) continue;
		found.push({ connectionId: connection.id, bytes });
		found = found.sort((a, b) => b.bytes - a.bytes).slice(0, most);
	}
	return found.map(({ connectionId, bytes }) => {
		const agentId = world.peers.get(connectionId)?.agents[0]?.agentId;
		return {
			connectionId,
			...(agentId !== undefined && { agentId }),
			bytes,
			share: Math.round((bytes / total) * 100) / 100,
		};
	});
}
