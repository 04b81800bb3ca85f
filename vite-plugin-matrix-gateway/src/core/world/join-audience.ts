/** How a peer comes to be sent something else of what is routed [SUB2, GRANT1]. */
import type { Grant } from "../protocol/grant.ts";
import type { Interest } from "../protocol/message-types.ts";
import { count } from "./deliver.ts";
import { createFilter, type Filter } from "./filter.ts";
import type { Peer } from "./peer.ts";
import type { WorldState } from "./state.ts";

/** Has a peer sent what passes a filter from here on. What it was to be sent before stays. */
export function joinAudience(
	state: WorldState,
	peer: Peer,
	filter: Filter | undefined,
): void {
	const { audience: before, session } = peer;
	const audience = state.audiences.of(filter);
	if (audience === before) return;
	audience.hold();
	if (session) {
		const turn = { audience, start: audience.position };
		count(state, session, { at: before.position, frame: undefined, turn });
	}
	peer.audience = audience;
	before.release();
}

/** The same where another grant holds: what its client asks for stays what it is. */
export function regrantAudience(
	state: WorldState,
	peer: Peer,
	grant: Grant,
): void {
	const { interest } = peer.audience.filter ?? {};
	joinAudience(state, peer, createFilter(grant.subscribe, interest));
}

/**
 * The filter for what a client asks for, within what its grant allows; where there are too many
 * filters, for all of that [SUB4].
 */
export function filterFor(
	{ audiences }: WorldState,
	allowed: readonly string[] | undefined,
	interest: Interest | undefined,
): Filter | undefined {
	const filter = createFilter(allowed, interest);
	return audiences.hasRoomFor(filter)
		? filter
		: createFilter(allowed, undefined);
}

/** The filter that holds once what a client asks for is done, if it asks for anything. */
export function filterAsked(
	state: WorldState,
	before: Filter | undefined,
	asked: Interest | undefined,
): Filter | undefined {
	return asked ? filterFor(state, before?.allowed, asked) : before;
}

/** What an answer says of it, where its client asked; null for all. */
export function answerTo(
	asked: Interest | undefined,
	filter: Filter | undefined,
): Interest | null | undefined {
	return asked && (filter?.interest ?? null);
}
