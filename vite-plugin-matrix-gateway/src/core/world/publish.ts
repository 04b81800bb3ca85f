/** Where a message goes: to all, to one, or back with an error [RT]. */
import { type Connection, isOpen } from "../edge/connection.ts";
import { readRetention, retain } from "../edge/retention.ts";
import type { Hub } from "../hub.ts";
import {
	badMessage,
	type Envelope,
	isRefusal,
	type Refusal,
	withReceipt,
} from "../protocol/envelope.ts";
import { isReceiptId, MAX_RECEIPT_LENGTH } from "../protocol/names.ts";
import { BROWSER_ROLE, isVisual } from "../protocol/protocol.ts";
import { type Receipt, sendReceipt } from "./receipts.ts";

/** Routes one message: to everyone, or to its target [RT1, RT2]. Says why where it does not. */
export function route(
	hub: Hub,
	connection: Connection,
	envelope: Envelope,
	payload: Uint8Array,
): Refusal | undefined {
	const { target } = envelope;
	const refusal = checkSender(hub, connection, envelope);
	if (target === undefined)
		return refusal ?? broadcast(hub, connection, envelope, payload);
	const why = refusal ?? direct(hub, connection, envelope, target, payload);
	return why && withReceipt(why, envelope.receipt);
}

function checkSender(
	{ options }: Hub,
	{ agents, grant }: Connection,
	envelope: Envelope,
): Refusal | undefined {
	if (options.requireRegistration && agents.length === 0) return NOT_REGISTERED;
	if (!grant.agents || speaksFor(envelope, grant.agents)) return undefined;
	return {
		code: "forbidden",
		message: "the token does not allow this agentId",
	};
}

const NOT_REGISTERED: Refusal = {
	code: "forbidden",
	message: "register first: this gateway routes for agents only",
};

/** Where a token is bound to agents, a message names none but these [RT8]. */
function speaksFor(envelope: Envelope, allowed: readonly string[]): boolean {
	const { agentId, agent_id } = envelope.message();
	return [agentId, agent_id].every(
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
	envelope: Envelope,
	target: string,
	payload: Uint8Array,
): Refusal | undefined {
	const refusal = checkDirected(envelope);
	if (refusal) return refusal;
	const receipt = receiptOf(sender, target, envelope.receipt);
	const agent = hub.registry.get(target);
	if (!agent) return offline(hub, target, receipt);
	hub.totals.directed++;
	const to = agent.connection;
	const frame = hub.host.encode(payload);
	const waits = !isOpen(to);
	// Before it is queued: where there is no room for it, it is dropped at once [RCPT2].
	if (receipt) sendReceipt(hub, receipt, waits ? "queued" : "delivered");
	hub.log.append({ frame, to, receipt: waits ? receipt : undefined });
	if (hub.options.mirrorVisual && isVisual(envelope.type))
		mirror(hub, frame, [sender, to]);
	return undefined;
}

function checkDirected({ retain, receipt }: Envelope): Refusal | undefined {
	if (retain !== undefined && retain !== null)
		return badMessage("only broadcasts are retained: no `target_id`");
	if (receipt === undefined || receipt === null || isReceiptId(receipt))
		return undefined;
	return badMessage(RECEIPT_RULE);
}

const RECEIPT_RULE = `\`receipt\` is a string of 1-${MAX_RECEIPT_LENGTH} characters`;

function receiptOf(
	sender: Connection,
	target: string,
	id: unknown,
): Receipt | undefined {
	if (!isReceiptId(id)) return undefined;
	return { id, target, sender: sender.session ?? { connection: sender } };
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

function mirror(hub: Hub, frame: Uint8Array, except: Connection[]): void {
	for (const browser of browsers(hub))
		if (!except.includes(browser)) hub.log.append({ frame, to: browser });
}

/** Viewers, and the agents whose role says so, those that may come back included [RT2, RES2]. */
function browsers(hub: Hub): Set<Connection> {
	const found = new Set<Connection>();
	for (const { role, connection } of hub.registry.all())
		if (role === BROWSER_ROLE) found.add(connection);
	for (const connection of hub.connections)
		if (connection.phase.state === "live" && connection.agents.length === 0)
			found.add(connection);
	return found;
}
