/** Names on connections: register, update, unregister, take over [REG]. */

import { closeConnection, endSession } from "../edge/close.ts";
import {
	type Agent,
	addAgent,
	type Connection,
	findAgent,
	isOpen,
	removeAgent,
} from "../edge/connection.ts";
import {
	awaitRegistration,
	goLive,
	ofRetained,
	sendSnapshot,
} from "../edge/greet.ts";
import { admit } from "../edge/register.ts";
import { type Hub, tell } from "../hub.ts";
import {
	agentIdOf,
	badMessage,
	type Fields,
	isRefusal,
	type Refusal,
} from "../protocol/envelope.ts";
import {
	message,
	type Parts,
	registered,
} from "../protocol/gateway-messages.ts";
import { isAgentId } from "../protocol/names.ts";
import { CLOSE } from "../protocol/protocol.ts";
import { announceJoined, announceLeft } from "./presence.ts";
import { type ResumeRequest, readResume, resume } from "./resume.ts";
import { tokenOf } from "./sessions.ts";

/** Does an `agent_register`, or says why not. */
export function register(
	hub: Hub,
	connection: Connection,
	fields: Fields,
): Refusal | undefined {
	const request = readResume(fields.resume);
	if (!request) return badMessage(RESUME_RULE);
	const names = admit(hub, connection, fields);
	if (isRefusal(names)) return names;
	const json = hub.host.toUtf8(JSON.stringify(names));
	const agent = { ...names, json, connection, connectedAt: hub.host.now() };
	if (typeof request === "object") return comeBack(hub, agent, request);
	acknowledge(hub, agent, request);
	return undefined;
}

/** Does an `agent_unregister`, or says why not [REG3]. */
export function unregister(
	hub: Hub,
	connection: Connection,
	fields: Fields,
): Refusal | undefined {
	const agentId = agentIdOf(fields);
	const agent = isAgentId(agentId) && findAgent(connection, agentId);
	if (!agent)
		return badMessage("`agentId` is not one that this connection registered");
	removeAgent(connection, agent.agentId);
	if (hub.registry.remove(agent)) announceLeft(hub, agent, "unregistered");
	if (connection.agents.length > 0) return undefined;
	if (connection.session) endSession(hub, connection.session);
	if (hub.options.requireRegistration) awaitRegistration(hub, connection);
	return undefined;
}

const RESUME_RULE =
	'`resume` is true, or {"session": …, "received": …} as the first message of a connection';

/** Goes on with a session, or where that cannot be without a loss, registers anew [RES4]. */
function comeBack(
	hub: Hub,
	agent: Agent,
	request: Exclude<ResumeRequest, string>,
): Refusal | undefined {
	// A slow page may have become a viewer before it said a word; it drops what came before the ack.
	if (agent.connection.received > 1) return badMessage(RESUME_RULE);
	const outcome = resume(hub, agent.connection, agent.agentId, request);
	if (typeof outcome === "object") return outcome;
	if (outcome === "lost") acknowledge(hub, agent, { lost: request.session });
	return undefined;
}

/** Whether a session is asked for, or one was to be resumed and is lost. */
type Asked = "none" | "start" | { readonly lost: string };

/** Ack, what is retained, its own joined, live: in this order [REG2]. */
function acknowledge(hub: Hub, agent: Agent, asked: Asked): void {
	const { connection } = agent;
	// Who wanted to resume has dropped what it was sent as a viewer.
	const needsRetained =
		connection.phase.state === "new" || typeof asked === "object";
	const startsSession = asked !== "none" && hub.options.resumeWindow > 0;
	const isFirst = startsSession && !connection.session;
	const lost = typeof asked === "object" ? asked.lost : undefined;
	if (isFirst) connection.session = hub.sessions.create(connection, lost);
	const parts = [
		// What follows the request for a session is counted, so that request's ack is not [RES2].
		{ frame: hub.host.encode(...ackOf(hub, agent, asked)), uncounted: isFirst },
		...(needsRetained ? [ofRetained(connection, hub.retained.snapshot())] : []),
	];
	if (sendSnapshot(hub, connection, parts, needsRetained)) {
		goLive(hub, connection);
		put(hub, agent);
	} else forget(hub, agent);
}

/** Nothing is left of who was not let in: a session that just began, a name that was kept. */
function forget(hub: Hub, { agentId, connection }: Agent): void {
	if (connection.session) endSession(hub, connection.session);
	const kept = hub.registry.get(agentId);
	if (kept?.connection !== connection) return;
	hub.registry.remove(kept);
	announceLeft(hub, kept, "expired");
}

function ackOf(
	hub: Hub,
	{ agentId, role, connection }: Agent,
	asked: Asked,
): Parts {
	const greeting = {
		connectionId: connection.id,
		options: hub.options,
		roster: hub.registry.roster(agentId),
	};
	if (asked === "none") return registered(agentId, role, greeting);
	const { session } = connection;
	return registered(agentId, role, greeting, {
		...(session ? { session: tokenOf(session) } : {}),
		...(typeof asked === "object" ? { resumed: false } : {}),
	});
}

function put(hub: Hub, agent: Agent): void {
	const { role, connection } = agent;
	const previous = hub.registry.add(agent);
	addAgent(agent);
	if (previous && previous.connection !== connection)
		takeFrom(hub, previous, agent);
	if (previous?.role === role) return;
	if (previous) announceLeft(hub, previous, "replaced");
	announceJoined(hub, agent);
}

/** The newest wins, and the loser must not come back for it [REG5]. */
function takeFrom(hub: Hub, loser: Agent, winner: Agent): void {
	const { agentId, connection } = loser;
	hub.emit({
		event: "replaced",
		connectionId: connection.id,
		agentId,
		by: winner.connection.id,
	});
	removeAgent(connection, agentId);
	tell(hub, connection, message({ type: "gateway_replaced", agentId }));
	if (connection.agents.length > 0) return;
	if (isOpen(connection))
		closeConnection(hub, connection, CLOSE.replaced, { reason: "replaced" });
	else if (connection.session) endSession(hub, connection.session);
}
