/** Whether a registration may be: its names, what the token allows, and how many there are [REG, AUTH1]. */

import type { Hub } from "../hub.ts";
import {
	agentIdOf,
	badMessage,
	type Fields,
	isRefusal,
	type Refusal,
} from "../protocol/envelope.ts";
import {
	isAgentId,
	isOnList,
	isRole,
	MAX_AGENT_ID_BYTES,
	MAX_ROLE_BYTES,
	nameForm,
} from "../protocol/names.ts";
import { DEFAULTS } from "../protocol/protocol.ts";
import { type Connection, findAgent } from "./connection.ts";
import { createBucket } from "./token-bucket.ts";

/** Whom an `agent_register` is about. */
export interface Names {
	readonly agentId: string;
	readonly role: string;
}

/** Says whom an `agent_register` is about, or why it is refused. */
export function admit(
	hub: Hub,
	connection: Connection,
	fields: Fields,
): Names | Refusal {
	const names = readNames(fields);
	if (isRefusal(names)) return names;
	return (
		checkAllowed(connection, names) ??
		checkRate(hub, connection, names) ??
		names
	);
}

/** The refusal of what a token does not allow, to the agent that asked for it. */
export function forbid(message: string, agentId: string): Refusal {
	return { code: "forbidden", message, agentId };
}

function readNames(fields: Fields): Names | Refusal {
	const agentId = agentIdOf(fields);
	const role = fields.role ?? DEFAULTS.role;
	if (!isAgentId(agentId))
		return badMessage(`\`agentId\` is ${nameForm(MAX_AGENT_ID_BYTES)}`);
	if (!isRole(role))
		return badMessage(`\`role\` is ${nameForm(MAX_ROLE_BYTES)}`);
	return { agentId, role };
}

function checkAllowed(
	connection: Connection,
	{ agentId, role }: Names,
): Refusal | undefined {
	const { grant, agents } = connection;
	if (!isOnList(grant.agents, agentId))
		return forbid("the token does not allow this agentId", agentId);
	if (!isOnList(grant.roles, role))
		return forbid("the token does not allow this role", agentId);
	const most = DEFAULTS.maxAgentsPerConnection;
	if (agents.length < most || findAgent(connection, agentId)) return undefined;
	const message = `a connection has at most ${most} agents`;
	return { code: "too_many_agents", message, agentId };
}

/** Each answer holds the whole roster: without a limit a few bytes in are very many out [REG7]. */
const RATE = { burst: 128, perSecond: 10 } as const;

function checkRate(
	hub: Hub,
	connection: Connection,
	{ agentId }: Names,
): Refusal | undefined {
	const now = hub.host.now();
	connection.registrations ??= createBucket(RATE, now);
	if (connection.registrations.take(now)) return undefined;
	const message = `a connection registers ${RATE.burst} times at once, then ${RATE.perSecond} times a second`;
	return { code: "rate_limited", message, agentId };
}
