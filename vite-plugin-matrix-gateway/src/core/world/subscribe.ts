/** A client that asks to be sent something else of what is routed [SUB2]. */
import { message } from "../protocol/gateway-messages.ts";
import type { Interest } from "../protocol/message-types.ts";
import { ofSubscribe } from "../protocol/refusal.ts";
import type { Subscribe } from "./command.ts";
import { countOwn, settle } from "./deliver.ts";
import type { Filter } from "./filter.ts";
import { filterFor, joinAudience } from "./join-audience.ts";
import { NOT_REGISTERED } from "./may-route.ts";
import type { Peer } from "./peer.ts";
import { countMessage, isHeard, refuse } from "./refuse.ts";
import type { WorldState } from "./state.ts";

export function applySubscribe(state: WorldState, command: Subscribe): void {
	const { conn, interest } = command;
	const peer = state.peers.get(conn);
	if (!isHeard(peer)) return;
	countMessage(peer);
	if (peer) change(state, peer, interest);
	else if (state.options.requireRegistration)
		refuse(state, command, ofSubscribe(NOT_REGISTERED));
	else state.effects.subscribed(conn, { interest });
}

function change(state: WorldState, peer: Peer, interest: Interest): void {
	const { session } = peer;
	const { filter: before } = peer.audience;
	const filter = filterFor(state, before?.allowed, interest);
	joinAudience(state, peer, filter);
	const answer = state.codec.encode(subscribedText(filter));
	const retained = state.retained.added(filter, before);
	if (session)
		for (const frame of [answer, retained ?? []].flat())
			countOwn(state, session, frame);
	state.effects.subscribed(peer.conn, { answer, retained });
	settle(state);
}

/** The answer, which says what holds from here on. */
export function subscribedText(filter: Filter | undefined): string {
	const subscribe = filter?.interest ?? null;
	return message({ type: "agent_subscribed", subscribe });
}
