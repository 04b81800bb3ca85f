/** A ws WebSocket that the router can write to, and that tells it what comes. */
import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import type { Socket } from "../core/edge/host.ts";
import type { ConnectionHandle, Gateway, Refresh } from "../core/gateway.ts";
import type { Grant } from "../core/protocol/grant.ts";
import { CLOSE } from "../core/protocol/protocol.ts";
import { hasCompression } from "./compression.ts";
import { PING_FRAME } from "./frame.ts";
import type { TcpHandle } from "./native-io.ts";
import { nativeIoOf } from "./node-gateway.ts";
import { hear } from "./read-shares.ts";
import { limitStream } from "./read-turns.ts";
import { takenBytesOf } from "./taken-bytes.ts";
import {
	boundUnfinished,
	dropUnfinished,
	type Owner,
	type Unfinished,
	type UnfinishedAccount,
	unfinishedAccountOf,
} from "./unfinished-messages.ts";
import type { Limits } from "./worlds.ts";
import {
	bufferedBytesOf,
	type FrameTarget,
	writeFrames,
} from "./write-frames.ts";
import { setSender } from "./write-lag.ts";
import { failReceiver, findReceiver } from "./ws-receiver.ts";

/**
 * What ws makes of an upgrade (its option `WebSocket`), and after `connect` the router's socket.
 *
 * One object, which takes its events where ws emits them: a second one beside ws's, with listeners
 * and what they close over, was 0.8 kB of each idle connection.
 */
export class GatewayWebSocket
	extends WebSocket
	implements Socket, FrameTarget, Owner
{
	stream!: Duplex;
	handle: TcpHandle | undefined;
	isBehind = false;
	waitingBytes = 0;
	compresses = false;
	account: UnfinishedAccount | undefined;
	unfinished: Unfinished | undefined;
	#connection: ConnectionHandle | undefined;
	#closeTimeout = 0;

	/** Bounds what a peer can take of the process that is not let in. */
	confine(limits: Limits, stream: Duplex): void {
		this.#own(limits, stream);
		limitStream(stream);
	}

	/** Gives it, and the stream below it, to the gateway. */
	connect(
		gateway: Gateway,
		stream: Duplex,
		grant: Grant,
		refresh?: Refresh,
	): void {
		this.#own(gateway, stream);
		const io = nativeIoOf(gateway);
		this.handle = io.handleFor(stream);
		// The answer to the upgrade may be held back.
		this.isBehind = stream.writableCorked > 0;
		this.compresses = hasCompression(this);
		this.#closeTimeout = gateway.closeTimeout;
		const connection = gateway.open(this, grant, refresh);
		this.#connection = connection;
		setSender(stream, connection);
		// What ws inflates takes it a while, and nothing that follows may overtake that.
		const isReadBelow =
			!this.compresses && io.read(stream, findReceiver(this), connection);
		if (!isReadBelow) limitStream(stream, this.compresses);
		// Both close frames were sent, and all that is missing is the peer's end of the stream.
		stream.on("finish", onFinish);
	}

	override emit(event: string | symbol, ...values: unknown[]): boolean {
		const connection = this.#connection;
		if (event === "close") dropUnfinished(this);
		if (!connection) return super.emit(event, ...values);
		if (event === "message") {
			hear(this.stream);
			connection.receive(values[0] as Buffer, values[1] as boolean);
		} else if (event === "pong") connection.alive();
		else if (event === "error") this.#fail(connection, values[0] as Error);
		else if (event === "close") connection.closed(values[0] as number);
		// An error that nobody listens for would be thrown.
		return event === "error" || super.emit(event, ...values);
	}

	// In the same way as what ws finds wrong.
	evict(): void {
		const { code, reason } = CLOSE.busy;
		const receiver = findReceiver(this);
		dropUnfinished(this);
		this.close(code, reason);
		if (receiver) failReceiver(receiver, new NoRoomError());
	}

	get bufferedBytes(): number {
		return bufferedBytesOf(this);
	}

	get takenBytes(): number | undefined {
		return takenBytesOf(this.stream);
	}

	// Whole frames, for many sockets the same buffer, past ws's sender: so ws's own count of
	// what waits does not hold them, but they stay in order with its close frames and pings.
	writeFrames(frames: Uint8Array): number {
		return this.readyState === this.OPEN
			? writeFrames(this, frames)
			: bufferedBytesOf(this);
	}

	/** Not by ws, which makes a frame for each. */
	override ping(): void {
		this.writeFrames(PING_FRAME);
	}

	// By ws itself, too, for the peer's close frame or what breaks RFC 6455: what was said before
	// is answered before, though its turn is not over.
	override close(code?: number, reason?: string | Buffer): void {
		if (this.readyState === this.OPEN) this.#connection?.ending();
		super.close(code, reason);
	}

	/** Ends it, as it is about to end anyway, if its peer does not in time. */
	cutOff(milliseconds: number = this.#closeTimeout): void {
		const timer = setTimeout(() => this.terminate(), milliseconds).unref();
		this.once("close", () => clearTimeout(timer));
	}

	#own(limits: Limits, stream: Duplex): void {
		this.stream = stream;
		this.account = unfinishedAccountOf(limits);
		boundUnfinished(this);
		(stream as Joined)[OWNER] = this;
	}

	// ws answers a broken frame with a close frame of its own and then waits for the peer's.
	// Nothing may follow that frame, so for the router the connection ends here.
	#fail(connection: ConnectionHandle, error: Error): void {
		connection.closed(closeCodeOf(error));
		this.cutOff();
	}
}

const OWNER = Symbol("gateway WebSocket");

interface Joined extends Duplex {
	[OWNER]: GatewayWebSocket;
}

function onFinish(this: Duplex): void {
	(this as Joined)[OWNER].cutOff();
}

/** The close code that ws sends for an error of the peer's. */
function closeCodeOf({ code = "" }: Error & { code?: string }): number {
	// What cannot be inflated.
	if (code.startsWith("Z_")) return 1007;
	return CLOSE_CODES[code] ?? (code.startsWith("WS_ERR_") ? 1002 : 1006);
}

const NO_ROOM = "NO_ROOM";

class NoRoomError extends Error {
	readonly code = NO_ROOM;
}

const CLOSE_CODES: Readonly<Record<string, number>> = {
	[NO_ROOM]: CLOSE.busy.code,
	WS_ERR_INVALID_UTF8: 1007,
	WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
	WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
	WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
};
