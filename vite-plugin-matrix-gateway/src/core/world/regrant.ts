/** Tokens that allow less, or nothing, while somebody lives by them; and who is sent away [AUTH5]. */
import { covers } from "../protocol/coverage.ts";
import { CLOSE } from "../protocol/protocol.ts";
import type { Disconnect, Regrant, Revoke } from "./command.ts";
import { regrantAudience } from "./join-audience.ts";
import { liveBy, type Peer } from "./peer.ts";
import { dismissAgents, leaveWorld } from "./presence.ts";
import type { WorldState } from "./state.ts";

export function applyRegrant(
	state: WorldState,
	{ key, grant, isForWorld }: Regrant,
): void {
	const here = isForWorld ? grant : undefined;
	for (const peer of [...state.peers.values()]) {
		if (peer.key !== key) continue;
		if (here && covers(here, peer.agents)) {
			liveBy(peer, { key, ...here });
			regrantAudience(state, peer, here);
		} else sendAway(state, peer);
	}
	state.effects.regranted(key, here, grant);
}

export function applyRevoke(state: WorldState, { key }: Revoke): void {
	if (state.revoked.add(key)) state.effects.emit({ event: "unrevoked" });
	applyRegrant(state, {
		...{ type: "regrant", key },
		...{ grant: undefined, isForWorld: true },
	});
}

export function applyDisconnect(
	state: WorldState,
	{ conn, agentId }: Disconnect,
): void {
	const agent = agentId === undefined ? undefined : state.registry.get(agentId);
	const peer =
		agent?.peer ?? (conn === undefined ? undefined : state.peers.get(conn));
	if (peer) sendAway(state, peer);
	// Who has no agent is known to its own node alone.
	else if (conn !== undefined) state.effects.close(conn, CLOSE.forbidden);
}

/** Ends a peer, be it there or away, with its session and all of its agents. */
function sendAway(state: WorldState, peer: Peer): void {
	if (peer.state === "over") return;
	if (peer.state === "online") {
		peer.state = "over";
		state.effects.close(peer.conn, CLOSE.forbidden);
	} else state.peers.delete(peer.conn);
	leaveWorld(state, peer);
	dismissAgents(state, peer, "revoked");
}
