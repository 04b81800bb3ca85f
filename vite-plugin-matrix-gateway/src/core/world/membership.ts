/** Nodes that come, say that they go, go, and vanish [ORD5]. */
import type { Drain, Gone, NodeId, Replaced, Up } from "./command.ts";
import { tell } from "./deliver.ts";
import { awaitAll, detachNode, endAll } from "./detach.ts";
import type { WorldState } from "./state.ts";

export function applyUp(
	state: WorldState,
	{ replaces }: Up,
	node: NodeId,
): void {
	state.members.add(node);
	if (replaces) replaceNodes(state, replaces, node);
}

/** A node tells its connections that it goes [SH1]. */
export function applyDrain(
	state: WorldState,
	{ frame, isFinal }: Drain,
	node: NodeId,
): void {
	for (const peer of state.peers.values())
		if (peer.node === node && peer.state === "online")
			tell(state, peer.conn, frame);
	if (isFinal) state.members.drain(node);
	state.effects.drained(node);
}

export function applyDown(state: WorldState, node: NodeId): void {
	removeNode(state, node);
}

export function applyGone(state: WorldState, { node }: Gone): void {
	removeNode(state, node);
}

/** They have ended without a word, and were told of nothing that is not known here. */
function replaceNodes(state: WorldState, replaced: Replaced, by: NodeId): void {
	const isGone = (node: NodeId) =>
		replaced === "all" ? node !== by : replaced.includes(node);
	awaitAll(state, isGone);
	for (const node of state.members.all())
		if (isGone(node)) state.members.remove(node);
	if (state.sessions.firstDue !== undefined) state.effects.waiting();
}

function removeNode(state: WorldState, node: NodeId): void {
	detachNode(state, node);
	if (state.members.isLast(node)) endAll(state);
	state.members.remove(node);
	// Its ticks may have been those that count.
	if (state.sessions.firstDue !== undefined) state.effects.waiting();
}
