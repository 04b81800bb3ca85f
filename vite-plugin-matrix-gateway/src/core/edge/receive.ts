/** The way in: one message, from its bytes to the one command that it asks for [RT6, RT7, ORD3]. */
import {
	agentIdOf,
	type Envelope,
	type Fields,
	readEnvelope,
} from "../protocol/envelope.ts";
import { error, type Part } from "../protocol/gateway-messages.ts";
import {
	isAgentId,
	isReceiptId,
	MAX_RECEIPT_LENGTH,
} from "../protocol/names.ts";
import type { ResolvedOptions } from "../protocol/options.ts";
import { CLOSE, isReserved, isVisual } from "../protocol/protocol.ts";
import {
	badMessage,
	isRefusal,
	ofSubscribe,
	type Refusal,
	withReceipt,
} from "../protocol/refusal.ts";
import type { Command } from "../world/command.ts";
import { NOT_YOURS } from "../world/leave.ts";
import type { NodeTotals } from "../world/node-counts.ts";
import type { WorldState } from "../world/state.ts";
import type { Closer } from "./close.ts";
import { type Connection, isOpen } from "./connection.ts";
import { mayTell, spendError } from "./error-budget.ts";
import type { Failures } from "./failures.ts";
import type { GrantClock } from "./grant-clock.ts";
import type { Host } from "./host.ts";
import { createIntake, type IntakeAccount, tooMuch } from "./intake.ts";
import { count, type Meters } from "./meters.ts";
import type { Newcomers } from "./newcomers.ts";
import { noteBytes } from "./recent-bytes.ts";
import { createRefresher } from "./refresh.ts";
import type { Registrar } from "./register.ts";
import { readRetention } from "./retain-request.ts";
import { needsAgent, refusalByGrant, speaksFor } from "./rights.ts";
import { createSubscriber } from "./subscribe.ts";

/** What receiving needs. */
export interface ReceiverParts {
	readonly host: Host;
	readonly options: ResolvedOptions;
	readonly world: WorldState;
	readonly totals: NodeTotals;
	readonly failures: Failures;
	readonly grantClock: GrantClock;
	readonly meters: Meters;
	readonly newcomers: Newcomers;
	readonly register: Registrar;
	readonly closer: Closer;
	/** Whether the order takes no more for now [ERR4]. */
	isFull(): boolean;
	encode(...parts: readonly Part[]): Uint8Array;
	append(command: Command): void;
}

/**
 * Takes one message from a connection. What is wrong with it is told to its sender alone.
 * @param account What it is charged to; by default the connection's own.
 */
export type Receiver = (
	connection: Connection,
	payload: Uint8Array,
	isBinary: boolean,
	account?: IntakeAccount,
) => void;

export function createReceiver(parts: ReceiverParts): Receiver {
	const { host, options, totals, newcomers, register } = parts;
	const { closer, encode, append, isFull } = parts;
	const intake = createIntake(options);

	function dispatch(
		connection: Connection,
		envelope: Envelope,
		payload: Uint8Array,
	): Refusal | undefined {
		const { type } = envelope;
		if (isFull()) return whileFull(connection, envelope);
		if (type === "agent_register")
			return register(connection, envelope.message(), mayAnswer(connection));
		if (type === "agent_unregister")
			return unregister(connection, envelope.message());
		becomeViewer(connection);
		// There was no room for the greeting: it is closed, and has said nothing [SLOW4].
		if (!isOpen(connection)) return undefined;
		if (type === "ping") return ping(connection, envelope.message());
		if (type === "auth_refresh" && connection.refresh)
			return refresh(connection, envelope.message());
		if (type === "agent_subscribe" && !connection.socket.isDeaf)
			return subscribe(connection, envelope.message());
		if (isReserved(type)) return RESERVED;
		return envelope.target === undefined
			? publish(connection, envelope, payload)
			: send(connection, envelope, envelope.target, payload);
	}

	/** What takes room in the order is refused, and what takes little is not without an end. */
	function whileFull(
		connection: Connection,
		envelope: Envelope,
	): Refusal | undefined {
		const { type } = envelope;
		if (type === "agent_register" && connection.phase.state === "new") {
			// Its client would take an error for the end: it comes back, here or elsewhere.
			closer.close(connection, CLOSE.busy);
			return undefined;
		}
		if (type !== "ping") return withReceipt(TRY_AGAIN, envelope.receipt);
		becomeViewer(connection);
		if (isOpen(connection) && spendError(connection, host.now()) !== "close")
			return ping(connection, envelope.message());
		closer.close(connection, CLOSE.rateLimit);
		return undefined;
	}

	function publish(
		connection: Connection,
		envelope: Envelope,
		payload: Uint8Array,
	): Refusal | undefined {
		const refusal = refusalByGrant(connection.grant, envelope, options);
		if (refusal) return refusal;
		const retain = readRetention(options.retain, envelope);
		if (retain && isRefusal(retain)) return retain;
		append({
			type: "publish",
			conn: connection.id,
			frame: encode(payload),
			echo: options.echo,
			retain,
			messageType: envelope.type,
			needsAgent: needsAgent(envelope, options),
			speaksFor: speaksFor(envelope, options),
			answer: mayAnswer(connection),
		});
		return undefined;
	}

	function send(
		connection: Connection,
		envelope: Envelope,
		target: string,
		payload: Uint8Array,
	): Refusal | undefined {
		const { receipt } = envelope;
		const refusal =
			refusalByGrant(connection.grant, envelope, options) ??
			checkDirected(envelope);
		if (refusal) return withReceipt(refusal, receipt);
		append({
			type: "send",
			conn: connection.id,
			target,
			frame: encode(payload),
			receipt: isReceiptId(receipt) ? receipt : undefined,
			isMirrored: options.mirrorVisual && isVisual(envelope.type),
			messageType: envelope.type,
			needsAgent: needsAgent(envelope, options),
			speaksFor: speaksFor(envelope, options),
			answer: mayAnswer(connection),
		});
		return undefined;
	}

	function unregister(
		connection: Connection,
		fields: Fields,
	): Refusal | undefined {
		const agentId = agentIdOf(fields);
		if (!isAgentId(agentId) || !connection.hasJoined) return NOT_YOURS;
		const { id: conn } = connection;
		append({ type: "leave", conn, agentId, answer: mayAnswer(connection) });
		return undefined;
	}

	function ping(connection: Connection, fields: Fields): undefined {
		const { received } = fields;
		append({
			type: "ping",
			conn: connection.id,
			received: Number.isSafeInteger(received)
				? (received as number)
				: undefined,
		});
	}

	/** A first message that registers nobody makes its connection a viewer [REG4]. */
	function becomeViewer(connection: Connection): void {
		if (!options.requireRegistration && !connection.pending)
			newcomers.becomeViewer(connection);
	}

	/** Whether one more error would be told to its sender [ERR2]. */
	function mayAnswer({ errors }: Connection): boolean {
		return errors === undefined || errors.maySpend(host.now());
	}

	/** Answers a message that is not done as asked, where its sender may be answered or waits for it [ERR2]. */
	function refuse(
		connection: Connection,
		refusal: Refusal,
		isCounted: boolean,
	): void {
		totals.errors++;
		if (refusal.code === "rate_limited") totals.limited++;
		count(parts.meters.errors, refusal.code);
		const verdict = spendError(connection, host.now());
		const isTold = mayTell(verdict, refusal.of);
		append({
			type: "refuse",
			conn: connection.id,
			frame: isTold ? encode(error(refusal)) : undefined,
			isCounted,
			isLast: verdict === "close",
		});
		// While that does not come back its sender would go on.
		if (verdict === "close" && isFull())
			closer.close(connection, CLOSE.rateLimit);
	}

	const subscribe = createSubscriber(parts);
	const refresh = createRefresher({
		...parts,
		mayAnswer,
		refuse: (connection, refusal) => refuse(connection, refusal, false),
	});

	return (connection, payload, isBinary, account = connection) => {
		if (!isOpen(connection)) return;
		totals.received++;
		connection.received++;
		connection.alive = true;
		const now = host.now();
		const { length } = payload;
		connection.receivedBytes += length;
		noteBytes(connection, length, now);
		const wait = intake(account, length, now);
		const envelope = isBinary ? NOT_TEXT : readEnvelope(host, payload);
		const refusal =
			isRefusal(envelope) || wait > 0
				? refusalOf(envelope, wait)
				: dispatch(connection, envelope, payload);
		if (!refusal) return;
		becomeViewer(connection);
		if (!isOpen(connection)) return;
		refuse(connection, named(envelope, refusal), isCounted(envelope));
	};
}

/** Every message counts, whatever becomes of it, but for the connection's own [RES2]. */
function isCounted(envelope: Envelope | Refusal): boolean {
	return isRefusal(envelope) || !UNCOUNTED.has(envelope.type);
}

const UNCOUNTED: ReadonlySet<string> = new Set([
	...["ping", "pong", "auth_refresh"],
]);

function named(envelope: Envelope | Refusal, refusal: Refusal): Refusal {
	const isSubscribe =
		!isRefusal(envelope) && envelope.type === "agent_subscribe";
	return isSubscribe ? ofSubscribe(refusal) : refusal;
}

/** Of what is no message, or one too many [ERR5]. */
function refusalOf(envelope: Envelope | Refusal, wait: number): Refusal {
	if (isRefusal(envelope)) return envelope;
	const refusal = withReceipt(tooMuch(wait), envelope.receipt);
	if (envelope.type !== "agent_register") return refusal;
	const agentId = agentIdOf(envelope.message());
	return isAgentId(agentId) ? { ...refusal, agentId } : refusal;
}

function checkDirected({ retain, receipt }: Envelope): Refusal | undefined {
	if (retain !== undefined && retain !== null)
		return badMessage("only broadcasts are retained: no `target_id`");
	if (receipt === undefined || receipt === null || isReceiptId(receipt))
		return undefined;
	return badMessage(
		`\`receipt\` is a string of 1-${MAX_RECEIPT_LENGTH} characters`,
	);
}

const TRY_AGAIN: Refusal = {
	code: "try_again",
	message:
		"not done: the gateway can take no more for now; send it again later",
};

const NOT_TEXT: Refusal = {
	code: "not_text",
	message: "messages are text frames; this one was binary",
};

const RESERVED: Refusal = {
	code: "reserved_type",
	message:
		"this type is the gateway's own: a client may not send it, and it is never routed",
};
