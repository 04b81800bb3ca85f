/** The router: agents and viewers, one order, no socket library. */

import { createBacklog } from "./edge/backlog.ts";
import {
	closeConnection,
	closeTooSlow,
	connectionClosed,
	expireSession,
	pruneConnection,
} from "./edge/close.ts";
import { type Connection, createConnection } from "./edge/connection.ts";
import { drain, resolveShutdown, type ShutdownOptions } from "./edge/drain.ts";
import type { GatewayEvent } from "./edge/events.ts";
import { createFlusher } from "./edge/flusher.ts";
import { awaitRegistration, cutHere } from "./edge/greet.ts";
import { createHeartbeat } from "./edge/heartbeat.ts";
import type { Grant, Host, Socket } from "./edge/host.ts";
import { createOutbox } from "./edge/outbox.ts";
import { receive } from "./edge/receive.ts";
import { type GatewayStatus, readStatus } from "./edge/status.ts";
import type { Hub } from "./hub.ts";
import { type GatewayOptions, resolveOptions } from "./protocol/options.ts";
import { createLog } from "./world/broadcast-log.ts";
import { deliver } from "./world/deliver.ts";
import { settleReceipts } from "./world/receipts.ts";
import { createRegistry } from "./world/registry.ts";
import { createRetained } from "./world/retained.ts";
import { createSessions } from "./world/sessions.ts";

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
	/** What unfinished messages may take, all together, for the host to hold peers to [CON9]. */
	readonly maxUnfinishedBytes: number;
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
}

/**
 * Creates a gateway on a host's clock, timers and frame encoder.
 * @throws RangeError when an option is out of range.
 */
export function createGateway(
	host: GatewayHost,
	options?: GatewayOptions,
): Gateway {
	const hub = createHub(host, options);
	const startedAt = host.now();
	let closing: Promise<void> | undefined;
	return {
		maxPayload: hub.options.maxPayload,
		maxUnfinishedBytes: hub.options.maxUnfinishedBytes,
		closeTimeout: hub.options.closeTimeout,
		flushWindow: hub.options.flushWindow,
		compresses: host.compress !== undefined,
		open: (socket, grant = {}) => open(hub, socket, grant),
		status: () => readStatus(hub, startedAt),
		get draining() {
			return hub.draining !== undefined;
		},
		async close(given) {
			const shutdown = resolveShutdown(given);
			closing ??= drain(hub, shutdown);
			return closing;
		},
	};
}

function createHub(host: GatewayHost, given?: GatewayOptions): Hub {
	const options = resolveOptions(given);
	const tooSlow = (connection: Connection) => closeTooSlow(hub, connection);
	const backlog = createBacklog(host, { ...options, tooSlow });
	const outbox = createOutbox({
		write: backlog.write,
		tooSlow,
		broadcastWaits: (bytes) => flusher.broadcastWaits(bytes),
		directedWaits: (bytes) => flusher.directedWaits(bytes),
		compress: host.compress,
	});
	const flusher = createFlusher(host, options.flushWindow, outbox.flush);
	const log = createLog({
		maxBytes: options.maxLogBytes,
		deliver: (entry, position) => deliver(hub, entry, position),
	});
	const hub: Hub = {
		host,
		options,
		registry: createRegistry(),
		log,
		outbox,
		flusher,
		backlog,
		heartbeat: createHeartbeat(host, {
			interval: options.heartbeatInterval,
			lost: (connection) => pruneConnection(hub, connection),
		}),
		sessions: createSessions(host, {
			...options,
			log,
			expire: (session) => expireSession(hub, session),
			dropped: (exceptions) => settleReceipts(hub, exceptions, "dropped"),
		}),
		retained: createRetained({ ...options, compress: host.compress }),
		connections: new Set(),
		totals: createTotals(),
		draining: undefined,
		onEmpty: undefined,
		emit: (event) => emit(host, event),
	};
	return hub;
}

function open(hub: Hub, socket: Socket, grant: Grant): ConnectionHandle {
	const { host } = hub;
	const id = host.randomId();
	const release = hub.log.hold();
	const phase = { state: "new", release, ...cutHere(hub) } as const;
	const connection = createConnection(id, socket, grant, phase, host.now());
	hub.connections.add(connection);
	hub.heartbeat.add(connection);
	hub.emit({ event: "connected", connectionId: id });
	if (hub.draining) closeConnection(hub, connection, hub.draining);
	else awaitRegistration(hub, connection);
	return new Handle(hub, connection);
}

/** A class, since there is one for each connection: 40 bytes, where three closures took 272. */
class Handle implements ConnectionHandle {
	readonly #hub: Hub;
	readonly #connection: Connection;

	constructor(hub: Hub, connection: Connection) {
		this.#hub = hub;
		this.#connection = connection;
	}

	get id(): string {
		return this.#connection.id;
	}

	receive(payload: Uint8Array, isBinary: boolean): void {
		receive(this.#hub, this.#connection, payload, isBinary);
		this.#hub.flusher.relieve();
	}

	alive(): void {
		this.#connection.alive = true;
	}

	closed(code: number): void {
		connectionClosed(this.#hub, this.#connection, code);
	}
}

function createTotals(): Hub["totals"] {
	return {
		received: 0,
		broadcast: 0,
		directed: 0,
		undeliverable: 0,
		errors: 0,
		pruned: 0,
		tooSlow: 0,
	};
}

function emit(host: GatewayHost, event: GatewayEvent): void {
	try {
		host.onEvent?.(event);
	} catch {
		// A log that fails must not take a connection with it.
	}
}
