/** The front door, as its hosts see it: what a gateway does, and what it needs of them. */

import type { EndReason, OrderHealth } from "../order/order.ts";
import type { Grant } from "../protocol/grant.ts";
import type { NodeId } from "../world/command.ts";
import type { WorldSnapshot } from "../world/snapshot.ts";
import type { Refresh } from "./connection.ts";
import type { ConnectionHandle } from "./connection-handle.ts";
import type { ShutdownOptions } from "./drain.ts";
import type { GatewayEvent } from "./events.ts";
import type { Host, Socket } from "./host.ts";
import type { Inspection } from "./inspect.ts";
import type { GatewayMeters } from "./meters.ts";
import type { Operating } from "./operating.ts";
import type { SnapshotBudget } from "./snapshot-budget.ts";
import type { GatewayStatus } from "./status.ts";
import type { TapListener } from "./tap.ts";

/** A hub that routes messages between the connections it is given. */
export interface Gateway extends Operating {
	/** Its name among all that share its world, and of no other ever. */
	readonly nodeId: NodeId;
	/**
	 * Puts a socket in. While the gateway shuts down, it is closed at once [SH1]; so it is where its
	 * grant has ended, or its token is revoked.
	 * @param refresh Judges another token that it shows. Without it, it can show none [AUTH6].
	 * @throws TypeError where the socket cannot take what its host makes.
	 */
	open(socket: Socket, grant?: Grant, refresh?: Refresh): ConnectionHandle;
	/** Who is connected, and what was counted [HTTP1]. */
	status(): GatewayStatus;
	/** Who is connected, one by one, and what is retained, for an operator who looks at it. */
	inspect(): Inspection;
	/**
	 * Reads along with all that happens in the world: what is routed, to one agent as well, and what the
	 * gateway tells. It changes nothing for anybody, and costs nothing while none is open. Returns what shuts it.
	 */
	tap(listener: TapListener): () => void;
	/** What is counted and kept, for those who watch it. Costs nothing until it is asked. */
	meters(): GatewayMeters;
	/** The largest message that is read, for the host to hold peers to [CON5]. */
	readonly maxPayload: number;
	/** What unfinished messages may take, all together, for the host to hold peers to [CON9]. */
	readonly maxUnfinishedBytes: number;
	/** Milliseconds for a peer to answer a close frame, for the host to cut it off [SLOW3]. */
	readonly closeTimeout: number;
	/** Milliseconds that broadcasts wait for each other at most, and so answers to upgrades [CON11]. */
	readonly flushWindow: number;
	/** Whether it writes compressed frames to sockets that take them, for the host to offer it [CMP1]. */
	readonly compresses: boolean;
	/**
	 * Whether `close` was called, its state broke, or its world went on without it. A host then refuses
	 * upgrades with 503 [SH1, ERR3, SH6].
	 */
	readonly draining: boolean;
	/** Whether it serves: it is not draining, nor behind [HTTP2]. */
	readonly ready: boolean;
	/** How what keeps its world fares; undefined where that is memory alone [HTTP1]. */
	readonly health: OrderHealth | undefined;
	/**
	 * Tells everyone, closes everyone, and resolves when all are gone. Once; later calls wait for
	 * the first. Rejects with a RangeError, and closes nobody, where an option is out of range. Where
	 * the world outlives the gateway it ends no session [SH3].
	 */
	close(options?: ShutdownOptions): Promise<void>;
	/**
	 * Tells everyone and closes everyone as `close` does, but ends nothing: resolves to the world, for
	 * a gateway that goes on with it (see `continueInMemory`). Undefined where the gateway's state broke,
	 * or `close` came first.
	 */
	handOver(options?: ShutdownOptions): Promise<WorldSnapshot | undefined>;
}

/** What `createGateway` needs besides the options. */
export interface GatewayHost extends Host {
	/** Where several gateways share what snapshots may take; else one has all of it for itself [SLOW4]. */
	readonly snapshotBudget?: SnapshotBudget;
	/**
	 * The world's name, as grants have it [WLD4].
	 * @default "default"
	 */
	readonly worldName?: string;
	/**
	 * Told that what a token allows is another thing from here on, or nothing; on each node. What it
	 * throws is dropped.
	 */
	onRegranted?(key: string, grant: Grant | null): void;
	/** Told what happens, for the log. What it throws is dropped. */
	onEvent?(event: GatewayEvent): void;
	/**
	 * Told once that the gateway's state is broken, by an error of its own: it has closed everyone
	 * with 1011 and serves no more, so its host ends it [ERR3]. What it throws is dropped.
	 */
	onBroken?(error: unknown): void;
	/**
	 * Told once that others share the world without this gateway: it has closed everyone with 1012 and
	 * serves no more. Its host makes another one that replaces its `nodeId`, or where the options are
	 * the reason, none [ORD13]. What it throws is dropped.
	 */
	onEnded?(reason: EndReason): void;
}
