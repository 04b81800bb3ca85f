/** A connection that has shown another token [AUTH6]. */
import { covers } from "../protocol/coverage.ts";
import type { Refusal } from "../protocol/refusal.ts";
import type { Renew } from "./command.ts";
import { regrantAudience } from "./join-audience.ts";
import { liveBy } from "./peer.ts";
import { isHeard, refuse } from "./refuse.ts";
import type { WorldState } from "./state.ts";

export function applyRenew(state: WorldState, command: Renew): void {
	const { conn, grant } = command;
	const peer = state.peers.get(conn);
	if (!isHeard(peer)) return;
	const refusal = judge(state, command);
	if (refusal) refuse(state, command, refusal);
	else if (peer) {
		liveBy(peer, grant);
		regrantAudience(state, peer, grant);
	}
	state.effects.renewed(conn, !refusal);
}

function judge(
	{ peers, revoked }: WorldState,
	{ conn, grant }: Renew,
): Refusal | undefined {
	// It may have been revoked while it was judged.
	if (revoked.has(grant.key)) return TOKEN_REFUSED;
	return covers(grant, peers.get(conn)?.agents ?? []) ? undefined : TOO_LITTLE;
}

/** The answer to a token that is not good. */
export const TOKEN_REFUSED: Refusal = {
	code: "unauthorized",
	message: "the token is not accepted; what the one before allowed still holds",
};

const TOO_LITTLE: Refusal = {
	code: "forbidden",
	message: "the token does not allow every agent of this connection",
};
