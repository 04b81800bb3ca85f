/** What core/ asks of the program around it, so that it need not know sockets, clocks or Node. */

/**
 * A socket as the router sees it. None of these throws, whatever state the socket is in, nor calls
 * the `ConnectionHandle` before it has returned.
 */
export interface Socket {
	/** Bytes accepted by `write` that the operating system has not taken yet. */
	readonly bufferedBytes: number;
	/**
	 * Bytes of all that was sent that the operating system has taken: what is asked is whether they
	 * become more [SLOW2]. Where it is absent, what was written less what waits stands for it.
	 */
	readonly takenBytes?: number | undefined;
	/** Whether it may be given what `Host.compress` made; it stays as it is [CMP1]. */
	readonly compresses?: boolean;
	/**
	 * Sends whole frames, as `Host.encode` and `compress` made them, after all that was written
	 * before. Returns `bufferedBytes`.
	 */
	write(frames: Uint8Array): number;
	/** Sends a protocol ping; the answer comes as `ConnectionHandle.alive()`. */
	ping(): void;
	/** Sends a close frame after all that was written, and awaits the peer's. */
	close(code: number, reason: string): void;
	/** Ends the socket without the closing handshake. */
	terminate(): void;
}

/** The services of a host. */
export interface Host {
	/** Milliseconds since 1970, with fractions; it never runs backwards. */
	now(): number;
	/**
	 * Calls back once, after so many milliseconds and once the input that is there by then has been
	 * read, so that nobody is held to a time in which the process was busy or asleep [HB5]. It does
	 * not keep the process alive. Returns what stops it.
	 */
	setTimer(callback: () => void, milliseconds: number): () => void;
	/** Calls back once the input that is already here has been read. */
	defer(callback: () => void): void;
	/** A short identifier that is never given twice. */
	randomId(): string;
	/** A text that nobody can guess. */
	randomSecret(): string;
	/** Whether two texts are equal, in a time that tells nothing of where they differ. */
	isEqual(one: string, other: string): boolean;
	/** Makes one text frame of a payload, or of its parts. The result shares no memory with them. */
	encode(...parts: readonly Part[]): Uint8Array;
	/**
	 * Makes a compressed frame of one that `encode` made, or gives that one back where it would
	 * not gain enough. To be asked twice for one frame costs nothing. Absent where the host
	 * compresses nothing [CMP1].
	 */
	readonly compress?: ((frame: Uint8Array) => Uint8Array) | undefined;
	/**
	 * Finds a message's envelope without parsing all of it. It may be undefined for any message,
	 * which is parsed then; it has to be for what is not one valid JSON object with a `type`, or
	 * deeper than MAX_DEPTH, and where there is `retain` or `receipt` [RT7].
	 */
	readonly findEnvelope?:
		| ((payload: Uint8Array) => FoundEnvelope | undefined)
		| undefined;
	/** Reads UTF-8. */
	fromUtf8(bytes: Uint8Array): string;
	/** Writes UTF-8. The result may be kept for long: it is no view of anything larger. */
	toUtf8(text: string): Uint8Array;
}

/** A part of a payload, in UTF-8 where it is bytes. */
export type Part = Uint8Array | string;

/**
 * What `JSON.parse` would find: `type`, a string that is not empty, and `target_id`, another or
 * absent.
 */
export interface FoundEnvelope {
	readonly type: string;
	readonly target: string | undefined;
}

/** What a token allows [AUTH1]. What is absent is not limited. */
export interface Grant {
	/** The only agentIds that may be registered and spoken for [REG5, RT8]. */
	readonly agents?: readonly string[];
	/** The only roles that may be registered. */
	readonly roles?: readonly string[];
}
