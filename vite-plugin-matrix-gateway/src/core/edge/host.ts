/** What core/ asks of the program around it, so that it need not know sockets, clocks or Node. */
import type { EnvelopeReader } from "../protocol/envelope.ts";
import type { Part } from "../protocol/gateway-messages.ts";
import type { SharedAccount } from "./intake.ts";

/**
 * A socket as the router sees it: it gives messages to its `ConnectionHandle`, and takes messages,
 * pings and a close. The rest are capabilities that a host may have. None of these throws,
 * whatever state the socket is in, nor calls the handle before it has returned.
 */
export interface Socket {
	/**
	 * Sends one message, the UTF-8 of its text, after all that was sent before. It has to be there
	 * where there is no `Host.encode`, and is not asked where there is.
	 */
	send?(message: Uint8Array): void;
	/** Sends a protocol ping; the answer comes as `ConnectionHandle.alive()`. */
	ping(): void;
	/** Sends a close frame after all that was sent, and awaits the peer's. */
	close(code: number, reason: string): void;
	/** Ends the socket without the closing handshake. Where it is absent, `close` has to do. */
	terminate?(): void;
	/**
	 * Sends whole frames, as `Host.encode` and `compress` made them, after all that was written
	 * before: one write for many messages, of a buffer that many sockets share and nobody changes.
	 * Returns `bufferedBytes`, 0 where there is none. It has to be there where there is
	 * `Host.encode`, and is not asked where there is none.
	 */
	writeFrames?(frames: Uint8Array): number;
	/**
	 * Bytes that were sent and the operating system has not taken yet. Where it is absent, nobody
	 * is found too slow.
	 */
	readonly bufferedBytes?: number;
	/**
	 * Bytes of all that was sent that the operating system has taken: what is asked is whether they
	 * become more [SLOW2]. Where it is absent, what was written less what waits stands for it.
	 */
	readonly takenBytes?: number | undefined;
	/** Whether it may be given what `Host.compress` made; it stays as it is [CMP1]. */
	readonly compresses?: boolean;
	/**
	 * Whether its peer only speaks, a few messages and no more: it is sent all that answers it, but no
	 * greeting of a viewer, which it is not for the status either, and nothing that is for all [HTTP7].
	 */
	readonly isDeaf?: boolean;
	/**
	 * Where it is there, what its peer sends is charged to this, and not to the connection alone: a
	 * client that has one after the other has one account for all [HTTP7].
	 */
	readonly intakeAccount?: SharedAccount | undefined;
	/**
	 * Where it is there, it takes all messages, in the place of `writeFrames`, with their places in
	 * the order. Its peer only listens: it is a viewer at once [HTTP9]. Such a socket has `terminate`
	 * and `bufferedBytes`, and its host `encode`.
	 */
	readonly listening?: Listening;
}

/** What is told to who may go on later from where it was [HTTP9, HTTP10]. */
export interface Listening {
	/** The id after which it wants to go on; undefined where it begins. */
	readonly lastId: string | undefined;
	/** Where there is such an id: whether it goes on there, before it hears anything. */
	begin(how: Beginning): void;
	/**
	 * Takes messages, after all that it was sent before, and says how many bytes it has to send for
	 * them. Of what is routed it may send only the types of that list, where there is one.
	 */
	hear(
		heard: readonly Heard[],
		subscribe: readonly string[] | undefined,
	): number;
}

/** How one begins that names an id. */
export type Beginning =
	| {
			readonly isResumed: true;
			/** How many broadcasts it has missed, which follow. */
			readonly missed: number;
			readonly id: string;
	  }
	| {
			/** It begins anew: the id is of another history, or what came after it is not kept any more. */
			readonly isResumed: false;
			readonly reason: "unknown" | "gone";
	  };

/** One message or several, as whole frames in one piece. */
export interface Heard {
	readonly frames: Uint8Array;
	/** That of the place after them. Absent where one may not go on from there. */
	readonly id: string | undefined;
}

/** The services of a host. They may be called without their `this`. */
export interface Host extends EnvelopeReader {
	/** Milliseconds since 1970, with fractions; it never runs backwards. */
	now(): number;
	/**
	 * Milliseconds since 1970 as the clock on the wall has them, which may jump when it is set: what
	 * ends at a date ends by it [AUTH4]. Where it is absent, `now` stands for it.
	 */
	wallTime?(): number;
	/**
	 * Milliseconds that the process has had nothing to do, since it began. Where it is absent,
	 * broadcasts wait for each other as if there were no other work than writing them [RT5].
	 */
	idleTime?(): number;
	/** Told of each flush of broadcasts, or part of one, how many milliseconds it took [CON12]. */
	wrote?(milliseconds: number): void;
	/**
	 * Calls back once, after so many milliseconds and once the input that is there by then has been
	 * read, so that nobody is held to a time in which the process was busy or asleep [HB5]. It does
	 * not keep the process alive. Returns what stops it.
	 */
	setTimer(callback: () => void, milliseconds: number): () => void;
	/** Calls back once the input that is already here has been read. */
	defer(callback: () => void): void;
	/** A short identifier that is never given twice, here or elsewhere. */
	randomId(): string;
	/** A text that nobody can guess. */
	randomSecret(): string;
	/** A text from which the given one cannot be found, always the same for the same: its SHA-256. */
	digest(secret: string): string;
	/** The keys by which grants of a token may be known; its digest alone, where it is absent [AUTH5]. */
	keysOf?(token: string): readonly string[];
	/**
	 * Makes one text frame of a payload, or of its parts. The result shares no memory with them.
	 * Absent where its sockets take messages, not frames.
	 */
	readonly encode?: ((...parts: readonly Part[]) => Uint8Array) | undefined;
	/**
	 * Makes a compressed frame of one that `encode` made, or gives that one back where it would
	 * not gain enough. To be asked twice for one frame costs nothing. Absent where the host
	 * compresses nothing [CMP1].
	 */
	readonly compress?: ((frame: Uint8Array) => Uint8Array) | undefined;
	/** Writes UTF-8. The result may be kept for long: it is no view of anything larger. */
	toUtf8(text: string): Uint8Array;
}

/** What the clock on the wall says. */
export function wallTime(host: Host): number {
	return host.wallTime ? host.wallTime() : host.now();
}
