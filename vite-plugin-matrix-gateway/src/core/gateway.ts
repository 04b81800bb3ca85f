/** The front door: the three storeys put together. ARCHITECTURE.md has the way through them. */
import { createBacklog } from "./edge/backlog.ts";
import { type Closer, createCloser } from "./edge/close.ts";
import { type Connection, createConnection } from "./edge/connection.ts";
import { createConnections } from "./edge/connections.ts";
import {
	createDrainer,
	resolveShutdown,
	type ShutdownOptions,
} from "./edge/drain.ts";
import { createEffects } from "./edge/effects.ts";
import type { GatewayEvent } from "./edge/events.ts";
import { createFlusher, type Flusher } from "./edge/flusher.ts";
import { encoderOf, toWireSocket } from "./edge/framing.ts";
import { createHeartbeat } from "./edge/heartbeat.ts";
import type { Host, Socket } from "./edge/host.ts";
import { createNewcomers } from "./edge/newcomers.ts";
import { createOutbox } from "./edge/outbox.ts";
import { createReceiver, type Receiver } from "./edge/receive.ts";
import { createRegistrar } from "./edge/register.ts";
import { createRetainedBytes } from "./edge/retained-bytes.ts";
import { type GatewayStatus, readStatus } from "./edge/status.ts";
import { createTicker } from "./edge/ticker.ts";
import { createTotals } from "./edge/totals.ts";
import { createMemoryOrder } from "./order/memory.ts";
import type { CreateOrder } from "./order/order.ts";
import type { Grant } from "./protocol/grant.ts";
import { type GatewayOptions, resolveOptions } from "./protocol/options.ts";
import { CLOSE } from "./protocol/protocol.ts";
import type { Command } from "./world/command.ts";
import type { WorldState } from "./world/state.ts";
import { apply, applyEntry, createWorld } from "./world/world.ts";

/** One peer's connection, for the host that owns its socket. None of these throws. */
export interface ConnectionHandle {
	readonly id: string;
	/** Takes one message: the payload, which is not kept, and whether its frame was binary. */
	receive(payload: Uint8Array, isBinary: boolean): void;
	/** A pong came, or anything else that shows that the peer lives [HB2]. */
	alive(): void;
	/** The socket is gone. Later calls, and second ones, change nothing. */
	closed(code: number): void;
}

/** A hub that routes messages between the connections it is given. */
export interface Gateway {
	/** Puts a socket in. While the gateway shuts down, it is closed at once [SH1]. */
	open(socket: Socket, grant?: Grant): ConnectionHandle;
	/** Who is connected, and what was counted [HTTP1]. */
	status(): GatewayStatus;
	/** The largest message that is read, for the host to hold peers to [CON5]. */
	readonly maxPayload: number;
	/** Milliseconds for a peer to answer a close frame, for the host to cut it off [SLOW3]. */
	readonly closeTimeout: number;
	/** Milliseconds that broadcasts wait for each other, and so answers to upgrades [CON11]. */
	readonly flushWindow: number;
	/** Whether it writes compressed frames to sockets that take them, for the host to offer it [CMP1]. */
	readonly compresses: boolean;
	/** Whether `close` was called. A host then refuses upgrades with 503 [SH1]. */
	readonly draining: boolean;
	/**
	 * Tells everyone, closes everyone, and resolves when all are gone. Once; later calls wait for
	 * the first. Rejects with a RangeError, and closes nobody, where an option is out of range.
	 */
	close(options?: ShutdownOptions): Promise<void>;
}

/** What `createGateway` needs besides the options. */
export interface GatewayHost extends Host {
	/** Told what happens, for the log. What it throws is dropped. */
	onEvent?(event: GatewayEvent): void;
	/**
	 * Told that the gateway's state is broken: a command could not be applied. Everyone has been
	 * closed with 1011; the gateway serves no more, and its host ends it.
	 */
	onBroken?(error: unknown): void;
}

/**
 * Creates a gateway on a host's clock, timers and frame encoder.
 * @param createOrder What gives its commands their place. Default: this process's memory.
 * @throws RangeError when an option is out of range.
 */
export function createGateway(
	host: GatewayHost,
	given?: GatewayOptions,
	createOrder: CreateOrder = createMemoryOrder,
): Gateway {
	const options = resolveOptions(given);
	const node = host.randomId();
	const encode = encoderOf(host);
	const emit = (event: GatewayEvent) => emitTo(host, event);
	const connections = createConnections();
	const totals = createTotals();
	const append = (command: Command) => order.append(command);

	const backlog = createBacklog(host, {
		...options,
		tooSlow: (connection) => closer.closeTooSlow(connection),
	});
	const outbox = createOutbox({
		write: backlog.write,
		tooSlow: (connection) => closer.closeTooSlow(connection),
		broadcastWaits: (bytes) => flusher.broadcastWaits(bytes),
		directedWaits: (bytes) => flusher.directedWaits(bytes),
		compress: host.compress,
	});
	const heartbeat = createHeartbeat(host, {
		interval: options.heartbeatInterval,
		lost: (connection) => closer.prune(connection),
	});
	const ticker = createTicker({ host, node, world: () => world, append });
	const edge = { host, options, connections, totals, outbox, backlog, encode };
	const closer: Closer = createCloser({
		...{ ...edge, heartbeat, ticker, append, emit },
		closeTimeout: options.closeTimeout,
	});
	const effects = createEffects({
		...{ ...edge, node, closer, emit },
		newcomers: () => newcomers,
		world: () => world,
		waiting: ticker.watch,
		drained: () => drainer.drained(),
	});
	const world: WorldState = createWorld({
		options,
		codec: { encode, toUtf8: host.toUtf8 },
		effects,
	});
	const retainedBytes = createRetainedBytes(host.compress);
	const newcomers = createNewcomers({ ...edge, world, closer, retainedBytes });
	const register = createRegistrar({ host, world, newcomers, append });
	const receive = createReceiver({
		...{ ...edge, world, newcomers, closer, register, append },
	});
	const order = createOrder({
		id: node,
		applyCommand: (command) => apply(world, command, node),
		applyEntry: (entry) => applyEntry(world, entry),
	});
	const flusher = createFlusher(
		host,
		order.gathers ? 0 : options.flushWindow,
		outbox.flush,
	);
	const drainer = createDrainer({ ...edge, world, flusher, closer, append });
	const startedAt = host.now();
	let closing: Promise<void> | undefined;

	function open(socket: Socket, grant: Grant = {}): ConnectionHandle {
		const id = host.randomId();
		const release = world.log.hold();
		const connection = createConnection(
			id,
			toWireSocket(socket),
			grant,
			{ state: "new", release, ...newcomers.cutHere() },
			host.now(),
		);
		connections.add(connection);
		heartbeat.add(connection);
		emit({ event: "connected", connectionId: id });
		if (drainer.status) closer.close(connection, drainer.status);
		else newcomers.awaitRegistration(connection);
		return new Handle(connection, receiving);
	}

	const receiving = { receive, closer, flusher, fail };

	/** An error of ours costs the connection whose message it met, and nobody else [ERR3]. */
	function fail(connection: Connection, error: unknown): void {
		totals.failed++;
		emit({ event: "failed", connectionId: connection.id, error });
		closer.close(connection, CLOSE.internalError);
	}

	return {
		maxPayload: options.maxPayload,
		closeTimeout: options.closeTimeout,
		flushWindow: options.flushWindow,
		compresses: host.compress !== undefined,
		open,
		status: () => readStatus({ ...edge, world }, startedAt, !!drainer.status),
		get draining() {
			return drainer.status !== undefined;
		},
		async close(given) {
			const shutdown = resolveShutdown(given);
			closing ??= drainer.drain(shutdown).finally(() => {
				ticker.stop();
				return order.close();
			});
			return closing;
		},
	};
}

/** What a connection's handle does its work with. */
interface Receiving {
	readonly receive: Receiver;
	readonly closer: Closer;
	readonly flusher: Flusher;
	fail(connection: Connection, error: unknown): void;
}

/** A class, since there is one for each connection: 40 bytes, where three closures took 272. */
class Handle implements ConnectionHandle {
	readonly #connection: Connection;
	readonly #receiving: Receiving;

	constructor(connection: Connection, receiving: Receiving) {
		this.#connection = connection;
		this.#receiving = receiving;
	}

	get id(): string {
		return this.#connection.id;
	}

	receive(payload: Uint8Array, isBinary: boolean): void {
		const { receive, flusher, fail } = this.#receiving;
		try {
			receive(this.#connection, payload, isBinary);
			flusher.relieve();
		} catch (error) {
			fail(this.#connection, error);
		}
	}

	alive(): void {
		this.#connection.alive = true;
	}

	closed(code: number): void {
		this.#receiving.closer.closed(this.#connection, code);
	}
}

function emitTo(host: GatewayHost, event: GatewayEvent): void {
	try {
		host.onEvent?.(event);
	} catch {
		// A log that fails must not take a connection with it.
	}
}
