/** Connections that are sent something else of what is routed from here on [SUB2]. */
import type { Part } from "../protocol/gateway-messages.ts";
import type { Interest } from "../protocol/message-types.ts";
import type { Subscribed } from "../world/effects.ts";
import type { WorldState } from "../world/state.ts";
import { subscribedText } from "../world/subscribe.ts";
import type { Connection } from "./connection.ts";
import type { Groups } from "./groups.ts";
import type { Newcomers } from "./newcomers.ts";

export interface Subscriptions {
	/** What a connection asked for has its place. */
	subscribed(
		connection: Connection,
		told: Subscribed | { readonly interest: Interest },
	): void;
}

export interface SubscriptionParts {
	readonly groups: Groups;
	readonly newcomers: () => Pick<Newcomers, "start">;
	readonly world: () => WorldState;
	encode(...parts: readonly Part[]): Uint8Array;
	direct(connection: Connection, frame: Uint8Array): void;
}

export function createSubscriptions(parts: SubscriptionParts): Subscriptions {
	const { groups, newcomers, world, encode, direct } = parts;

	/** A viewer is this node's alone to answer [ORD8]. */
	function subscribeViewer(
		connection: Connection,
		interest: Interest,
	): Subscribed {
		const { filter: before } = connection.group.audience;
		connection.interest = groups.roomFor(connection, interest);
		groups.watch(connection);
		const { filter } = connection.group.audience;
		const answer = encode(subscribedText(filter));
		return { answer, retained: world().retained.added(filter, before) };
	}

	return {
		subscribed(connection, told) {
			const isAgent = "answer" in told;
			if (isAgent) groups.watch(connection);
			const { answer, retained } = isAgent
				? told
				: subscribeViewer(connection, told.interest);
			if (!retained) direct(connection, answer);
			else
				newcomers().start(connection, {
					...{ frames: [answer], retained, isOnce: false },
				});
		},
	};
}
