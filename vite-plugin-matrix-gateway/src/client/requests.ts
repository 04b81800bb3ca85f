import type { GatewayError } from "../core/protocol.ts";
import type { MatrixMessage, OutgoingMessage } from "./messages.ts";
import type { Outbox } from "./outbox.ts";

/** Why a request has no answer. */
export type RequestErrorCode =
	| "timeout"
	| "target_offline"
	| "dropped"
	| "refused"
	| "disposed";

/** What `request` rejects with, unless its `signal` gave another reason. */
export class RequestError extends Error {
	override readonly name = "RequestError";
	readonly code: RequestErrorCode;

	constructor(code: RequestErrorCode, message: string) {
		super(message);
		this.code = code;
	}
}

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

/** The requests that wait for an answer. */
export interface Requests {
	/** Sends a message that asks for an answer, and waits for that. */
	open(
		target: string,
		message: OutgoingMessage,
		options?: RequestOptions,
	): Promise<MatrixMessage>;
	/** Settles what a message from the gateway settles. */
	settle(message: MatrixMessage): void;
	/** Rejects everything that waits. */
	close(code: RequestErrorCode, message: string): void;
}

/** What an answer needs of the message that it answers. */
export interface Answerable {
	readonly reply_to?: unknown;
	readonly agentId?: unknown;
	readonly agent_id?: unknown;
}

interface Waiting {
	readonly target: string;
	resolve(answer: MatrixMessage): void;
	reject(error: unknown): void;
	/** Stops the clock and lets go of the signal. */
	release(): void;
}

const DEFAULT_TIMEOUT = 10_000;

/**
 * Pairs `reply_to` with `in_reply_to`, two fields that the gateway passes through.
 * `agentId` is who asks where a message does not say so itself.
 */
export function createRequests(
	outbox: Pick<Outbox, "send" | "withdraw">,
	agentId: string | undefined,
): Requests {
	const waiting = new Map<string, Waiting>();
	// Tells these requests from those of the same agent before a reload; no secret.
	const prefix = Math.random().toString(36).slice(2);
	let count = 0;
	let closed: RequestError | undefined;

	// Async, so that whatever is wrong comes as a rejection.
	async function open(
		target: string,
		message: OutgoingMessage,
		options: RequestOptions = {},
	): Promise<MatrixMessage> {
		options.signal?.throwIfAborted();
		if (closed) throw closed;
		const id = `${prefix}-${++count}`;
		const request = {
			...toSigned(message, agentId),
			target_id: target,
			reply_to: id,
		};
		return new Promise((resolve, reject) => {
			const release = limit(options, (error) => {
				outbox.withdraw(request);
				take(id)?.reject(error);
			});
			waiting.set(id, { target, resolve, reject, release });
			if (!outbox.send(request))
				take(id)?.reject(
					new RequestError("dropped", "not sent: see onDropped"),
				);
		});
	}

	function take(id: string): Waiting | undefined {
		const request = waiting.get(id);
		waiting.delete(id);
		request?.release();
		return request;
	}

	function rejectAll(error: RequestError, target?: string): void {
		for (const [id, request] of [...waiting])
			if (target === undefined || request.target === target)
				take(id)?.reject(error);
	}

	return {
		open,
		settle(message) {
			const { in_reply_to } = message;
			if (typeof in_reply_to === "string") take(in_reply_to)?.resolve(message);
			const target = toOffline(message);
			if (target === undefined) return;
			const text = `"${target}" is not there`;
			rejectAll(new RequestError("target_offline", text), target);
		},
		close(code, message) {
			closed ??= new RequestError(code, message);
			rejectAll(closed);
		},
	};
}

/** The answer to a message: addressed to its sender, and naming what it answers. */
export function toReply<M extends OutgoingMessage>(
	{ reply_to, agentId, agent_id }: Answerable | MatrixMessage,
	body: M,
): M & { readonly target_id: string; readonly in_reply_to: string } {
	const target = agentId ?? agent_id;
	if (typeof reply_to !== "string" || typeof target !== "string")
		throw new TypeError(
			"Only a message with both reply_to and agentId can be answered.",
		);
	return { ...body, target_id: target, in_reply_to: reply_to };
}

/** The message with an address to answer to. */
function toSigned(
	message: OutgoingMessage & Answerable,
	agentId: string | undefined,
): OutgoingMessage & Answerable {
	if (message.agentId ?? message.agent_id) return message;
	if (agentId === undefined)
		throw new TypeError("A viewer cannot make requests: it has no agentId.");
	return { ...message, agentId };
}

/** Ends a wait at its timeout or its signal, whichever comes first; returns the stop of both. */
function limit(
	{ timeout = DEFAULT_TIMEOUT, signal }: RequestOptions,
	end: (error: unknown) => void,
): () => void {
	const error = () =>
		new RequestError("timeout", `no answer within ${timeout} ms`);
	const timer =
		timeout > 0 ? setTimeout(() => end(error()), timeout) : undefined;
	const abort = () => end(signal?.reason);
	signal?.addEventListener("abort", abort);
	return () => {
		clearTimeout(timer);
		signal?.removeEventListener("abort", abort);
	};
}

/** The agent that a message to it has not found. */
function toOffline(message: MatrixMessage): string | undefined {
	const { type, code, target_id } = message as Partial<GatewayError>;
	const isOffline = type === "gateway_error" && code === "target_offline";
	return isOffline ? target_id : undefined;
}
