/** Time that passes, and the sessions that it ends [ORD6]. */
import type { NodeId, NodeReport, Tick } from "./command.ts";
import { expire } from "./detach.ts";
import type { WorldState } from "./state.ts";

/** A tick counts for no more than so many milliseconds: a process that slept expires nobody [HB5]. */
const LONGEST_TICK = 1_000;

export function applyTick(
	state: WorldState,
	{ ms, at, report }: Tick,
	node: NodeId,
): void {
	if (report) applyReport(state, report, node);
	if (!state.members.isClock(node)) return;
	state.time += Math.min(ms, LONGEST_TICK);
	for (const session of state.sessions.due(state.time)) expire(state, session);
	if (at === undefined) return;
	for (const session of state.sessions.expired(at)) expire(state, session);
}

function applyReport(
	state: WorldState,
	{ connections, viewers, totals, seen }: NodeReport,
	node: NodeId,
): void {
	state.members.report(node, { connections, viewers, totals });
	for (const [conn, latest] of seen) {
		const peer = state.peers.get(conn);
		if (peer?.node === node && peer.state === "online") peer.seen = latest;
	}
	state.effects.ticked(node);
}
