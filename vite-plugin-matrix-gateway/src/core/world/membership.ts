/** Nodes that come, say that they go, go, and vanish [ORD5]. */
import type { Drain, Gone, NodeId } from "./command.ts";
import { tell } from "./deliver.ts";
import { detachNode, endAll } from "./detach.ts";
import type { WorldState } from "./state.ts";

export function applyUp(state: WorldState, node: NodeId): void {
	state.members.add(node);
}

/** A node tells its connections that it goes [SH1]. */
export function applyDrain(
	state: WorldState,
	{ frame }: Drain,
	node: NodeId,
): void {
	for (const peer of state.peers.values())
		if (peer.node === node && peer.state === "online")
			tell(state, peer.conn, frame);
	state.members.drain(node);
	state.effects.drained(node);
}

export function applyDown(state: WorldState, node: NodeId): void {
	removeNode(state, node);
}

export function applyGone(state: WorldState, { node }: Gone): void {
	removeNode(state, node);
}

function removeNode(state: WorldState, node: NodeId): void {
	detachNode(state, node);
	if (state.members.isLast(node)) endAll(state);
	state.members.remove(node);
	// Its ticks may have been those that count.
	if (state.sessions.firstDue !== undefined) state.effects.waiting();
}
