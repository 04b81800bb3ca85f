/** A client that comes back after a drop [RES]. */

import { closeConnection, cutOff, endSession } from "../edge/close.ts";
import {
	addAgent,
	type Connection,
	findAgent,
	isOpen,
	removeAgent,
	removeAgents,
} from "../edge/connection.ts";
import { admitSnapshot, goLive, ofRetained } from "../edge/greet.ts";
import { forbid } from "../edge/register.ts";
import type { Hub } from "../hub.ts";
import type { Refusal } from "../protocol/envelope.ts";
import { resumed } from "../protocol/gateway-messages.ts";
import { isOnList } from "../protocol/names.ts";
import { CLOSE } from "../protocol/protocol.ts";
import { dismissAgents } from "./presence.ts";
import { settleReceipts } from "./receipts.ts";
import {
	countOrdered,
	framesAfter,
	type Session,
	takeReceipts,
} from "./session-account.ts";
import { tokenOf } from "./sessions.ts";

/** What `resume` asks for: a session of one's own, or to go on with one. */
export type ResumeRequest =
	| "none"
	| "start"
	| {
			readonly session: string;
			/** Messages that the client has got of it. */
			readonly received: number;
			/** Whether it wants the retained messages too, as a reloaded page does. */
			readonly retained: boolean;
	  };

/** Characters of the longest `session`: one that is lost is kept for as long as its successor. */
const MAX_SESSION_LENGTH = 256;

/** Reads `resume` of an `agent_register`; undefined for what it cannot be. */
export function readResume(value: unknown): ResumeRequest | undefined {
	if (value === undefined || value === null || value === false) return "none";
	if (value === true) return "start";
	if (typeof value !== "object") return undefined;
	const { session, received, retained = false } = value as ResumeFields;
	if (typeof session !== "string" || session.length > MAX_SESSION_LENGTH)
		return undefined;
	if (typeof retained !== "boolean") return undefined;
	if (!Number.isSafeInteger(received) || (received as number) < 0)
		return undefined;
	return { session, received: received as number, retained };
}

/**
 * Goes on with a session, or says that it did not: `lost`, so that the client is registered
 * anew [RES4], or `closed`, where it may not be.
 */
export function resume(
	hub: Hub,
	connection: Connection,
	agentId: string,
	request: Exclude<ResumeRequest, string>,
): "resumed" | "lost" | "closed" | Refusal {
	const session = hub.sessions.find(request.session);
	const agent = session && findAgent(session.connection, agentId);
	if (!session || !agent)
		return lose(hub, connection, agentId, request.session);
	if (!mayHave(connection, session)) return forbid(NOT_ALLOWED, agentId);
	if (request.received > countOrdered(session, hub.log)) {
		closeConnection(hub, connection, CLOSE.protocolViolation);
		return "closed";
	}
	const missed = framesAfter(session, request.received, hub.log);
	if (!missed) return abandon(hub, connection, agentId, session);
	const from = session.connection.id;
	adopt(hub, connection, session);
	const ack = resumed(agentId, agent.role, {
		connectionId: connection.id,
		session: tokenOf(session),
		received: session.received,
		options: hub.options,
	});
	const again = [hub.host.encode(ack), ...missed];
	const entries = admitSnapshot(hub, connection, [
		...again.map((frame) => ({ frame, uncounted: true })),
		...(request.retained
			? [ofRetained(connection, hub.retained.snapshot())]
			: []),
	]);
	// The session waits again.
	if (!entries) return "closed";
	hub.emit({ event: "resumed", connectionId: connection.id, from });
	// What waited for the client is on its way, and no more dropped for what comes now [RCPT2].
	const waited = takeReceipts(session);
	for (const entry of entries) hub.log.append(entry);
	settleReceipts(hub, waited, "delivered");
	goLive(hub, connection);
	return "resumed";
}

type ResumeFields = Readonly<
	Record<"session" | "received" | "retained", unknown>
>;

const NOT_ALLOWED = "the token does not allow every agent of this session";

/**
 * A resume that fails never beats another's connection that lives [RES4]. One that failed with
 * the same token before is the client's own, whose ack was lost.
 */
function lose(
	hub: Hub,
	connection: Connection,
	agentId: string,
	token: string,
): "lost" | "closed" {
	const holder = hub.registry.get(agentId)?.connection;
	if (!holder || !isOpen(holder)) return "lost";
	const replaces = holder.session?.replaces;
	if (replaces !== undefined && hub.host.isEqual(replaces, token))
		return "lost";
	closeConnection(hub, connection, CLOSE.replaced);
	return "closed";
}

/** A session of which something is gone is over: its other agents are registered anew too. */
function abandon(
	hub: Hub,
	connection: Connection,
	agentId: string,
	session: Session,
): "lost" {
	const old = session.connection;
	cutOff(hub, old);
	const agent = findAgent(old, agentId);
	removeAgent(old, agentId);
	endSession(hub, session);
	dismissAgents(hub, old, "expired");
	// Its name is kept for the registration that follows, so that nobody sees it leave.
	if (agent) hub.registry.add({ ...agent, connection });
	return "lost";
}

function mayHave({ grant }: Connection, session: Session): boolean {
	return session.connection.agents.every(
		({ agentId, role }) =>
			isOnList(grant.agents, agentId) && isOnList(grant.roles, role),
	);
}

/** Moves a session with its agents to a new connection; nobody else sees a change. */
function adopt(hub: Hub, connection: Connection, session: Session): void {
	const old = session.connection;
	cutOff(hub, old);
	hub.sessions.attach(session);
	for (const agent of old.agents) {
		const moved = { ...agent, connection };
		addAgent(moved);
		hub.registry.add(moved);
	}
	removeAgents(old);
	old.session = undefined;
	session.connection = connection;
	connection.session = session;
}
