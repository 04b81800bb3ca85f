/** A history that is cut, since what keeps it has lost some [ORD17]. */
import { CLOSE } from "../protocol/protocol.ts";
import { breakOff } from "./detach.ts";
import { bind } from "./session-account.ts";
import type { WorldState } from "./state.ts";

/**
 * No session can tell whether its client has seen what is lost, on whatever node. So each is bound by
 * what it has now, and those whose clients are there have to resume, which says what they have got.
 */
export function applyEpoch(state: WorldState): void {
	for (const session of state.sessions.all()) bind(session, state.log);
	for (const peer of [...state.peers.values()]) {
		if (peer.state !== "online" || !peer.session) continue;
		state.effects.close(peer.conn, CLOSE.restart);
		breakOff(state, peer, CLOSE.restart.code);
	}
}
