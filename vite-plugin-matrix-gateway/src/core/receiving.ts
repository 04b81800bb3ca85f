/** The way in: one message, from its bytes to the log [RT]. */
import { becomeViewer } from "./arriving.ts";
import { type Connection, isOpen } from "./connection.ts";
import {
	type Envelope,
	isRefusal,
	parseEnvelope,
	type Refusal,
} from "./envelope.ts";
import { type Hub, tell } from "./hub.ts";
import { message } from "./messages.ts";
import { BROWSER_ROLE, isReserved, isVisual } from "./protocol.ts";
import { refuse } from "./refusing.ts";
import { register, unregister } from "./registration.ts";

/** Takes one message from a connection. What is wrong with it is told to its sender alone. */
export function receive(
	hub: Hub,
	connection: Connection,
	payload: Uint8Array,
	isBinary: boolean,
): void {
	if (!isOpen(connection)) return;
	hub.totals.received++;
	connection.received++;
	connection.alive = true;
	connection.lastMessageAt = hub.host.now();
	const envelope = isBinary
		? NOT_TEXT
		: parseEnvelope(hub.host.decode(payload));
	const refusal = isRefusal(envelope)
		? envelope
		: dispatch(hub, connection, envelope, payload);
	if (!refusal) return;
	settle(hub, connection);
	refuse(hub, connection, refusal);
}

const NOT_TEXT: Refusal = {
	code: "not_text",
	message: "messages are text frames; this one was binary",
};

const NOT_REGISTERED: Refusal = {
	code: "forbidden",
	message: "register first: this gateway routes for agents only",
};

function dispatch(
	hub: Hub,
	connection: Connection,
	envelope: Envelope,
	payload: Uint8Array,
): Refusal | undefined {
	const { type, message: fields } = envelope;
	if (type === "agent_register") return register(hub, connection, fields);
	if (type === "agent_unregister") return unregister(hub, connection, fields);
	settle(hub, connection);
	if (type === "ping") return pong(hub, connection);
	if (isReserved(type))
		return { code: "reserved_type", message: RESERVED_RULE };
	return route(hub, connection, envelope, payload);
}

function pong(hub: Hub, connection: Connection): undefined {
	tell(hub, connection, PONG);
}

const PONG = message({ type: "pong" });

const RESERVED_RULE =
	"this type is the gateway's own and is never routed (agent_*, ping, pong, auth_refresh, gateway_*)";

/** A first message that registers nobody makes its connection a viewer [REG4]. */
function settle(hub: Hub, connection: Connection): void {
	if (!hub.options.requireRegistration) becomeViewer(hub, connection);
}

function route(
	hub: Hub,
	connection: Connection,
	envelope: Envelope,
	payload: Uint8Array,
): Refusal | undefined {
	const { agents, grant } = connection;
	if (hub.options.requireRegistration && agents.size === 0)
		return NOT_REGISTERED;
	if (grant.agents && !speaksFor(envelope, grant.agents))
		return {
			code: "forbidden",
			message: "the token does not allow this agentId",
		};
	return envelope.target === undefined
		? broadcast(hub, connection, payload)
		: direct(hub, connection, envelope, envelope.target, payload);
}

/** Where a token is bound to agents, a message names none but these [RT8]. */
function speaksFor({ message }: Envelope, allowed: readonly string[]): boolean {
	return [message.agentId, message.agent_id].every(
		(name) => typeof name !== "string" || allowed.includes(name),
	);
}

function broadcast(
	hub: Hub,
	sender: Connection,
	payload: Uint8Array,
): undefined {
	hub.totals.broadcast++;
	const except = hub.options.echo ? undefined : sender;
	hub.log.append({ frame: hub.host.encode(payload), except });
}

function direct(
	hub: Hub,
	sender: Connection,
	{ type }: Envelope,
	target: string,
	payload: Uint8Array,
): Refusal | undefined {
	const agent = hub.registry.get(target);
	if (!agent) {
		hub.totals.undeliverable++;
		const message = "no agent of this name is here";
		return { code: "target_offline", message, target_id: target };
	}
	hub.totals.directed++;
	const frame = hub.host.encode(payload);
	hub.log.append({ frame, to: agent.connection });
	if (hub.options.mirrorVisual && isVisual(type))
		mirror(hub, frame, [sender, agent.connection]);
	return undefined;
}

/** Browsers are viewers and the agents whose role says so [RT2]. */
function mirror(hub: Hub, frame: Uint8Array, except: Connection[]): void {
	for (const connection of hub.connections)
		if (isBrowser(connection) && !except.includes(connection))
			hub.log.append({ frame, to: connection });
}

function isBrowser({ phase, agents }: Connection): boolean {
	if (phase.state !== "live") return false;
	if (agents.size === 0) return true;
	return [...agents.values()].some(({ role }) => role === BROWSER_ROLE);
}
