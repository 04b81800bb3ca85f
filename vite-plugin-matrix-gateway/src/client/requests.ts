import type {
	GatewayError,
	GatewayReceipt,
	ReceiptStatus,
} from "../core/protocol/protocol.ts";
import type { Clock } from "./clock.ts";
import type { MatrixMessage, OutgoingMessage } from "./messages.ts";
import type { Outbox } from "./outbox.ts";
import { readText } from "./read-message.ts";
import { withSender } from "./reply.ts";

/** Why a request has no answer. */
export type RequestErrorCode =
	| "timeout"
	| "target_offline"
	| "dropped"
	| "refused"
	| "invalid"
	| "disposed";

/** What `request` rejects with, unless its `signal` gave another reason. */
export class RequestError extends Error {
	override readonly name = "RequestError";
	readonly code: RequestErrorCode;

	constructor(code: RequestErrorCode, message: string) {
		super(message);
		this.code = code;
	}

	/** That of another copy of the package is one, too: agents that Vite runs or bundles have a copy each. */
	static override [Symbol.hasInstance](value: unknown): boolean {
		return value instanceof Error && value.name === "RequestError";
	}
}

/** What became of a message in the end. */
export type DeliveryStatus = Exclude<ReceiptStatus, "queued">;

/** How long a request waits. */
export interface RequestOptions {
	/**
	 * Milliseconds; 0: for ever.
	 *
	 * @default 10_000
	 */
	readonly timeout?: number | undefined;
	/** Gives the request up; it then rejects with the signal's reason. */
	readonly signal?: AbortSignal | undefined;
}

/** The messages whose sender waits for an answer or a receipt. */
export interface Requests {
	/** Sends a message that asks for an answer, and waits for that. */
	open(
		target: string,
		message: OutgoingMessage,
		options?: RequestOptions,
	): Promise<MatrixMessage>;
	/** Sends a message and waits for its receipt. */
	deliver(
		target: string,
		message: OutgoingMessage,
		options?: RequestOptions,
	): Promise<DeliveryStatus>;
	/** Handles an answer, a receipt or an error for the request of that name. */
	handle(name: string, message: MatrixMessage): void;
	/** Rejects the request of that name: its answer is not as the schema says. */
	invalid(name: string): void;
	/** Rejects everything that waits. */
	close(code: RequestErrorCode, message: string): void;
}

/** What a message means for the request that it names; undefined: nothing yet. */
type Judge<T> = (message: MatrixMessage) => T | RequestError | undefined;

interface Waiting {
	hear(message: MatrixMessage): void;
	reject(error: unknown): void;
	/** Stops the timer, and removes the listener of the signal. */
	release(): void;
}

const DEFAULT_TIMEOUT = 10_000;

/**
 * Pairs `reply_to` with `in_reply_to`, two fields that the gateway passes through, and
 * `receipt` with the gateway's answer to it [RCPT]. `agentId` is the sender of messages that do
 * not name one.
 */
export function createRequests(
	outbox: Pick<Outbox, "send" | "withdraw">,
	agentId: string | undefined,
	clock: Clock,
): Requests {
	const waiting = new Map<string, Waiting>();
	// Tells these requests from those of the same agent before a reload; no secret.
	const prefix = clock.random().toString(36).slice(2);
	let count = 0;
	let closed: RequestError | undefined;

	function wait<T>(
		message: OutgoingMessage & { readonly receipt: string },
		options: RequestOptions,
		judge: Judge<T>,
	): Promise<T> {
		options.signal?.throwIfAborted();
		if (closed) throw closed;
		const id = message.receipt;
		return new Promise((resolve, reject) => {
			const end = (error: unknown) => take(id)?.reject(error);
			const release = limit(options, clock, (error) => {
				outbox.withdraw(message);
				end(error);
			});
			const hear = (heard: MatrixMessage) => {
				const verdict = heard.type === ERROR ? toRefused(heard) : judge(heard);
				if (verdict instanceof RequestError) end(verdict);
				else if (verdict !== undefined) {
					take(id);
					resolve(verdict);
				}
			};
			waiting.set(id, { hear, reject, release });
			try {
				if (!outbox.send(message))
					end(new RequestError("dropped", "not sent: see onDropped"));
			} catch (error) {
				// The schema refuses the message.
				end(error);
			}
		});
	}

	function take(id: string): Waiting | undefined {
		const request = waiting.get(id);
		waiting.delete(id);
		request?.release();
		return request;
	}

	function address(target: string) {
		return { target_id: target, receipt: `${prefix}-${++count}` };
	}

	return {
		// Async, so that what is thrown becomes a rejection.
		async open(target, message, options = {}) {
			const addressed = { ...withSender(message, agentId), ...address(target) };
			const request = { ...addressed, reply_to: addressed.receipt };
			return wait(request, options, judgeRequest);
		},
		async deliver(target, message, options = {}) {
			return wait({ ...message, ...address(target) }, options, judgeDelivery);
		},
		handle(name, message) {
			waiting.get(name)?.hear(message);
		},
		invalid(name) {
			take(name)?.reject(
				new RequestError("invalid", "the schema refuses the answer"),
			);
		},
		close(code, message) {
			closed ??= new RequestError(code, message);
			for (const id of [...waiting.keys()]) take(id)?.reject(closed);
		},
	};
}

/**
 * The name of the request that a message answers: the `receipt` or `reply_to` of a message of this
 * client, if it is one. The message is a receipt, an error for a receipt, or a peer's answer.
 */
export function toAnswered(message: MatrixMessage): string | undefined {
	const { type, id, receipt, in_reply_to } = message;
	const name = type === RECEIPT ? id : type === ERROR ? receipt : in_reply_to;
	return typeof name === "string" ? name : undefined;
}

/** Calls `end` at the timeout or the signal, whichever comes first. Returns what cancels both. */
function limit(
	{ timeout = DEFAULT_TIMEOUT, signal }: RequestOptions,
	{ setTimer }: Pick<Clock, "setTimer">,
	end: (error: unknown) => void,
): () => void {
	const error = () =>
		new RequestError("timeout", `no answer within ${timeout} ms`);
	const stopTimer =
		timeout > 0 ? setTimer(() => end(error()), timeout) : undefined;
	const abort = () => end(signal?.reason);
	signal?.addEventListener("abort", abort);
	return () => {
		stopTimer?.();
		signal?.removeEventListener("abort", abort);
	};
}

const RECEIPT: GatewayReceipt["type"] = "gateway_receipt";
const ERROR: GatewayError["type"] = "gateway_error";

function toRefused(heard: MatrixMessage): RequestError {
	const reason = `${readText(heard.code)}: ${readText(heard.message)}`;
	return new RequestError("refused", reason);
}

/** A request fails if its message was not delivered; a receipt for it is not yet an answer. */
const judgeRequest: Judge<MatrixMessage> = (message) => {
	const { type, status } = message;
	if (type !== RECEIPT) return message;
	const target = readText(message.target_id);
	if (status === "offline")
		return new RequestError("target_offline", `"${target}" is not there`);
	if (status === "dropped")
		return new RequestError("dropped", `"${target}" did not come back`);
	return undefined;
};

/** Ignores statuses that it does not know [RT10]. */
const judgeDelivery: Judge<DeliveryStatus> = ({ type, status }) =>
	type === RECEIPT ? FINAL.find((final) => final === status) : undefined;

const FINAL: readonly DeliveryStatus[] = ["delivered", "offline", "dropped"];
