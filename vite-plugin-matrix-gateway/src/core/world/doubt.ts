/**
 * What keeps the order may have lost some of it while no node was there to find out, as in a power
 * cut that took all of them. Whoever begins finds nodes that may be gone, and sessions whose clients
 * may have seen what is lost. A node that was there before and speaks again has been there all the
 * time, and would know; where none of these is left, nobody does [ORD17].
 */
import type { NodeId } from "./command.ts";
import type { Session } from "./peer.ts";
import { countOrdered } from "./session-account.ts";
import type { WorldState } from "./state.ts";

/** A node has begun. Whatever happens yet, clients of those who may be gone have seen no more than this. */
export function doubtAll({ members, sessions }: WorldState): void {
	const beginning = members.countBeginnings();
	for (const session of sessions.all())
		session.doubt ??= { most: countOrdered(session), beginning };
}

/** A node has spoken: it knows of all beginnings after its own that nothing was lost. */
export function trust({ members, sessions }: WorldState, node: NodeId): void {
	const own = members.hear(node);
	if (own === undefined) return;
	for (const session of sessions.all())
		if (session.doubt && session.doubt.beginning > own)
			session.doubt = undefined;
}

/**
 * Whether a client can have got so many frames of its session from what is left of the order; `unknown`
 * as long as one may speak who knows.
 */
export function canHave(
	{ members }: WorldState,
	{ bound, doubt }: Session,
	received: number,
): boolean | "unknown" {
	if (bound !== undefined && received > bound) return false;
	if (!doubt || received <= doubt.most) return true;
	return members.hasBegunBefore(doubt.beginning) ? "unknown" : false;
}

/** Whether it is not known of a session whether it is of a history that is cut, or its node of one. */
export function isInQuestion({ bound, doubt }: Session): boolean {
	return bound !== undefined || doubt !== undefined;
}

/** Its client is back, and has got no more than it can have. */
export function settleDoubt(session: Session): void {
	session.bound = undefined;
	session.doubt = undefined;
}
