/** Time that passes, and the sessions that it ends [ORD6]. */
import type { NodeId, Tick } from "./command.ts";
import { expire } from "./detach.ts";
import type { WorldState } from "./state.ts";

/** A tick counts for no more than so many milliseconds: a process that slept expires nobody [HB5]. */
const LONGEST_TICK = 1_000;

export function applyTick(state: WorldState, { ms }: Tick, node: NodeId): void {
	if (!state.members.isClock(node)) return;
	state.time += Math.min(ms, LONGEST_TICK);
	for (const session of state.sessions.due(state.time)) expire(state, session);
}
