/** A connection for the length of a request, which says one message after the other [HTTP7]. */
import type { Socket } from "../../../core/edge/host.ts";
import type { SharedAccount } from "../../../core/edge/intake.ts";
import type { ConnectionHandle, Gateway } from "../../../core/gateway.ts";
import type { Grant } from "../../../core/protocol/grant.ts";
import type { CloseStatus } from "../../../core/protocol/protocol.ts";
import { payloadsOf } from "../../frame.ts";

/** What became of one message. */
export type Result =
	| { readonly ok: true }
	| { readonly receipt: object }
	| { readonly error: object };

export interface Speaker {
	/** Says a message, and resolves when it has its place, or was refused. One at a time. */
	say(message: Uint8Array): Promise<Result>;
	/** Resolves when all that was asked for before has its place, and is kept. */
	settle(): Promise<unknown>;
	/** How the gateway has closed it, where it has. */
	readonly closing: CloseStatus | undefined;
}

export interface SpeakerOptions {
	readonly grant?: Grant;
	/** What its messages are charged to, with those of others. */
	readonly account?: SharedAccount;
}

/** Milliseconds for all that is said on one. */
const SAYING_TIMEOUT = 10_000;

/**
 * Opens one for as long as some work takes, but for `SAYING_TIMEOUT` at most.
 * @throws Closed what `say` and `settle` throw where the gateway has closed it, or its time is over.
 */
export async function withSpeaker<Answer>(
	gateway: Gateway,
	{ grant, account }: SpeakerOptions,
	work: (speaker: Speaker) => Promise<Answer>,
): Promise<Answer> {
	const speaker = new SpeakerSocket(account);
	speaker.handle = gateway.open(speaker, grant);
	const timer = setTimeout(() => speaker.end(), SAYING_TIMEOUT);
	try {
		return await work(speaker);
	} finally {
		clearTimeout(timer);
		speaker.end();
	}
}

/** There is no answer any more. */
export class Closed extends Error {}

class SpeakerSocket implements Socket, Speaker {
	readonly isDeaf = true;
	readonly bufferedBytes = 0;
	readonly intakeAccount: SharedAccount | undefined;
	handle: ConnectionHandle | undefined;
	closing: CloseStatus | undefined;
	#isOver = false;
	#result: Result = DONE;
	#waiting: PromiseWithResolvers | undefined;
	/** Whether the next `pong` is that of a message. */
	#hasPinged = false;

	constructor(account: SharedAccount | undefined) {
		this.intakeAccount = account;
	}

	say(message: Uint8Array): Promise<Result> {
		if (this.#isOver) return Promise.reject(new Closed());
		this.#result = DONE;
		this.#hasPinged = isPing(message);
		this.handle?.receive(message, false);
		// What is answered before its `pong` is of this message: answers keep their order [RT5].
		return this.settle();
	}

	settle(): Promise<Result> {
		if (this.#isOver) return Promise.reject(new Closed());
		const waiting = createWaiting();
		this.#waiting = waiting;
		this.handle?.probe();
		return waiting.promise;
	}

	end(): void {
		this.#finish(1000);
	}

	writeFrames(frames: Uint8Array): number {
		for (const payload of payloadsOf(frames)) this.#take(payload);
		return 0;
	}

	ping(): void {
		queueMicrotask(() => this.handle?.alive());
	}

	close(code: number, reason: string): void {
		this.closing ??= { code, reason };
		this.#finish(code);
	}

	terminate(): void {
		this.#finish(1006);
	}

	/** Others' messages never have these types, though a copy of one may come [RT2, RT6]. */
	#take(payload: Uint8Array): void {
		const { type, ...fields } = JSON.parse(DECODER.decode(payload));
		if (type === "gateway_error") {
			this.#result = { error: fields };
			this.#hasPinged = false;
		} else if (type === "gateway_receipt") this.#result = { receipt: fields };
		else if (type === "pong" && this.#hasPinged) this.#hasPinged = false;
		else if (type === "pong") {
			this.#waiting?.resolve(this.#result);
			this.#waiting = undefined;
		}
	}

	#finish(code: number): void {
		if (this.#isOver) return;
		this.#isOver = true;
		this.#waiting?.reject(new Closed());
		this.#waiting = undefined;
		// Never within what the gateway calls.
		queueMicrotask(() => this.handle?.closed(code));
	}
}

/** It may be written with escapes. */
function isPing(message: Uint8Array): boolean {
	const text = Buffer.from(message.buffer, message.byteOffset, message.length);
	return (
		(text.includes('"ping"') || text.includes("\\u")) &&
		JSON.parse(text.toString()).type === "ping"
	);
}

const DONE: Result = { ok: true };
const DECODER = new TextDecoder();

interface PromiseWithResolvers {
	readonly promise: Promise<Result>;
	readonly resolve: (result: Result) => void;
	readonly reject: (error: Closed) => void;
}

/** `Promise.withResolvers`, which Node 20 has not. */
function createWaiting(): PromiseWithResolvers {
	let resolve!: PromiseWithResolvers["resolve"];
	let reject!: PromiseWithResolvers["reject"];
	const promise = new Promise<Result>((...both) => {
		[resolve, reject] = both;
	});
	return { promise, resolve, reject };
}
