/** A connection whose peer reads a stream of events, and says nothing [HTTP9]. */
import type {
	Beginning,
	Heard,
	Listening,
	Socket,
} from "../../../core/edge/host.ts";
import type { ConnectionHandle, Gateway } from "../../../core/gateway.ts";
import type { Grant } from "../../../core/protocol/grant.ts";
import { CLOSE, type CloseStatus } from "../../../core/protocol/protocol.ts";
import { eventTextsOf, namedEvent } from "./event-text.ts";
import { passes, type Types } from "./type-filter.ts";

export interface EventStreamOptions {
	readonly grant: Grant;
	readonly types: Types | undefined;
	readonly lastId: string | undefined;
	/** Called once, when nothing more can come of it. */
	onEnd(): void;
}

export interface EventStream {
	/** How the gateway has closed it, before anything else came. */
	readonly refused: CloseStatus | undefined;
	readonly body: ReadableStream<Uint8Array>;
}

export function openEventStream(
	gateway: Gateway,
	options: EventStreamOptions,
): EventStream {
	const socket = new EventSocket(options);
	try {
		socket.handle = gateway.open(socket, options.grant);
	} catch (error) {
		options.onEnd();
		throw error;
	}
	return socket;
}

/** A stream that asks for a piece when the one before it has gone to the operating system. */
class EventSocket implements Socket, Listening, EventStream {
	readonly lastId: string | undefined;
	readonly body: ReadableStream<Uint8Array>;
	readonly listening: Listening = this;
	handle: ConnectionHandle | undefined;
	refused: CloseStatus | undefined;
	bufferedBytes = 0;
	takenBytes = 0;
	readonly #options: EventStreamOptions;
	#controller!: ReadableStreamDefaultController<Uint8Array>;
	#pieces: Buffer[] = [];
	#isAsked = false;
	#hasHeard = false;
	#closing: CloseStatus | undefined;
	#isOver = false;
	/** That of what was not for it, which it was not told yet. */
	#untoldId: string | undefined;

	constructor(options: EventStreamOptions) {
		this.#options = options;
		this.lastId = options.lastId;
		this.body = new ReadableStream<Uint8Array>(
			{
				start: (controller) => {
					this.#controller = controller;
				},
				pull: () => {
					this.#isAsked = true;
					this.#give();
				},
				cancel: () => this.#end(NO_CLOSE),
			},
			{ highWaterMark: 0 },
		);
		// Not all at once, where many come back after a restart.
		this.#write(`retry: ${Math.round(500 + Math.random() * 1500)}\n\n`);
	}

	begin(how: Beginning): void {
		if (how.isResumed) {
			const { missed, id } = how;
			this.#write(namedEvent("resumed", { missed }, { id }));
		} else this.#write(namedEvent("lost", { reason: how.reason }));
	}

	hear(heard: readonly Heard[], subscribe: Types | undefined): number {
		this.#hasHeard = true;
		let bytes = 0;
		let batch = "";
		for (const one of heard)
			for (const text of this.#textsOf(one, subscribe)) {
				batch += text;
				if (batch.length < PIECE) continue;
				bytes += this.#write(batch);
				batch = "";
			}
		return bytes + this.#write(batch);
	}

	/** What brings no place with it. */
	writeFrames(frames: Uint8Array): number {
		this.hear([{ frames, id: undefined }], this.#options.grant.subscribe);
		return this.bufferedBytes;
	}

	/** Something crosses the line, and who reads all is alive: what it does not read is judged by its bytes. */
	ping(): void {
		const id = this.#untoldId;
		this.#untoldId = undefined;
		this.#write(id === undefined ? ":\n\n" : `id: ${id}\n\n`);
		queueMicrotask(() => this.handle?.alive());
	}

	close(code: number, reason: string): void {
		if (this.#closing || this.#isOver) return;
		this.#closing = { code, reason };
		if (!this.#hasHeard) this.refused = this.#closing;
		if (code === CLOSE.tooSlow.code) this.#drop();
		this.#write(namedEvent("close", { code, reason }));
	}

	terminate(): void {
		if (this.#isOver) return;
		this.#end(this.#closing?.code ?? NO_CLOSE);
		this.#controller.error(new Error("terminated"));
	}

	/** The events of what it is to have, the last of them with the id, if that is the last there is. */
	#textsOf({ frames, id }: Heard, subscribe: Types | undefined): string[] {
		const { types } = this.#options;
		const all = eventTextsOf(frames);
		const isFiltered = types !== undefined || subscribe !== undefined;
		const own = isFiltered
			? all.filter(({ type }) => passes(type, types, subscribe))
			: all;
		const texts = own.map(({ text }) => text);
		if (id === undefined) return texts;
		this.#untoldId = own.at(-1) === all.at(-1) ? undefined : id;
		if (this.#untoldId === undefined)
			texts.push(`id: ${id}\n${texts.pop() ?? ""}`);
		return texts;
	}

	/** Returns how many bytes that is. */
	#write(text: string): number {
		if (text === "" || this.#isOver) return 0;
		const piece = Buffer.from(text);
		this.#pieces.push(piece);
		this.bufferedBytes += piece.length;
		this.#give();
		return piece.length;
	}

	#give(): void {
		if (!this.#isAsked || this.#isOver) return;
		if (this.#pieces.length > 0) {
			this.#isAsked = false;
			this.#controller.enqueue(this.#nextPiece());
		} else if (this.#closing) {
			this.#end(this.#closing.code);
			this.#controller.close();
		}
	}

	/** No more than is to wait where nobody counts it any more. */
	#nextPiece(): Buffer {
		let count = 0;
		let bytes = 0;
		while (bytes < PIECE && count < this.#pieces.length)
			bytes += this.#pieces[count++]?.length ?? 0;
		this.bufferedBytes -= bytes;
		this.takenBytes += bytes;
		return Buffer.concat(this.#pieces.splice(0, count), bytes);
	}

	#drop(): void {
		this.#pieces = [];
		this.bufferedBytes = 0;
	}

	#end(code: number): void {
		if (this.#isOver) return;
		this.#isOver = true;
		this.#drop();
		this.#options.onEnd();
		// Never within what the gateway calls.
		queueMicrotask(() => this.handle?.closed(code));
	}
}

/** The code of an end without a close frame. */
const NO_CLOSE = 1006;

/** About so many bytes go to Node at once; an event is never cut. */
const PIECE = 64 * 1024;
