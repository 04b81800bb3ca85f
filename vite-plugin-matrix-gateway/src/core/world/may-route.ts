/** Whether a message may be routed for who its sender is, once it has its place [ORD3]. */
import type { Refusal } from "../protocol/refusal.ts";
import type { Publish, Send } from "./command.ts";
import { findAgent, type Peer } from "./peer.ts";
import type { WorldState } from "./state.ts";

/** Why it may not; undefined where it may. */
export function refusalOf(
	{ options }: WorldState,
	peer: Peer | undefined,
	command: Publish | Send,
): Refusal | undefined {
	const { needsAgent, speaksFor } = command;
	if (!peer && options.requireRegistration) return NOT_REGISTERED;
	if (!peer && needsAgent) return NOT_FOR_VIEWERS;
	const isOwn = (name: string) => peer && findAgent(peer, name);
	return !speaksFor || speaksFor.every(isOwn) ? undefined : NOT_YOURS;
}

/** For who speaks before it registers, where that is required [REG4]. */
export const NOT_REGISTERED: Refusal = {
	code: "forbidden",
	message: "register first: this gateway routes for agents only",
};

/** For a viewer, by the host's options or because only agents have messages retained [REG4, RET3]. */
const NOT_FOR_VIEWERS: Refusal = {
	code: "forbidden",
	message: "register first: only agents may have such a message routed",
};

/** For who speaks in another's name [RT8]. */
const NOT_YOURS: Refusal = {
	code: "forbidden",
	message: "not an agent of this connection: it may speak for its own alone",
};
