/** Names on connections: register, update, unregister, take over [REG]. */
import {
	awaitRegistration,
	goLive,
	greeting,
	sendSnapshot,
} from "./arriving.ts";
import type { Agent, Connection } from "./connection.ts";
import { closeConnection } from "./ending.ts";
import type { Refusal } from "./envelope.ts";
import { type Hub, tell } from "./hub.ts";
import { message, registered } from "./messages.ts";
import {
	isAgentId,
	isRole,
	MAX_AGENT_ID_BYTES,
	MAX_ROLE_BYTES,
} from "./names.ts";
import { announceJoined, announceLeft } from "./presence.ts";
import { CLOSE, DEFAULTS } from "./protocol.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Does an `agent_register`, or says why not. */
export function register(
	hub: Hub,
	connection: Connection,
	fields: Fields,
): Refusal | undefined {
	const wanted = readNames(fields);
	if ("code" in wanted) return wanted;
	const refusal = checkAllowed(connection, wanted.agentId, wanted.role);
	if (refusal) return refusal;
	const agent = { ...wanted, connection, connectedAt: hub.host.now() };
	acknowledge(hub, agent);
	put(hub, agent);
	return undefined;
}

/** Does an `agent_unregister`, or says why not [REG3]. */
export function unregister(
	hub: Hub,
	connection: Connection,
	fields: Fields,
): Refusal | undefined {
	const agentId = idOf(fields);
	const agent = isAgentId(agentId) && connection.agents.get(agentId);
	if (!agent)
		return bad("`agentId` is not one that this connection registered");
	connection.agents.delete(agent.agentId);
	if (hub.registry.remove(agent)) announceLeft(hub, agent, "unregistered");
	if (connection.agents.size === 0 && hub.options.requireRegistration)
		awaitRegistration(hub, connection);
	return undefined;
}

/** The ack comes first; with it the connection is live, so that it sees its own joined [REG2]. */
function acknowledge(hub: Hub, { agentId, role, connection }: Agent): void {
	const roster = hub.registry.rosterJson(agentId);
	const text = registered(agentId, role, greeting(hub, connection, roster));
	sendSnapshot(hub, connection, [hub.host.encode(text)]);
	goLive(hub, connection);
	connection.stopDeadline?.();
	connection.stopDeadline = undefined;
}

function put(hub: Hub, agent: Agent): void {
	const { agentId, role, connection } = agent;
	const previous = hub.registry.add(agent);
	connection.agents.set(agentId, agent);
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
	connection.agents.delete(agentId);
	tell(hub, connection, message({ type: "gateway_replaced", agentId }));
	if (connection.agents.size === 0)
		closeConnection(hub, connection, CLOSE.replaced, { reason: "replaced" });
}

function readNames(
	fields: Fields,
): { agentId: string; role: string } | Refusal {
	const agentId = idOf(fields);
	const role = fields.role ?? DEFAULTS.role;
	if (!isAgentId(agentId)) return bad(nameRule("agentId", MAX_AGENT_ID_BYTES));
	if (!isRole(role)) return bad(nameRule("role", MAX_ROLE_BYTES));
	return { agentId, role };
}

/** `agent_id` is read as an alias, since half of today's senders write it [REG1]. */
function idOf(fields: Fields): unknown {
	return fields.agentId ?? fields.agent_id;
}

function checkAllowed(
	{ grant, agents }: Connection,
	agentId: string,
	role: string,
): Refusal | undefined {
	if (grant.agents && !grant.agents.includes(agentId))
		return forbid("the token does not allow this agentId", agentId);
	if (grant.roles && !grant.roles.includes(role))
		return forbid("the token does not allow this role", agentId);
	const most = DEFAULTS.maxAgentsPerConnection;
	if (agents.size < most || agents.has(agentId)) return undefined;
	const message = `a connection has at most ${most} agents`;
	return { code: "too_many_agents", message, agentId };
}

function nameRule(name: string, maxBytes: number): string {
	return `\`${name}\` is a string of 1-${maxBytes} UTF-8 bytes, without control or format characters, line separators or lone surrogates`;
}

function bad(message: string): Refusal {
	return { code: "bad_message", message };
}

function forbid(message: string, agentId: string): Refusal {
	return { code: "forbidden", message, agentId };
}
