/**
 * This node's connections that are not sent all types [GRANT1]. What is broadcast is shared by all, so
 * a connection is told what to leave out of that. Where there is no such connection, nothing is asked.
 */

import type { WorldState } from "../world/state.ts";
import { isSent, type Subscription } from "../world/subscriptions.ts";
import type { Connection } from "./connection.ts";
import type { Outbox } from "./outbox.ts";

export interface Subscribers {
	/** Judges a connection's messages from here on, where its grant or its peer names types. */
	watch(connection: Connection): void;
	/** It is over. */
	forget(connection: Connection): void;
	/** Whether a connection is sent messages of a type. */
	isSent(connection: Connection, messageType: string | undefined): boolean;
	/** Leaves a message, which has its place and goes out next, out for those who are not sent its type. */
	leaveOut(messageType: string): void;
}

export function createSubscribers(
	outbox: Outbox,
	world: () => WorldState,
): Subscribers {
	const watched = new Set<Connection>();

	/** The world's word for its peers, by which it counts what they are sent [RES2]. */
	function subscriptionOf({ id, grant }: Connection): Subscription {
		const peer = world().peers.get(id);
		return peer ? peer.subscription : grant.subscribe;
	}

	return {
		watch(connection) {
			if (subscriptionOf(connection)) watched.add(connection);
		},
		forget: (connection) => void watched.delete(connection),
		isSent: (connection, messageType) =>
			isSent(subscriptionOf(connection), messageType),
		leaveOut(messageType) {
			for (const connection of watched) {
				if (isSent(subscriptionOf(connection), messageType)) continue;
				const { phase } = connection;
				if (phase.state === "new") phase.leftOut.add(world().log.position - 1);
				else outbox.leaveOut(connection);
			}
		},
	};
}
