/** A WebSocket without a network: the client's end and the gateway's, in one process. */
import type { Socket } from "../core/edge/host.ts";
import type { ConnectionHandle } from "../core/gateway.ts";
import { CLOSED, CLOSING, ClientEnd, CONNECTING, OPEN } from "./client-end.ts";
import { decodeText } from "./codec.ts";
import { payloadsOf } from "./frame.ts";

/** Opens a socket at a gateway, as `gateway.open` does; or throws, as where there is none for now. */
export type OpenSocket = (
	socket: Socket,
) => ConnectionHandle | Promise<ConnectionHandle>;

/** Has what arrives at either end do so in a later turn, in the order of the calls. */
export type Carry = (arrive: () => void) => void;

/** A class for the client's option `WebSocket`, each of whose sockets is opened by that function. */
export function memoryWebSocket(open: OpenSocket): new () => MemoryWebSocket {
	return class extends MemoryWebSocket {
		constructor() {
			super(open);
		}
	};
}

/**
 * What either end sends arrives at the other one in a later turn, in order: no gateway hears of a
 * message within what it calls, and no listener is called within its own `send`.
 */
export class MemoryWebSocket extends ClientEnd {
	readonly #carry: Carry;
	#handle: ConnectionHandle | undefined;
	#waiting = 0;

	constructor(open: OpenSocket, carry = createCarry()) {
		super();
		this.#carry = carry;
		void this.#open(open);
	}

	/** The client's message. */
	send(data: string): void {
		if (this.readyState !== OPEN) return;
		const payload = Buffer.from(data);
		this.#later(() => this.#handle?.receive(payload, false));
	}

	/** The close of either end, after all that it has sent. */
	close(code = 1005, reason = ""): void {
		if (this.readyState >= CLOSING) return;
		this.readyState = CLOSING;
		this.#later(() => this.#end(code, reason));
	}

	/** The line is gone: either end finds out, and what is on its way is lost. */
	cut(): void {
		this.#end(1006, "");
	}

	async #open(open: OpenSocket): Promise<void> {
		// Never within the constructor: nobody listens yet.
		await Promise.resolve();
		try {
			const handle = await open(this.#gatewaysEnd());
			this.#handle = handle;
			// The client has given up meanwhile.
			if (this.readyState === CLOSED) handle.closed(1006);
			if (this.readyState !== CONNECTING) return;
			this.readyState = OPEN;
			this.tell("open", undefined);
		} catch (error) {
			const { message } = error as Error;
			this.tell("error", { message });
			this.#end(1006, "");
		}
	}

	/** What the gateway writes to. */
	#gatewaysEnd(): Socket {
		const waiting = () => this.#waiting;
		return {
			writeFrames: (frames) => this.#write(frames),
			ping: () => this.#later(() => this.#handle?.alive()),
			close: (code, reason) => this.close(code, reason),
			terminate: () => this.close(1006),
			get bufferedBytes() {
				return waiting();
			},
		};
	}

	#write(frames: Uint8Array): number {
		if (this.readyState <= OPEN) {
			this.#waiting += frames.byteLength;
			this.#later(() => this.#hear(frames));
		}
		return this.#waiting;
	}

	#hear(frames: Uint8Array): void {
		this.#waiting -= frames.byteLength;
		for (const payload of payloadsOf(frames))
			this.tell("message", { data: decodeText(payload) });
	}

	#end(code: number, reason: string): void {
		if (this.readyState === CLOSED) return;
		this.readyState = CLOSED;
		this.#handle?.ending();
		this.#handle?.closed(code);
		this.tell("close", { code, reason });
	}

	#later(arrive: () => void): void {
		this.#carry(() => {
			if (this.readyState !== CLOSED) arrive();
		});
	}
}

/** All of one turn together; what is said meanwhile comes in the next one. */
function createCarry(): Carry {
	let turn: (() => void)[] = [];
	return (arrive) => {
		if (turn.push(arrive) > 1) return;
		setImmediate(() => {
			const arriving = turn;
			turn = [];
			for (const each of arriving) each();
		});
	};
}
