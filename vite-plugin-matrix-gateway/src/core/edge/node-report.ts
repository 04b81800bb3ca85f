/** What this node tells the others of itself, where several share a world [HTTP1]. */
import type { ConnectionId, NodeReport, Seen } from "../world/command.ts";
import type { NodeCounts, NodeTotals } from "../world/node-counts.ts";
import type { WorldState } from "../world/state.ts";
import type { Connection } from "./connection.ts";
import type { Connections } from "./connections.ts";

/** What a report is made of. */
export interface ReportParts {
	readonly connections: Connections;
	readonly world: WorldState;
	readonly totals: NodeTotals;
}

/** Connections that one report looks at, so that none takes long, however many there are. */
const MOST = 200;

/** Reads reports, each of which looks at the connections where the one before has stopped. */
export function createReporter(parts: ReportParts): () => NodeReport {
	const { connections, world } = parts;
	let rest = connections.all();

	function readSeen(): (readonly [ConnectionId, Seen])[] {
		const seen: (readonly [ConnectionId, Seen])[] = [];
		const most = Math.min(MOST, connections.count());
		for (let looked = 0; looked < most; looked++) {
			const { done, value } = rest.next();
			if (done) rest = connections.all();
			else if (isNews(world, value)) seen.push([value.id, seenOf(value)]);
		}
		return seen;
	}

	return () => ({ ...countsOf(parts), seen: readSeen() });
}

/** How this node is now. */
export function countsOf({
	connections,
	world,
	totals,
}: ReportParts): NodeCounts {
	return {
		connections: connections.count(),
		viewers: countViewers(connections, world),
		totals: { ...totals },
	};
}

/** What a connection had done when it was last seen. */
export function seenOf(connection: Connection): Seen {
	const { received, receivedBytes, sent, lastMessageAt } = connection;
	return { received, sent, lastMessageAt, receivedBytes };
}

/** Whether it has an agent of which others do not know that already. */
function isNews(
	{ peers }: WorldState,
	{ id, received, sent }: Connection,
): boolean {
	const peer = peers.get(id);
	return (
		peer !== undefined &&
		(peer.seen?.received !== received || peer.seen.sent !== sent)
	);
}

function countViewers(connections: Connections, { peers }: WorldState): number {
	let viewers = 0;
	for (const { id, phase, socket } of connections.all())
		if (phase.state === "live" && !peers.has(id) && !socket.isDeaf) viewers++;
	return viewers;
}
