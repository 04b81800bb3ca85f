/** Agents without a session, whose gateway ended and another goes on for it [SH3]. */
import type { Peer, Session } from "./peer.ts";
import type { WorldState } from "./state.ts";

/** A session that no token resumes: its agents are there until they register again, or it expires. */
export function holdNames({ sessions }: WorldState, peer: Peer): Session {
	peer.session = sessions.create(peer, { id: peer.conn, digest: NO_DIGEST });
	return peer.session;
}

/** Whether a peer's names are held. */
export function isHeld({ session }: Peer): boolean {
	return session?.digest === NO_DIGEST;
}

/** Of no token. */
const NO_DIGEST = "";
