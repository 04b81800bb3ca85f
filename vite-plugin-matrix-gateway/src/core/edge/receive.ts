/** The way in: one message, from its bytes to whoever does what it asks [RT6, RT7]. */

import type { Hub } from "../hub.ts";
import {
	type Envelope,
	isRefusal,
	type Refusal,
	readEnvelope,
} from "../protocol/envelope.ts";
import { message } from "../protocol/gateway-messages.ts";
import { isReserved } from "../protocol/protocol.ts";
import { refuse } from "../refusing.ts";
import { register, unregister } from "../world/join.ts";
import { route } from "../world/publish.ts";
import { confirm } from "../world/session-account.ts";
import { type Connection, isOpen } from "./connection.ts";
import { becomeViewer } from "./greet.ts";

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
	const envelope = isBinary ? NOT_TEXT : readEnvelope(hub.host, payload);
	if (connection.session && isCounted(envelope)) connection.session.received++;
	const refusal = isRefusal(envelope)
		? envelope
		: dispatch(hub, connection, envelope, payload);
	if (!refusal) return;
	settle(hub, connection);
	if (isOpen(connection)) refuse(hub, connection, refusal);
}

const NOT_TEXT: Refusal = {
	code: "not_text",
	message: "messages are text frames; this one was binary",
};

function dispatch(
	hub: Hub,
	connection: Connection,
	envelope: Envelope,
	payload: Uint8Array,
): Refusal | undefined {
	const { type } = envelope;
	if (type === "agent_register")
		return register(hub, connection, envelope.message());
	if (type === "agent_unregister")
		return unregister(hub, connection, envelope.message());
	settle(hub, connection);
	// There was no room for the greeting: it is closed, and has said nothing [SLOW4].
	if (!isOpen(connection)) return undefined;
	if (type === "ping")
		return pong(hub, connection, envelope.message().received);
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
	"this type is the gateway's own: a client may not send it, and it is never routed";

/** A first message that registers nobody makes its connection a viewer [REG4]. */
function settle(hub: Hub, connection: Connection): void {
	if (!hub.options.requireRegistration) becomeViewer(hub, connection);
}
