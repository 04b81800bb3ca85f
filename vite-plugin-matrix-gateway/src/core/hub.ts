/**
 * What one gateway is made of. In this folder nouns are parts, each with a state of its own
 * (registry, log, outbox, sessions, retained) or a shape that others share (envelope, options);
 * the `…ing` files are what is done with them: a message comes in by receiving, goes out by
 * routing and delivering, and connections live from arriving to ending. protocol and wire are
 * what clients see too; gateway puts the parts together, and host is all it needs from outside.
 */
import type { Backlog } from "./edge/backlog.ts";
import type { Connection } from "./edge/connection.ts";
import type { GatewayEvent } from "./edge/events.ts";
import type { Flusher } from "./edge/flusher.ts";
import type { Heartbeat } from "./edge/heartbeat.ts";
import type { Host } from "./edge/host.ts";
import type { Outbox } from "./edge/outbox.ts";
import type { ResolvedOptions } from "./protocol/options.ts";
import type { CloseStatus } from "./protocol/protocol.ts";
import type { Log } from "./world/broadcast-log.ts";
import type { Registry } from "./world/registry.ts";
import type { Retained } from "./world/retained.ts";
import type { Sessions } from "./world/sessions.ts";

/** What has been counted since the gateway was made. */
export interface Totals {
	/** Messages that came in, whatever became of them. */
	received: number;
	/** Messages that were routed to all. */
	broadcast: number;
	/** Messages that were routed to one agent. */
	directed: number;
	/** Messages whose target was not there [RT3]. */
	undeliverable: number;
	/** Messages that were refused, target_offline included [ERR1]. */
	errors: number;
	/** Connections that stopped answering [HB2]. */
	pruned: number;
	/** Connections that were closed with 4201 [SLOW1, SLOW2]. */
	tooSlow: number;
}

/** The parts of one gateway, for the functions that each do one thing with them. */
export interface Hub {
	readonly host: Host;
	readonly options: ResolvedOptions;
	readonly registry: Registry;
	readonly log: Log;
	readonly outbox: Outbox;
	readonly flusher: Flusher;
	readonly backlog: Backlog;
	readonly heartbeat: Heartbeat;
	readonly sessions: Sessions;
	readonly retained: Retained;
	/** Every connection whose socket is not closed. */
	readonly connections: Set<Connection>;
	readonly totals: Totals;
	/** The close that newcomers get, once the gateway shuts down [SH1]. */
	draining: CloseStatus | undefined;
	/** Called when the last connection is gone. */
	onEmpty: (() => void) | undefined;
	/** Tells the host; it never throws. */
	emit(event: GatewayEvent): void;
}

/** A frame as a connection takes it: compressed, where it is that [CMP1]. */
export function forWire(
	{ host }: Hub,
	{ socket }: Connection,
	frame: Uint8Array,
): Uint8Array {
	return host.compress && socket.compresses ? host.compress(frame) : frame;
}

/** Sends one connection a text, in the hub's order. */
export function tell(hub: Hub, to: Connection, text: string): void {
	hub.log.append({ frame: hub.host.encode(text), to });
}
