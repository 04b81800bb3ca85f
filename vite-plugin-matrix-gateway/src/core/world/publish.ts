/** A message to all [RT1], and what is kept of it for those who come later [RET]. */
import { badMessage, isRefusal, type Refusal } from "../protocol/refusal.ts";
import type { Publish, RetainRequest } from "./command.ts";
import { broadcast } from "./deliver.ts";
import { refusalOf } from "./may-route.ts";
import { type Agent, findAgent, namesOf, type Peer } from "./peer.ts";
import { countMessage, isHeard, refuse } from "./refuse.ts";
import type { RetainedKey } from "./retained.ts";
import type { WorldState } from "./state.ts";

export function applyPublish(state: WorldState, command: Publish): void {
	const { conn, frame, echo, retain, messageType } = command;
	const peer = state.peers.get(conn);
	if (!isHeard(peer)) return;
	countMessage(peer);
	const key = retain && findKey(retain, peer);
	const refusal =
		refusalOf(state, peer, command) ??
		(key && isRefusal(key) ? key : undefined);
	if (refusal) {
		refuse(state, command, refusal);
		return;
	}
	state.counts.broadcast++;
	const from = peer?.agents;
	if (echo) broadcast(state, frame, { messageType, from });
	else {
		const session = peer?.session;
		broadcast(state, frame, { except: conn, session, messageType, from });
	}
	if (retain && key && !isRefusal(key))
		retainFrame(state, command, retain.action, key, from);
}

/** Whose key it is; undefined where nothing is retained. Only agents have messages retained [RET3]. */
function findKey(
	{ key, scope, named, isExplicit }: RetainRequest,
	peer: Peer | undefined,
): RetainedKey | Refusal | undefined {
	if (!peer) return undefined;
	if (scope === "world") return { key, agentId: undefined };
	const agentId = findOwner(peer, named);
	if (agentId !== undefined) return { key, agentId };
	// A message that lacks what the host's table asks for is routed like any other.
	return isExplicit ? NO_OWNER : undefined;
}

/** The agent that a message names, if it is the sender's; else the sender's only one [RET3]. */
function findOwner(peer: Peer, named: string | undefined): string | undefined {
	if (named !== undefined && findAgent(peer, named)) return named;
	return peer.agents.length === 1 ? peer.agents[0]?.agentId : undefined;
}

function retainFrame(
	state: WorldState,
	command: Publish,
	action: RetainRequest["action"],
	key: RetainedKey,
	from: readonly Agent[] | undefined,
): void {
	const { retained } = state;
	if (action === "clear") retained.clear(key);
	else if (action === "clear-all") retained.clearAll(key);
	else {
		const { frame, messageType } = command;
		const message = { frame, messageType, from: from && namesOf(from) };
		if (!retained.keep(key, message, action === "append"))
			refuse(state, command, FULL);
	}
}

const FULL: Refusal = {
	code: "retain_full",
	message: "routed, not retained: there is no room, and the key is dropped",
};

const NO_OWNER = badMessage(
	"this connection has several agents: `agentId` says whose the retained message is",
);
