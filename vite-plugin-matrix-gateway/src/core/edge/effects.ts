/** What a world tells is done on this node's connections; those of other nodes are not found here. */

import type { Order } from "../order/order.ts";
import {
	message,
	type Part,
	registered,
	resumed,
} from "../protocol/gateway-messages.ts";
import type { Grant } from "../protocol/grant.ts";
import type { ResolvedOptions } from "../protocol/options.ts";
import { CLOSE } from "../protocol/protocol.ts";
import type { Command, ConnectionId, NodeId } from "../world/command.ts";
import type {
	Effects,
	EndReason,
	Greeting,
	Resumption,
} from "../world/effects.ts";
import type { NodeTotals } from "../world/node-counts.ts";
import { namesOf } from "../world/peer.ts";
import type { WorldState } from "../world/state.ts";
import type { Closer } from "./close.ts";
import { type Connection, isOpen, type PendingJoin } from "./connection.ts";
import type { Connections } from "./connections.ts";
import { mayTell, spendError } from "./error-budget.ts";
import type { GatewayEvent } from "./events.ts";
import { forWire } from "./framing.ts";
import type { GrantClock } from "./grant-clock.ts";
import { createGrants } from "./grants.ts";
import type { Groups } from "./groups.ts";
import type { Host } from "./host.ts";
import { count, type Meters } from "./meters.ts";
import type { Newcomers } from "./newcomers.ts";
import type { Outbox } from "./outbox.ts";
import { createPongs } from "./pongs.ts";
import { finishRenewal } from "./refresh.ts";
import { takePending } from "./register.ts";
import { createSubscriptions } from "./subscriptions.ts";

/** What effects need. Those that need the world are made after it, and so asked for when they are used. */
export interface EffectParts {
	readonly host: Host;
	readonly node: NodeId;
	readonly options: ResolvedOptions;
	readonly connections: Connections;
	readonly totals: NodeTotals;
	readonly meters: Meters;
	readonly outbox: Outbox;
	readonly closer: Closer;
	readonly grantClock: GrantClock;
	readonly groups: Groups;
	readonly newcomers: () => Newcomers;
	readonly world: () => WorldState;
	/** Made later than this. */
	readonly order: () => Order;
	encode(...parts: readonly Part[]): Uint8Array;
	append(command: Command): void;
	emit(event: GatewayEvent): void;
	guard(work: () => void): void;
	/** A session waits for its client. */
	waiting(): void;
	/** Another node has begun. */
	began(): void;
	/** What this node has told of itself is applied. */
	ticked(): void;
	/** This node's connections have been told that it goes. */
	drained(): void;
	/** What a token allows in any world is another thing; undefined: nothing. */
	regranted(key: string, grant: Grant | undefined): void;
	/** This node is out of the world. */
	ended(reason: EndReason): void;
}

export function createEffects(parts: EffectParts): Effects {
	const { host, options, connections, totals, outbox, closer, encode } = parts;
	const { grantClock, groups } = parts;
	const grants = createGrants(parts);
	const subscriptions = createSubscriptions({ ...parts, direct });

	/** One of this node's that still takes part. */
	function findOpen(conn: ConnectionId): Connection | undefined {
		const connection = connections.get(conn);
		return connection && isOpen(connection) ? connection : undefined;
	}

	function direct(connection: Connection, frame: Uint8Array): void {
		outbox.direct(connection, forWire(host, connection.socket, frame));
	}

	function sendPong(
		connection: Connection,
		received: number | undefined,
	): void {
		const isOfSession = received !== undefined;
		const text = message({ type: "pong", ...(isOfSession && { received }) });
		direct(connection, encode(text));
	}

	const pongs = createPongs({ ...parts, send: sendPong });

	/** An answer to a registration, in the words that only its client may read. */
	function ackFor(
		connection: Connection,
		pending: PendingJoin | undefined,
		{ agentId, role, roster, subscribe, ack, isLost }: Greeting,
	): Uint8Array {
		connection.token ??= pending?.fresh;
		const session = pending?.wantsToken ? connection.token : undefined;
		const expires = grantClock.secondsLeft(connection);
		const isSame = session === undefined && expires === undefined && !isLost;
		if (ack && isSame) return ack;
		const { id: connectionId } = connection;
		const greeting = { connectionId, options, roster, subscribe, expires };
		return encode(
			...registered(agentId, role, greeting, {
				...(session === undefined ? {} : { session }),
				...(isLost ? { resumed: false } : {}),
			}),
		);
	}

	function resumedAck(
		connection: Connection,
		pending: PendingJoin | undefined,
		{ agentId, role, received, subscribe }: Resumption,
	): Uint8Array {
		const session = pending?.claimed ?? "";
		connection.token = session;
		pongs.resumed(connection, received);
		const connectionId = connection.id;
		const expires = grantClock.secondsLeft(connection);
		const own = { connectionId, session, received, subscribe };
		const told = { ...own, options, expires };
		return encode(resumed(agentId, role, told));
	}

	/** A registration that was not done leaves its connection as it was: new, or live. */
	function rejected(connection: Connection): void {
		takePending(connection);
		if (connection.phase.state !== "new") return;
		if (!options.requireRegistration)
			parts.newcomers().becomeViewer(connection);
		else if (connection.isOverdue && !connection.pending)
			closer.close(connection, CLOSE.registrationDeadline);
	}

	return {
		broadcast(frame, except, messageType, from) {
			const leftOut = except ? connections.get(except) : undefined;
			outbox.broadcast(frame, leftOut, groups.place(messageType, from));
		},
		direct(conn, frame) {
			const connection = findOpen(conn);
			if (connection) direct(connection, frame);
		},
		mirror(frame, except, messageType, from) {
			const { peers } = parts.world();
			const names = namesOf(from);
			for (const connection of connections.all())
				if (
					connection.phase.state === "live" &&
					connection.id !== except &&
					!peers.has(connection.id) &&
					connection.group.audience.filter?.passes(messageType, names) !== false
				)
					direct(connection, frame);
		},
		pong(conn, received) {
			const connection = findOpen(conn);
			if (connection) pongs.answer(connection, received);
		},
		live(conn, welcome) {
			const connection = findOpen(conn);
			if (!connection) return;
			const wasNew = connection.phase.state === "new";
			groups.watch(connection);
			const pending = takePending(connection);
			const isResumed = "missed" in welcome;
			const frames = isResumed
				? [resumedAck(connection, pending, welcome), ...welcome.missed]
				: [ackFor(connection, pending, welcome)];
			const { retained } = welcome;
			const isOnce = isResumed || wasNew;
			parts.newcomers().start(connection, { frames, retained, isOnce });
			const agents = parts.world().peers.get(conn)?.agents ?? [];
			grants.registered(connection, [welcome, ...agents]);
		},
		refused(conn, { frame, wasJoin, code, of }) {
			const connection = findOpen(conn);
			if (!connection) return;
			totals.errors++;
			count(parts.meters.errors, code);
			if (wasJoin) rejected(connection);
			const verdict = spendError(connection, host.now());
			if (verdict === "close") closer.close(connection, CLOSE.rateLimit);
			// What a session has counted is sent, though by now there were enough.
			else if (mayTell(verdict, of) || connection.token !== undefined)
				if (frame && isOpen(connection)) direct(connection, frame);
		},
		nameless(conn) {
			const connection = findOpen(conn);
			if (!connection) return;
			connection.token = undefined;
			if (options.requireRegistration)
				parts.newcomers().awaitRegistration(connection);
		},
		close(conn, status) {
			const connection = connections.get(conn);
			if (connection) closer.close(connection, status);
		},
		cut(conn) {
			const connection = connections.get(conn);
			if (connection) closer.cutOff(connection);
		},
		subscribed(conn, told) {
			const connection = findOpen(conn);
			if (connection) subscriptions.subscribed(connection, told);
		},
		regranted(key, here, grant) {
			grants.regranted(key, here);
			parts.regranted(key, grant);
		},
		renewed(conn, isDone) {
			const connection = findOpen(conn);
			if (connection)
				finishRenewal(connection, isDone, {
					...{ grantClock, groups, encode, direct },
				});
		},
		waiting: parts.waiting,
		began(node) {
			// Its own is what has put these effects in (see beginning.ts).
			if (node !== parts.node) parts.began();
		},
		ticked(node) {
			if (node === parts.node) parts.ticked();
		},
		drained(node) {
			if (node === parts.node) parts.drained();
		},
		ended(node, reason) {
			if (node === parts.node) parts.ended(reason);
		},
		emit: parts.emit,
	};
}
