import type { Ping } from "../world/command.ts";
import type { Closer } from "./close.ts";
import { type Connection, isOpen } from "./connection.ts";
import type { Failures } from "./failures.ts";
import type { Flusher } from "./flusher.ts";
import type { Receiver } from "./receive.ts";

/** One peer's connection, for the host that owns its socket. None of these throws. */
export interface ConnectionHandle {
	readonly id: string;
	/** Takes one message: the payload, which is not kept, and whether its frame was binary. */
	receive(payload: Uint8Array, isBinary: boolean): void;
	/** Asks for a `pong` in the host's own name: it counts as no message. */
	probe(): void;
	/** A pong came, or anything else that shows that the peer lives [HB2]. */
	alive(): void;
	/**
	 * Whether more waits to be written to all than can be soon. Then a host reads nothing more of a peer
	 * that has sent more than was read of it, which counts as a sign of life [CON12, HB2].
	 */
	hasToWait?(): boolean;
	/** The host met an error of its own in what this peer sent: it ends this connection alone [ERR3]. */
	failed(error: unknown): void;
	/** The host is about to close the socket itself: what waits for its peer is written before. */
	ending(): void;
	/** The socket is gone. Later calls, and second ones, change nothing. */
	closed(code: number): void;
}

/** What all handles do their work with. */
export interface HandleParts {
	readonly receive: Receiver;
	readonly closer: Closer;
	readonly flusher: Flusher;
	readonly failures: Failures;
	append(command: Ping): void;
}

/** A class, since there is one for each connection: 40 bytes, where three closures took 272. */
export class Handle implements ConnectionHandle {
	readonly #connection: Connection;
	readonly #parts: HandleParts;

	constructor(connection: Connection, parts: HandleParts) {
		this.#connection = connection;
		this.#parts = parts;
	}

	get id(): string {
		return this.#connection.id;
	}

	receive(payload: Uint8Array, isBinary: boolean): void {
		const { receive, flusher, failures } = this.#parts;
		try {
			receive(this.#connection, payload, isBinary);
			flusher.relieve();
		} catch (error) {
			failures.fail(this.#connection, error);
		}
	}

	probe(): void {
		const { append, flusher, failures } = this.#parts;
		const { id: conn } = this.#connection;
		if (!isOpen(this.#connection)) return;
		try {
			append({ type: "ping", conn, received: undefined });
			flusher.relieve();
		} catch (error) {
			failures.fail(this.#connection, error);
		}
	}

	alive(): void {
		this.#connection.alive = true;
	}

	hasToWait(): boolean {
		// One that is closing has an answer to come.
		if (!isOpen(this.#connection)) return false;
		const isBehind = this.#parts.flusher.isBehind();
		if (isBehind) this.#connection.alive = true;
		return isBehind;
	}

	failed(error: unknown): void {
		if (isOpen(this.#connection))
			this.#parts.failures.fail(this.#connection, error);
	}

	ending(): void {
		const { closer, failures } = this.#parts;
		try {
			closer.drain(this.#connection);
		} catch (error) {
			failures.fail(this.#connection, error);
		}
	}

	closed(code: number): void {
		const { closer, failures } = this.#parts;
		try {
			closer.closed(this.#connection, code);
		} catch (error) {
			failures.break(error);
		}
	}
}
