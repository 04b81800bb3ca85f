/** Of what is routed, a grant may name the only types that its connection is sent [GRANT1]. */
import { isOnList } from "../protocol/names.ts";
import type { Peer } from "./peer.ts";
import type { Sessions } from "./sessions.ts";

/** Types, in which a `*` at the end stands for anything; undefined where all are sent. */
export type Subscription = readonly string[] | undefined;

/** Has a peer sent these types alone from here on. What it was to be sent before stays. */
export function subscribe(
	{ sessions }: { readonly sessions: Sessions },
	peer: Peer,
	types: Subscription,
): void {
	peer.subscription = types;
	sessions.subscriptionsChanged();
}

/** Whether messages of a type are sent. Where nobody knows the type any more they are not. */
export function isSent(
	subscription: Subscription,
	messageType: string | undefined,
): boolean {
	return (
		subscription === undefined || isOnList(subscription, messageType ?? "")
	);
}
