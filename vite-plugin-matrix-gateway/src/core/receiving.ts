/** The way in: one message, from its bytes to the log [RT]. */
import { becomeViewer } from "./arriving.ts";
import { type Connection, isOpen } from "./connection.ts";
import {
	type Envelope,
	isRefusal,
	parseEnvelope,
	type Refusal,
} from "./envelope.ts";
import type { Hub } from "./hub.ts";
import { message } from "./messages.ts";
import { BROWSER_ROLE, isReserved, isVisual } from "./protocol.ts";
import {
	isReceiptId,
	MAX_RECEIPT_LENGTH,
	type Receipt,
	sendReceipt,
} from "./receipts.ts";
import { refuse } from "./refusing.ts";
import { register, unregister } from "./registration.ts";
import { readRetention, retain } from "./retaining.ts";
import { confirm } from "./session.ts";

type Fields = Readonly<Record<string, unknown>>;

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
	if (connection.session && isCounted(envelope)) connection.session.received++;
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
	if (type === "ping") return pong(hub, connection, fields.received);
	if (isReserved(type))
		return { code: "reserved_type", message: RESERVED_RULE };
	return route(hub, connection, envelope, payload);
}

/** Every message counts, whatever becomes of it, but for the heartbeat's [RES2]. */
function isCounted(envelope: Envelope | Refusal): boolean {
	return (
		isRefusal(envelope) ||
		(envelope.type !== "ping" && envelope.type !== "pong")
	);
}

function pong(hub: Hub, to: Connection, confirmed: unknown): undefined {
	const { session } = to;
	if (session && Number.isSafeInteger(confirmed))
		confirm(session, confirmed as number, hub.log);
	const text = session
		? message({ type: "pong", received: session.received })
		: PONG;
	hub.log.append({ frame: hub.host.encode(text), to, uncounted: true });
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
		? broadcast(hub, connection, envelope, payload)
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
	envelope: Envelope,
	payload: Uint8Array,
): Refusal | undefined {
	const retention = readRetention(hub.options.retain, sender, envelope);
	if (retention && isRefusal(retention)) return retention;
	hub.totals.broadcast++;
	const frame = hub.host.encode(payload);
	const except = hub.options.echo ? undefined : sender;
	hub.log.append({ frame, except });
	return retention && retain(hub, retention, frame);
}

function direct(
	hub: Hub,
	sender: Connection,
	{ type, message }: Envelope,
	target: string,
	payload: Uint8Array,
): Refusal | undefined {
	const refusal = checkDirected(message);
	if (refusal) return refusal;
	const receipt = receiptOf(sender, target, message.receipt);
	const agent = hub.registry.get(target);
	if (!agent) return offline(hub, target, receipt);
	hub.totals.directed++;
	const to = agent.connection;
	const frame = hub.host.encode(payload);
	const waits = !isOpen(to);
	hub.log.append({ frame, to, receipt: waits ? receipt : undefined });
	if (receipt) sendReceipt(hub, receipt, waits ? "queued" : "delivered");
	if (hub.options.mirrorVisual && isVisual(type))
		mirror(hub, frame, [sender, to]);
	return undefined;
}

function checkDirected({ retain, receipt }: Fields): Refusal | undefined {
	const code = "bad_message";
	if (retain !== undefined && retain !== null)
		return { code, message: "only broadcasts are retained: no `target_id`" };
	if (receipt === undefined || receipt === null || isReceiptId(receipt))
		return undefined;
	return { code, message: RECEIPT_RULE };
}

const RECEIPT_RULE = `\`receipt\` is a string of 1-${MAX_RECEIPT_LENGTH} characters`;

function receiptOf(
	sender: Connection,
	target: string,
	id: unknown,
): Receipt | undefined {
	if (!isReceiptId(id)) return undefined;
	return { id, target, sender: sender.session ?? sender };
}

function offline(
	hub: Hub,
	target: string,
	receipt: Receipt | undefined,
): Refusal | undefined {
	hub.totals.undeliverable++;
	if (!receipt)
		return {
			code: "target_offline",
			message: "no agent of this name is here",
			target_id: target,
		};
	sendReceipt(hub, receipt, "offline");
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
